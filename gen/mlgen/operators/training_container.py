"""A role of a training job has no container of the name that the operator looks for."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at
from mlgen.faults.case import code
from mlgen.operators.training import framework, replicas
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="training-container",
    title="A training job's container has not the name that the operator looks for",
    why="The Training Operator finds the container that trains by its name, and refuses a job where a role has none.",
    bad="containers: [{name: main, image: ...}]",
    good="containers: [{name: tensorflow, image: ...}]",
    source="kubeflow/training-operator v1.9, pkg/webhooks: ValidateReplicaSpecs",
)


def check(body: Body) -> Iterator[Fault]:
    """The containers of each role."""
    wanted = framework(body).container
    for role, path, said in replicas(body):
        found = list(maps_at(said, "template", "spec", "containers"))
        if not wanted or not found or any(one.get("name") == wanted for _, one in found):
            continue
        alone = len(found) == 1 and "name" in found[0][1]
        where = (*path, *found[0][0], "name") if alone else (*path, "template", "spec", "containers")
        message = f"no container of {code(role)} is called {code(wanted)}"
        yield Fault(where, RULE.id, message, f"call the one that trains `name: {wanted}`")
