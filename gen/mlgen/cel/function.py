"""A function of Kubernetes' CEL library: its name, and what each form of it takes and gives.

Opaque values (a quantity, an address, a URL, a version) travel as bytes, which nothing else in a manifest is: the
checker then refuses to mix them with text, and equal ones are equal because their bytes are canonical.
"""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

Type = Literal[
    "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null", "timestamp", "duration", "dyn"
]
ANY: tuple[Type, ...] = (
    "bool",
    "int",
    "uint",
    "double",
    "string",
    "bytes",
    "list",
    "map",
    "null",
    "timestamp",
    "duration",
)


class Form(NamedTuple):
    """One form: ``takes`` begins, for a member, with what it is called on."""

    takes: tuple[Type, ...]
    gives: Type
    does: Callable[..., Any]
    member: bool = True


class Function(NamedTuple):
    """``name`` with all its forms; no two take the same."""

    name: str
    forms: tuple[Form, ...]


def stated(name: str, takes: tuple[Type, ...], gives: Type, does: Callable[..., Any]) -> Function:
    """A function of one form that is called by its name alone."""
    return Function(name, (Form(takes, gives, does, member=False),))


def member(name: str, takes: tuple[Type, ...], gives: Type, does: Callable[..., Any]) -> Function:
    """A function of one form that is called on a value."""
    return Function(name, (Form(takes, gives, does),))
