"""Times and amounts as specs write them -> numbers."""

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def seconds(text: str) -> int:
    """``90s``, ``10m``, ``6h``, ``2d`` in seconds; the schema has checked the form."""
    return int(text[:-1]) * SECONDS[text[-1]]
