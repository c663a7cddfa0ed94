"""A ClusterQueue that Kueue refuses, or that admits nothing."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="cluster-queue",
    title="A ClusterQueue that Kueue refuses, or that admits nothing",
    why="Each flavor states a quota for each resource of its group, in the same order; a resource or flavor is in one "
    "group. Without a namespace selector a queue admits from nowhere.",
    bad="coveredResources: [cpu, memory]\nflavors: [{name: default, resources: [{name: memory, nominalQuota: 1Ti}]}]",
    good="coveredResources: [cpu]\nflavors: [{name: default, resources: [{name: cpu, nominalQuota: 64}]}]",
    source="kueue v0.19, pkg/webhooks/clusterqueue_webhook.go: ValidateClusterQueue, and the CRD's rules",
)
GROUPS: Path = ("spec", "resourceGroups")
LIMITS = ("nominalQuota", "borrowingLimit", "lendingLimit")


def check(body: Body) -> Iterator[Fault]:
    """Groups, quotas, preemption."""
    spec = map_at(body, "spec")
    resources: set[str] = set()
    flavors: set[str] = set()
    for path, group in maps_at(spec, "resourceGroups"):
        covered = [name for name in list_at(group, "coveredResources") if isinstance(name, str)]
        for index, name in enumerate(covered):
            if name in resources:
                where = ("spec", *path, "coveredResources", index)
                yield Fault(where, RULE.id, f"{code(name)} is covered twice", "a resource is in one group")
            resources.add(name)
        for where, flavor in maps_at(group, "flavors"):
            place, name = ("spec", *path, *where), text_at(flavor, "name")
            if name and name in flavors:
                yield Fault(
                    (*place, "name"), RULE.id, f"the flavor {code(name)} is there twice", "a flavor is in one group"
                )
            flavors.add(name)
            yield from _quotas(flavor, covered, place)
    if spec and "namespaceSelector" not in spec:
        message = "without `namespaceSelector` no namespace may use this queue"
        yield Fault(("spec",), RULE.id, message, "add `namespaceSelector: {}` for all", "warning")
    preemption = map_at(spec, "preemption")
    borrow = text_at(preemption, "borrowWithinCohort", "policy")
    if preemption.get("reclaimWithinCohort", "Never") == "Never" and borrow not in ("", "Never"):
        message = "a queue that reclaims nothing from its cohort cannot borrow by preemption"
        yield Fault(("spec", "preemption", "borrowWithinCohort"), RULE.id, message, "set `reclaimWithinCohort`")
    if spec and not spec.get("cohort") and not spec.get("cohortName"):
        yield from _borrowing(spec)


def _quotas(flavor: Body, covered: list[str], path: Path) -> Iterator[Fault]:
    stated = [text_at(one, "name") for _, one in maps_at(flavor, "resources")]
    if stated != covered and len(stated) == len(list_at(flavor, "resources")):
        message = f"the group covers {_listed(covered)}, and this flavor states {_listed(stated)}"
        where = (*path, "resources") if "resources" in flavor else path
        yield Fault(where, RULE.id, message, "state a quota for each, in the same order")
    for where, one in maps_at(flavor, "resources"):
        for field in LIMITS:
            amount = quantity(one.get(field))
            if amount is not None and amount < 0:
                yield Fault(
                    (*path, *where, field), RULE.id, f"{code(field)} cannot be {code(one[field])}", "write 0 or more"
                )


def _borrowing(spec: Body) -> Iterator[Fault]:
    for path, group in maps_at(spec, "resourceGroups"):
        for where, flavor in maps_at(group, "flavors"):
            for place, one in maps_at(flavor, "resources"):
                if one.get("borrowingLimit") is not None:
                    at = ("spec", *path, *where, *place, "borrowingLimit")
                    yield Fault(
                        at,
                        RULE.id,
                        "a queue without a cohort has nobody to borrow from",
                        "remove it, or name the cohort",
                    )


def _listed(names: list[str]) -> str:
    return ", ".join(code(name) for name in names) or "nothing"
