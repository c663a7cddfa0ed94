"""The replicas of a job of Kubeflow's Training Operator -> how many pods of which sort."""

from mlgen.imports.form import duration
from mlgen.imports.source import whole
from mlgen.node import Node, Path

POLICY: Path = ("spec", "runPolicy")
SAYS = {(*POLICY, "activeDeadlineSeconds"): ("timeout", duration)}
# Where the plain Job that one pod becomes says the same.
MOVED: dict[Path, Path] = {
    (*POLICY, key): ("spec", key) for key in ("activeDeadlineSeconds", "backoffLimit", "suspend")
}


def number(body: Node, roles: Path, role: str) -> int:
    """How many pods of a sort there are: one where nothing says how many."""
    if body.find(*roles, role) is None:
        return 0
    found = whole(body, *roles, role, "replicas")
    return 1 if found is None else found
