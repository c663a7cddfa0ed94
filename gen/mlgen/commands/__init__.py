"""The commands, one module each: plain arguments in, an exit code out."""

FINE, PROBLEMS, FAILED = 0, 1, 2
