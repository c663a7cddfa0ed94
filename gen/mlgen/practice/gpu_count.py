"""A number of GPUs that divides no node."""

from collections.abc import Iterator

from mlgen.body import map_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="gpu-count",
    title="A number of GPUs that divides no node",
    why=(
        "Nodes have 1, 2, 4 or 8 GPUs: three of them leave one that nobody can use, and topologies such as "
        "NVLink are made for powers of two."
    ),
    bad="limits: {nvidia.com/gpu: 3}",
    good="limits: {nvidia.com/gpu: 4}",
    source="https://docs.nvidia.com/datacenter/cloud-native/gpu-operator/latest/index.html",
    severity="warning",
    ignorable=True,
)

USUAL = frozenset((1, 2, 4, 8, 16))


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """What is none of 1, 2, 4, 8 and 16; parts of a GPU may be any number."""
    for path, container in containers.main(pod):
        for name, count in containers.gpus(container).items():
            if count not in USUAL and name.endswith("/gpu"):
                side = "limits" if name in map_at(container, "resources", "limits") else "requests"
                message = f"{code(str(count))} GPUs of one node leave some that nobody can use"
                where = (*path, "resources", side, name)
                yield Fault(where, RULE.id, message, "ask for 1, 2, 4 or 8", "warning")
