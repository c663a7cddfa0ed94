"""A Secret that objects refer to and that nobody makes."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-secret",
    title="A Secret that an object refers to is not there",
    why="The pods stay in CreateContainerConfigError or ContainerCreating, and pulls and mounts fail, until somebody "
    "makes it.",
    bad="envFrom: [{secretRef: {name: wandb-tokn}}]",
    good="envFrom: [{secretRef: {name: wandb-token}}]",
    source="kubernetes.io, concepts/configuration/secret",
)
KINDS = ("Secret",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
