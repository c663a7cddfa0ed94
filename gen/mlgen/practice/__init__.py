"""Objects that a cluster takes and that will do harm all the same: good practice, one module a rule.

Each fault has the severity that it has in an environment; where nobody said which, all of them are warnings.
"""

from collections.abc import Iterator
from typing import Protocol

from mlgen.gathered import Gathered, Setting
from mlgen.problem import Finding
from mlgen.rules.rule import Rule


class PracticeRule(Protocol):
    """A rule of good practice."""

    RULE: Rule

    def check(self, objects: Gathered, setting: Setting, /) -> Iterator[Finding]:
        """What ought not to be so in ``objects``."""


PRACTICE: tuple[PracticeRule, ...] = ()

RULES: tuple[Rule, ...] = tuple(rule.RULE for rule in PRACTICE)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Yield what ought not to be so."""
    for rule in PRACTICE:
        yield from rule.check(objects, setting)
