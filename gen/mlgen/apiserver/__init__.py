"""What an API server refuses beyond what schemas can say: fields that must agree, one module a rule.

A rule says nothing where a value has not the shape of its field: the schema does.
"""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.apiserver import request_over_limit
from mlgen.body import Body
from mlgen.pods import Pod, named, pods
from mlgen.problem import Fault
from mlgen.rules.rule import Rule


class PodRule(Protocol):
    """A rule about a pod, whatever makes it."""

    RULE: Rule

    def check(self, pod: Pod, /) -> Iterator[Fault]:
        """What is wrong with ``pod``; paths are those of the whole object."""


class ObjectRule(Protocol):
    """A rule about objects of some kinds."""

    RULE: Rule

    def check(self, body: Body, /) -> Iterator[Fault]:
        """What is wrong with ``body``."""


POD: tuple[PodRule, ...] = (request_over_limit,)
# By "apps/v1 Deployment"; what every object has to keep is under "".
OBJECT: Mapping[str, tuple[ObjectRule, ...]] = {"": ()}

RULES: tuple[Rule, ...] = tuple(
    dict.fromkeys([*(rule.RULE for rule in POD), *(rule.RULE for rules in OBJECT.values() for rule in rules)])
)


def check(body: Body) -> Iterator[Fault]:
    """Yield what is wrong with an object of any kind, in itself."""
    for rule in (*OBJECT[""], *OBJECT.get(named(body), ())):
        yield from rule.check(body)
    for pod in pods(body):
        for pod_rule in POD:
            yield from pod_rule.check(pod)
