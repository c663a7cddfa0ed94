"""A ConfigMap that objects refer to and that nobody makes."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-config-map",
    title="A ConfigMap that an object refers to is not there",
    why="The pods stay in CreateContainerConfigError or ContainerCreating until somebody makes it.",
    bad="volumes: [{name: conf, configMap: {name: triton}}]",
    good="volumes: [{name: conf, configMap: {name: triton-models}}]",
    source="kubernetes.io, concepts/configuration/configmap",
)
KINDS = ("ConfigMap",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
