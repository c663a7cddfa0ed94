"""Rows of pods, each with a role -> a JobSet, whose pods all find each other by name.

Each row is an indexed Job, tried again and ended as the Jobs of a plain cluster are: the JobSet has no deadline, and
one that restarts all of its Jobs would give each of them its time anew. A row that fails ends the run.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from mlgen import gang, peers, runs
from mlgen.kinds import training
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pod import Pod
from mlgen.runs import VARIABLE
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made

API_VERSION = "jobset.x-k8s.io/v1alpha2"


class Row(NamedTuple):
    """``number`` equal pods, which the others know by ``role``."""

    role: str
    number: Node | Made
    pod: Pod


Rows = Callable[[Mapping[str, Draft]], Sequence[Row]]


def run(workload: Workload, rows: Rows, ends: Draft = None) -> Object:
    """The JobSet: over when all rows are, or the one that ``ends`` names; the others are removed then."""

    def spec(env: Mapping[str, Draft]) -> Mapping[str, Draft]:
        return {
            "successPolicy": {"operator": "All", "targetReplicatedJobs": [ends]} if ends is not None else None,
            "replicatedJobs": [replicated(workload, row) for row in rows(env)],
        }

    return runs.run(workload, API_VERSION, "JobSet", spec)


def replicated(workload: Workload, row: Row) -> Draft:
    """One row as the JobSet has it."""
    spec: Draft = {
        **peers.row(workload, row.number),
        "activeDeadlineSeconds": training.deadline(workload),
        "template": row.pod.template,
    }
    notes = gang.job_notes(workload, row.number)
    return {"name": row.role, "template": {**({"metadata": {"annotations": notes}} if notes else {}), "spec": spec}}


def host(workload: Workload, role: str, index: int) -> Made:
    """How all pods of the run reach one; for variables after the run's own name.

    A JobSet's Jobs are called after it, the role and their number among those of the role, which is always 0 here; the
    Service that resolves the names of their pods is called as the JobSet is.
    """
    return made(f"$({VARIABLE})-{role}-0-{index}.$({VARIABLE})", workload.key)
