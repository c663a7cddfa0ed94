"""The kinds of workload, and for each the modules that build it, by the back-end an environment chooses."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.kinds import job, notebook, serving
from mlgen.objects import Object
from mlgen.site import Workload
from mlgen.trace import said


class Backend(Protocol):
    """A module that builds one kind of workload."""

    def build(self, workload: Workload) -> Iterator[Object]:
        """Every object of ``workload``. Raises MlgenError where the environment does not offer what it needs."""


# The first back-end of a kind is the one a plain cluster has.
KINDS: Mapping[str, Mapping[str, Backend]] = {
    "job": {"job": job},
    "notebook": {"statefulset": notebook},
    "serving": {"deployment": serving},
}


def build(workload: Workload) -> Iterator[Object]:
    """Every object of ``workload``, by the back-end that its environment chose."""
    chosen = said(workload.site.offer["platform"][workload.kind])
    return KINDS[workload.kind][chosen].build(workload)
