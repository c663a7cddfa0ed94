"""What a team's pipeline runs and what `mlgen init --ci` writes: shell scripts and templates, no Python."""
