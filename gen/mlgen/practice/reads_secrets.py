"""A role that reads every secret."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, maps_at
from mlgen.gathered import Setting
from mlgen.practice import rights
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="reads-secrets",
    title="A role that reads every secret",
    why="Without names it is all secrets of the namespace, tokens of other accounts among them.",
    bad='rules: [{apiGroups: [""], resources: [secrets], verbs: [get, list]}]',
    good='rules: [{apiGroups: [""], resources: [secrets], resourceNames: [warehouse], verbs: [get]}]',
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    severity="warning",
    ignorable=True,
)

READING = frozenset(("get", "list", "watch"))


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """Reading secrets without their names."""
    for path, rule in maps_at(body, "rules"):
        found = list_at(rule, "resources")
        if "secrets" in found and not rule.get("resourceNames") and rights.any_of(rule, READING):
            where = (*path, "resources", found.index("secrets"))
            yield Fault(where, RULE.id, "this role may read every secret", "name them in `resourceNames`", "warning")
