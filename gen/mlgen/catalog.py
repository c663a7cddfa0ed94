"""Every rule that mlgen reports, by its id, with what is behind it."""

from itertools import chain, pairwise

from mlgen import apiserver, checks, links, operators, practice, updates
from mlgen.rules import (
    building,
    ignoring,
    importing,
    kubernetes,
    native,
    native_access,
    native_pods,
    own,
    ownership,
    policy,
    publishing,
    reading,
    releasing,
    resolving,
    risks,
    schema,
    template,
)
from mlgen.rules.rule import Rule

GROUPS: tuple[tuple[Rule, ...], ...] = (
    reading.RULES,
    schema.RULES,
    template.RULES,
    resolving.RULES,
    building.RULES,
    checks.RULES,
    kubernetes.RULES,
    native.RULES,
    native_access.RULES,
    native_pods.RULES,
    apiserver.RULES,
    operators.RULES,
    links.RULES,
    practice.RULES,
    updates.RULES,
    ignoring.RULES,
    own.RULES,
    policy.RULES,
    ownership.RULES,
    importing.RULES,
    releasing.RULES,
    publishing.RULES,
    risks.RULES,
)


def merged(groups: tuple[tuple[Rule, ...], ...]) -> dict[str, Rule]:
    """All rules by id, in order of id; two stages may keep one rule. Raises ValueError for two rules of one id."""
    rules = sorted(set(chain.from_iterable(groups)))
    for one, other in pairwise(rules):
        if one.id == other.id:
            raise ValueError(f"the rule id {one.id} is used twice")
    return {rule.id: rule for rule in rules}


RULES: dict[str, Rule] = merged(GROUPS)
