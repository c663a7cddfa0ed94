"""A disruption budget that lets no pod go."""

from collections.abc import Iterator

from mlgen.body import Body, at
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="blocked-drain",
    title="A disruption budget that lets no pod go",
    why=(
        "No node with such a pod can be drained: upgrades of the cluster stand still until somebody deletes "
        "the budget or the pod."
    ),
    bad="spec: {maxUnavailable: 0}",
    good="spec: {maxUnavailable: 1}",
    source="https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
    severity="warning",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """None may be missing, or all must be there."""
    for key, closed in (("maxUnavailable", (0, "0", "0%")), ("minAvailable", ("100%",))):
        said = at(body, "spec", key)
        if said in closed and not isinstance(said, bool):
            message = f"with `{key}: {said}` no pod may ever be evicted"
            yield Fault(("spec", key), RULE.id, message, "write `maxUnavailable: 1`", "warning")
