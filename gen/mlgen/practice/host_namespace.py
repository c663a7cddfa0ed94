"""A pod that shares a namespace of its node."""

from collections.abc import Iterator, Mapping

from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="host-namespace",
    title="A pod that shares a namespace of its node",
    why=(
        "With the node's network, processes or memory a pod sees those of all others. Namespaces below the "
        "level `privileged` refuse the pod; RDMA without device plugins is the usual reason to allow it."
    ),
    bad="hostNetwork: true",
    good="hostNetwork: false",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)

SHARED: Mapping[str, str] = {"hostNetwork": "network", "hostPID": "processes", "hostIPC": "shared memory"}


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """`hostNetwork`, `hostPID` and `hostIPC`."""
    for key, noun in SHARED.items():
        if pod.spec.get(key) is True and standard.applies("baseline", setting):
            yield Fault((*pod.path, key), RULE.id, f"the pod sees the {noun} of its node", f"remove {code(key)}")
