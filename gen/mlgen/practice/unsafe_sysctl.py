"""A setting of the kernel that is not the pod's own."""

from collections.abc import Iterator

from mlgen.body import maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="unsafe-sysctl",
    title="A setting of the kernel that is not the pod's own",
    why=(
        "It changes the node for all pods, and kubelets refuse it unless they are told otherwise: the pod "
        "does not start."
    ),
    bad='sysctls: [{name: kernel.msgmax, value: "65536"}]',
    good='sysctls: [{name: net.ipv4.ip_local_port_range, value: "1024 65535"}]',
    source="https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/",
    severity="error",
    ignorable=True,
)

SAFE = frozenset(
    "kernel.shm_rmid_forced net.ipv4.ip_local_port_range net.ipv4.ip_unprivileged_port_start net.ipv4.tcp_syncookies "
    "net.ipv4.ping_group_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_keepalive_time net.ipv4.tcp_fin_timeout "
    "net.ipv4.tcp_keepalive_intvl net.ipv4.tcp_keepalive_probes net.ipv4.tcp_rmem net.ipv4.tcp_wmem".split()
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """What is not among the safe ones."""
    for path, sysctl in maps_at(pod.spec, "securityContext", "sysctls"):
        name = text_at(sysctl, "name").replace("/", ".")
        if name and name not in SAFE and standard.applies("baseline", setting):
            message = f"{code(name)} is no setting of the pod's own"
            yield Fault((*pod.path, *path, "name"), RULE.id, message, "remove it, or let the node set it")
