"""What objects refer to -> what is not there: rules about several objects together, one module a rule."""

from collections.abc import Iterator
from typing import Protocol

from mlgen.gathered import Gathered, Setting
from mlgen.problem import Finding
from mlgen.rules.rule import Rule


class LinkRule(Protocol):
    """A rule about objects together."""

    RULE: Rule

    def check(self, objects: Gathered, setting: Setting, /) -> Iterator[Finding]:
        """What is wrong between ``objects``."""


LINKS: tuple[LinkRule, ...] = ()

RULES: tuple[Rule, ...] = tuple(rule.RULE for rule in LINKS)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Yield what is wrong between ``objects``."""
    for rule in LINKS:
        yield from rule.check(objects, setting)
