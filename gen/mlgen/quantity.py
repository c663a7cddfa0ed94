"""Times and amounts as specs write them -> numbers."""

from fractions import Fraction

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
BINARY = ("", "Ki", "Mi", "Gi", "Ti", "Pi")
DECIMAL = ("", "k", "M", "G", "T", "P")


def seconds(text: str) -> int:
    """``90s``, ``10m``, ``6h``, ``2d`` in seconds; the schema has checked the form."""
    return int(text[:-1]) * SECONDS[text[-1]]


def half(text: str) -> str:
    """Half of an amount of memory such as ``32Gi`` or ``1.5G``, in whole units: ``16Gi``, ``750M``.

    The schema has checked the form. What no unit can halve evenly comes out in bytes.
    """
    number, step, units, unit = _parted(text)
    wanted = number / 2
    for smaller in reversed(units[: units.index(unit) + 1]):
        if wanted.denominator == 1:
            return f"{wanted}{smaller}"
        wanted *= step
    return str(int(wanted / step))


def amount(text: str) -> Fraction:
    """An amount of memory in bytes; the schema has checked the form."""
    number, step, units, unit = _parted(text)
    return number * Fraction(step ** units.index(unit))


def cores(text: str) -> Fraction:
    """Processor cores as ``2``, ``0.5`` or ``500m``; the schema has checked the form."""
    return Fraction(text[:-1]) / 1000 if text.endswith("m") else Fraction(text)


def _parted(text: str) -> tuple[Fraction, int, tuple[str, ...], str]:
    number = text.rstrip("KMGTPik")
    unit = text[len(number) :]
    return Fraction(number), *((1024, BINARY) if unit.endswith("i") else (1000, DECIMAL)), unit
