"""The machine -> how many processes of it may run at once."""

import os


def count() -> int:
    """How many processors this process may use; 1 where it cannot be doubled."""
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
