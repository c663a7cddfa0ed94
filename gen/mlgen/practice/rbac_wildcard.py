"""A role for everything."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, maps_at
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="rbac-wildcard",
    title="A role for everything",
    why="Whoever gets into a pod with such rights has them too, and those for kinds that do not exist yet.",
    bad='rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]',
    good='rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]',
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    severity="warning",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """A star among the groups, the resources or the verbs of a rule; one place a rule."""
    for path, rule in maps_at(body, "rules"):
        for key in ("verbs", "resources", "apiGroups"):
            if "*" in (found := list_at(rule, key)):
                where = (*path, key, found.index("*"))
                yield Fault(where, RULE.id, f"this role may use all {WORDS[key]}", f"list the {WORDS[key]}", "warning")
                break


WORDS = {"verbs": "verbs", "resources": "resources", "apiGroups": "API groups"}
