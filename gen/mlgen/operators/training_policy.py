"""A word in a training job that the operator does not know, and passes over or stumbles on."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.training import replicas
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="training-policy",
    title="A policy of a training job that its operator does not know",
    why="The CRDs take any text there. An unknown clean-up policy deletes all pods, an unknown restart policy makes "
    "pods that the API server refuses, an unknown manager is refused.",
    bad="runPolicy: {cleanPodPolicy: Succeeded}",
    good="runPolicy: {cleanPodPolicy: Running}",
    source="kubeflow/training-operator v1.9, pkg/apis/kubeflow.org/v1/common_types.go, pkg/controller.v1/common, "
    "pkg/util: ValidateRunPolicy",
)
WORDS: Mapping[Path, tuple[str, ...]] = {
    ("spec", "runPolicy", "cleanPodPolicy"): ("None", "Running", "All"),
    ("spec", "runPolicy", "managedBy"): ("kubeflow.org/training-operator", "kueue.x-k8s.io/multikueue"),
    ("spec", "cleanPodPolicy"): ("None", "Running", "All"),
}
RESTART = ("Always", "OnFailure", "Never", "ExitCode")
SUCCESS: Path = ("spec", "successPolicy")


def check(body: Body) -> Iterator[Fault]:
    """Every policy that has a few words."""
    for path, words in WORDS.items():
        yield from _unknown(body, path, words)
    for _, path, _ in replicas(body):
        yield from _unknown(body, (*path, "restartPolicy"), RESTART)
    if named(body) == "kubeflow.org/v1 TFJob":
        yield from _unknown(body, SUCCESS, ("AllWorkers",))


def _unknown(body: Body, path: Path, words: tuple[str, ...]) -> Iterator[Fault]:
    value = at(body, *path)
    if isinstance(value, str) and value and value not in words:
        yield Fault(path, RULE.id, f"{code(path[-1])} cannot be {code(value)}", did_you_mean(value, words))
