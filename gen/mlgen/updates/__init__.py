"""An object before and after -> what the API server refuses as an update of it: fields that cannot change."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.body import Body
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.updates import (
    claim_update,
    immutable_data,
    immutable_field,
    job_update,
    pod_update,
    service_update,
    stateful_set_update,
)


class UpdateRule(Protocol):
    """A rule about a changed object."""

    RULE: Rule

    def check(self, before: Body, after: Body, /) -> Iterator[Fault]:
        """What is wrong with ``after`` as an update of ``before``; paths are those of ``after``."""


# By "batch/v1 Job".
UPDATES: Mapping[str, tuple[UpdateRule, ...]] = {
    **dict.fromkeys(immutable_field.FIXED, (immutable_field,)),
    "apps/v1 StatefulSet": (stateful_set_update,),
    "batch/v1 Job": (immutable_field, job_update),
    "v1 Pod": (pod_update,),
    "v1 PersistentVolumeClaim": (claim_update,),
    "v1 ConfigMap": (immutable_data,),
    "v1 Secret": (immutable_field, immutable_data),
    "v1 Service": (service_update,),
}

RULES: tuple[Rule, ...] = tuple(dict.fromkeys(rule.RULE for rules in UPDATES.values() for rule in rules))


def check(before: Body, after: Body) -> Iterator[Fault]:
    """Yield what is wrong with ``after`` as an update of ``before``, an object of the same name."""
    for rule in UPDATES.get(named(after), ()):
        yield from rule.check(before, after)
