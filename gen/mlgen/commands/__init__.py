"""The commands, one module each: plain arguments in, an exit code out."""

FINE, PROBLEMS, FAILED = 0, 1, 2


class UsageError(Exception):
    """The command cannot run as it was called: why, and what to do about it if that is known."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}: {hint}" if hint else message)


def counted(number: int, noun: str) -> str:
    """ "1 file", "2 files"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
