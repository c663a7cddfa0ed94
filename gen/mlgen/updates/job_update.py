"""What a Job cannot change: its pods, and how many it takes."""

from collections.abc import Iterator

from mlgen.body import Body, at, map_at
from mlgen.node import Json
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.sameness import changed, same

RULE = Rule(
    id="job-update",
    title="A Job changes its pods, or how many of them it takes",
    why="The API server refuses the update, and a GitOps controller tries it again for ever. A Job is one run; another "
    "image is another run.",
    bad="image before: train:1.9.2, after: train:1.9.3",
    good="another Job, named by its content, as mlgen names runs",
    source="kubernetes/pkg/apis/batch/validation: ValidateJobSpecUpdate, validatePodTemplateUpdate, "
    "validateCompletions; KEP-2926, KEP-3715",
)
HINT = "give the Job another name, or delete it first"
# What a suspended Job may change of its pods, for a queue that chooses their nodes.
SCHEDULING = ("nodeSelector", "tolerations", "schedulingGates")


def check(before: Body, after: Body) -> Iterator[Fault]:
    """The template and the completions."""
    old, new = map_at(before, "spec", "template"), map_at(after, "spec", "template")
    if at(before, "spec", "suspend") is True:
        old, new = _without_scheduling(old), _without_scheduling(new)
    if not same(old, new):
        where = changed(after, ("spec", "template"), old, new)
        yield Fault(where, RULE.id, "a Job cannot change its pods", HINT)
    was, now = at(before, "spec", "completions"), at(after, "spec", "completions")
    if was == now:
        return
    elastic = at(after, "spec", "completionMode") == "Indexed" and now == at(after, "spec", "parallelism")
    if not elastic and _alone(before, was) != _alone(after, now):
        where = changed(after, ("spec", "completions"), was, now)
        message = "a Job cannot change its `completions`"
        hint = "an Indexed Job can, if `parallelism` is the same number" if _indexed(after) else HINT
        yield Fault(where, RULE.id, message, hint)


def _indexed(body: Body) -> bool:
    return at(body, "spec", "completionMode") == "Indexed"


def _alone(body: Body, completions: Json) -> Json:
    """The completions, which are 1 by default where `parallelism` is not said either."""
    return 1 if completions is None and at(body, "spec", "parallelism") is None else completions


def _without_scheduling(template: Body) -> Body:
    spec = {key: value for key, value in map_at(template, "spec").items() if key not in SCHEDULING}
    affinity = {key: value for key, value in map_at(spec, "affinity").items() if key != "nodeAffinity"}
    metadata = {
        key: value for key, value in map_at(template, "metadata").items() if key not in ("labels", "annotations")
    }
    return {**template, "metadata": metadata, "spec": {**spec, "affinity": affinity}}
