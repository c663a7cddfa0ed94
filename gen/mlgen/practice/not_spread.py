"""Several pods of a server that may stand on one node."""

from collections.abc import Iterator

from mlgen.body import map_at
from mlgen.gathered import Gathered, Setting
from mlgen.practice import containers, selected
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="not-spread",
    title="Several pods of a server that may stand on one node",
    why="When that node goes, all of them go.",
    bad="replicas: 2",
    good=(
        "topologySpreadConstraints: [{maxSkew: 1, topologyKey: topology.kubernetes.io/zone, "
        "whenUnsatisfiable: ScheduleAnyway, ...}]"
    ),
    source="https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    severity="warning",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """A Deployment or StatefulSet with ports and more than one pod, and neither spread nor anti-affinity."""
    for index, pod, least in selected.scaled(objects):
        if least < 2 or pod.spec.get("topologySpreadConstraints") or map_at(pod.spec, "affinity", "podAntiAffinity"):
            continue
        if next(containers.servers(pod), None) is not None:
            message = f"all {least} pods may stand on one node"
            fault = Fault(pod.path, RULE.id, message, "write `topologySpreadConstraints`", "warning")
            yield Finding(index, fault)
