"""An account that pods run as, or that is given rights, and that nobody makes."""

from collections.abc import Iterator

from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import dangling
from mlgen.problem import Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="no-such-account",
    title="A ServiceAccount that an object refers to is not there",
    why="The API server refuses every pod that names it; a binding gives its rights to nobody.",
    bad="serviceAccountName: trainr",
    good="serviceAccountName: trainer",
    source="kubernetes/plugin/pkg/admission/serviceaccount",
)
KINDS = ("ServiceAccount",)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every reference to one that neither is among the objects nor is said to exist."""
    return dangling(RULE.id, KINDS, objects, setting)
