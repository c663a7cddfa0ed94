"""A storage class that claims ask for and that the cluster may not have."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-storage-class",
    title="A StorageClass that a claim asks for is not there",
    why="Nothing provisions the claim: it and every pod that mounts it stay Pending.",
    bad="storageClassName: premium",
    good="storageClassName: managed-csi-premium",
    source="kubernetes.io, concepts/storage/storage-classes",
)
KINDS = ("StorageClass",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
