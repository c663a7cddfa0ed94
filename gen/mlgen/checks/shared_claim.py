"""Replicas of one server that all mount one claim for writing."""

from collections.abc import Iterator

from mlgen.demand import pods_at_a_time
from mlgen.pod import named_in
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="shared-claim",
    title="Replicas of one server that all mount one claim for writing",
    why="Most disks can be written on one node only: replicas on other nodes would wait for the claim for ever. And "
    "where they can, the replicas are one program, and write the same files.",
    bad="data: {cache: {claim: cache, access: write}}\nserve: {kind: serving, data: [cache], replicas: {min: 2}}",
    good="data: {cache: {scratch: 10Gi}}\nserve: {kind: serving, data: [cache], replicas: {min: 2}}",
    source="kubernetes.io, Persistent Volumes, Access Modes",
)


def check(workload: Workload) -> Iterator[Problem]:
    """A warning for each claim that more than one pod of a server may write: whose claim it is, mlgen does not see."""
    pods = pods_at_a_time(workload.spec)
    for used in named_in(workload, "data") if "replicas" in workload.spec and pods > 1 else ():
        entry = workload.data.get(said(used))
        access = entry.get("access") if entry is not None and "claim" in entry else None
        if access is not None and access.value == "write":
            message = f"up to {pods} pods of `{workload.name}` write the claim of `{said(used)}`, on several nodes"
            hint = "let it be read (`access: read`), or give each pod its own: `{claim: null, scratch: SIZE}`"
            yield Problem(RULE.id, used.span, message, hint, "warning", ((access.span, "it may be written"),))
