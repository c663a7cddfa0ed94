"""The reference platform's environments, shipped with the program: what `mlgen init` writes."""
