"""What each rule means: the pages of `mlgen rule`. `mlgen.catalog` has them all."""
