"""A controller selects other pods than it makes."""

from collections.abc import Iterator

from mlgen.body import Body, at, map_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import TEMPLATES, named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.selection import misses

RULE = Rule(
    id="selector-mismatch",
    title="A controller does not select the pods that it makes",
    why="The API server refuses it: the controller would make pods for ever and never find them.",
    bad="selector: {matchLabels: {app: churn}}\ntemplate: {metadata: {labels: {app: chrun}}}",
    good="selector: {matchLabels: {app: churn}}\ntemplate: {metadata: {labels: {app: churn}}}",
    source="kubernetes/pkg/apis/apps/validation: ValidateDeploymentSpec, ValidatePodTemplateSpecForReplicaSet, "
    "ValidateStatefulSetSpec, ValidateDaemonSetSpec; core/validation: ValidatePodTemplateSpecForRC",
)


def check(body: Body) -> Iterator[Fault]:
    """A workload's selector against its template's labels. A Job makes both, unless it says `manualSelector`."""
    kind = named(body)
    selector, template = at(body, "spec", "selector"), at(body, "spec", "template")
    if not isinstance(selector, dict) or not isinstance(template, dict):
        return
    if kind == "batch/v1 Job" and at(body, "spec", "manualSelector") is not True:
        return
    if kind == "v1 ReplicationController":
        selector = {"matchLabels": selector}  # an empty one is made of the template's labels
    labels, path = map_at(template, "metadata", "labels"), (*TEMPLATES[kind], "metadata", "labels")
    for miss in misses(selector, labels):
        said = f"the template's label is {code(labels[miss.key])}" if miss.key in labels else "the template has it not"
        message = f"the selector wants {miss.wants}, and {said}"
        yield Fault(_place(body, path, miss.key), RULE.id, message, "make the label and the selector agree")


def _place(body: Body, path: Path, key: str) -> Path:
    """The label, or the innermost map on the way to it."""
    if key in map_at(body, *path):
        return (*path, key)
    while not isinstance(at(body, *path), dict):
        path = path[:-1]
    return path
