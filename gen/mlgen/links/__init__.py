"""What objects refer to -> what is not there: rules about several objects together, one module a rule."""

from collections.abc import Iterator
from typing import Protocol

from mlgen.gathered import Gathered, Setting
from mlgen.links import (
    claim_of_two,
    gpus_per_node,
    name_too_long,
    no_such_account,
    no_such_claim,
    no_such_config_map,
    no_such_gateway,
    no_such_key,
    no_such_port,
    no_such_priority_class,
    no_such_queue,
    no_such_role,
    no_such_runtime_class,
    no_such_secret,
    no_such_secret_store,
    no_such_service,
    no_such_storage_class,
    no_such_target,
    no_such_volume,
    not_headless,
    over_quota,
    same_handle,
    same_route,
    selects_nothing,
    too_many_gpus,
    two_autoscalers,
    two_writers,
    unsized_in_quota,
    volume_mismatch,
)
from mlgen.problem import Finding
from mlgen.rules.rule import Rule


class LinkRule(Protocol):
    """A rule about objects together."""

    RULE: Rule

    def check(self, objects: Gathered, setting: Setting, /) -> Iterator[Finding]:
        """What is wrong between ``objects``."""


LINKS: tuple[LinkRule, ...] = (
    no_such_secret,
    no_such_config_map,
    no_such_key,
    no_such_claim,
    no_such_volume,
    no_such_account,
    no_such_role,
    no_such_storage_class,
    no_such_queue,
    no_such_priority_class,
    no_such_runtime_class,
    no_such_gateway,
    no_such_secret_store,
    no_such_service,
    no_such_target,
    no_such_port,
    selects_nothing,
    not_headless,
    volume_mismatch,
    same_handle,
    two_writers,
    claim_of_two,
    two_autoscalers,
    same_route,
    name_too_long,
    gpus_per_node,
    too_many_gpus,
    over_quota,
    unsized_in_quota,
)

# What follows from an object that is not there: of part of a project, nothing of that can be said.
MISSING = frozenset(rule.RULE.id for rule in LINKS if rule.RULE.id.startswith("no-such-")) | {selects_nothing.RULE.id}
# And of that, what may be elsewhere in the cluster, if nobody said which: not what something here lacks.
ELSEWHERE = MISSING - {no_such_key.RULE.id, no_such_port.RULE.id}

RULES: tuple[Rule, ...] = tuple(rule.RULE for rule in LINKS)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Yield what is wrong between ``objects``."""
    for rule in LINKS:
        yield from rule.check(objects, setting)
