"""An object in the namespace `default`."""

from collections.abc import Iterator

from mlgen.body import Body, at
from mlgen.gathered import Setting
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="default-namespace",
    title="An object in the namespace `default`",
    why=(
        "It has no quota, no limits and no network policy of its own, and whatever names no namespace lands "
        "there as well."
    ),
    bad="metadata: {name: train, namespace: default}",
    good="metadata: {name: train, namespace: ml-churn-dev}",
    source="kube-linter, use-namespace",
    severity="error",
    ignorable=True,
)


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """It says so; one that says no namespace goes where kubectl, Argo CD or Flux is told."""
    if at(body, "metadata", "namespace") == "default":
        message = "this goes into the namespace `default`"
        yield Fault(("metadata", "namespace"), RULE.id, message, "give the project a namespace of its own")
