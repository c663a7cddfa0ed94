"""A template that a workflow runs, and that is not there."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-template",
    title="The WorkflowTemplate that a workflow runs is not there",
    why="The workflow fails before its first step: `workflowtemplates not found`.",
    bad="workflowTemplateRef: {name: trian}",
    good="workflowTemplateRef: {name: train}",
    source="argoproj/argo-workflows, workflow/validate",
)
KINDS = (
    "WorkflowTemplate",
    "ClusterWorkflowTemplate",
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
