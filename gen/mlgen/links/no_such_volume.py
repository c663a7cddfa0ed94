"""A volume that a claim names and that nobody makes."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-volume",
    title="A PersistentVolume that a claim names is not there",
    why="The claim stays Pending for ever, and every pod that mounts it: a claim that names its volume takes no other.",
    bad="volumeName: blob-features-1",
    good="volumeName: blob-features",
    source="kubernetes/pkg/controller/volume/persistentvolume: syncUnboundClaim",
)
KINDS = ("PersistentVolume",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
