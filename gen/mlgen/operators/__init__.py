"""What operators' webhooks and controllers refuse, or never act on, one module a rule: offline, from their sources.

A rule says nothing where a value has not the shape of its field: the schema does.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.body import Body
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule


class OperatorRule(Protocol):
    """A rule about objects of some kinds."""

    RULE: Rule

    def check(self, body: Body, /) -> Iterator[Fault]:
        """What is wrong with ``body``."""


# By "kubeflow.org/v1 TFJob".
OPERATORS: Mapping[str, tuple[OperatorRule, ...]] = {}

RULES: tuple[Rule, ...] = tuple(dict.fromkeys(rule.RULE for rules in OPERATORS.values() for rule in rules))


def check(body: Body) -> Iterator[Fault]:
    """Yield what an operator has against ``body``."""
    for rule in OPERATORS.get(named(body), ()):
        yield from rule.check(body)
