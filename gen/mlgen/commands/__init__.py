"""The commands, one module each: plain arguments in, an exit code out."""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

FINE, PROBLEMS, FAILED = 0, 1, 2


class UsageError(Exception):
    """The command cannot run as it was called: why, and what to do about it if that is known."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(f"{message}: {hint}" if hint else message)


class Call(NamedTuple):
    """A command that is to run: a function of the module ``module`` of this package, and what it is given."""

    module: str
    function: str
    given: Sequence[object]
    options: Mapping[str, object]

    def run(self) -> int:
        """Run it; the exit code."""
        command = import_module(f"{__name__}.{self.module}")
        code: int = getattr(command, self.function)(*self.given, **self.options)
        return code


def call(name: str, *given: object, **options: object) -> Call:
    """The command of that ``name``, "lint"; or another function of its module, "render.check"."""
    module, _, function = name.partition(".")
    return Call(module, function or module, given, options)


def counted(number: int, noun: str) -> str:
    """ "1 file", "2 files"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
