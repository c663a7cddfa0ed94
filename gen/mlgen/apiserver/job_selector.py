"""A Job that selects its pods by itself."""

from collections.abc import Iterator

from mlgen.batch import jobs
from mlgen.body import Body
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="job-selector",
    title="A Job says which pods are its own",
    why="Kubernetes makes the selector, of the Job's own identity. The API server refuses another one, and a CronJob "
    "with any: all its Jobs would share their pods.",
    bad="kind: Job\nspec: {selector: {matchLabels: {app: train}}, ...}",
    good="kind: Job\nspec: {...}",
    source="kubernetes/pkg/apis/batch/validation: validateGeneratedSelector, ValidateJobTemplateSpec",
)


def check(body: Body) -> Iterator[Fault]:
    """The selector of every Job that the object makes."""
    alone = body.get("kind") == "Job"
    for path, spec in jobs(body):
        manual = spec.get("manualSelector")
        if not alone and manual is True:
            message = "the Jobs of a CronJob cannot select their pods by themselves"
            yield Fault((*path, "manualSelector"), RULE.id, message, "take it away")
        elif spec.get("selector") is not None and manual is not True:
            yield Fault((*path, "selector"), RULE.id, "Kubernetes makes a Job's selector", "take it away")
