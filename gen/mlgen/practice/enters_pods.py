"""A role that runs commands in pods."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, maps_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.practice import rights
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="enters-pods",
    title="A role that runs commands in pods",
    why="Who may do that has all that the pods have: their accounts, their secrets and their data.",
    bad='rules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]',
    good='rules: [{apiGroups: [""], resources: [pods/log], verbs: [get]}]',
    source="https://kubernetes.io/docs/concepts/security/rbac-good-practices/",
    severity="warning",
    ignorable=True,
)

ENTERING = frozenset(("create", "get"))
WAYS = ("pods/exec", "pods/attach")


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """`pods/exec` and `pods/attach`, one place a rule."""
    for path, rule in maps_at(body, "rules"):
        found = list_at(rule, "resources")
        way = next((way for way in WAYS if way in found), None)
        if way is not None and rights.any_of(rule, ENTERING):
            message = f"this role may enter pods with {code(way)}"
            hint = "give it to people for a while, not to accounts of workloads"
            yield Fault((*path, "resources", found.index(way)), RULE.id, message, hint, "warning")
