"""A container with rights of root that it was given."""

from collections.abc import Iterator

from mlgen.body import list_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="added-capability",
    title="A container with rights of root that it was given",
    why=(
        "Capabilities such as SYS_ADMIN or NET_ADMIN are as good as root on the node. Namespaces refuse those "
        "that their level does not name."
    ),
    bad="securityContext: {capabilities: {add: [SYS_ADMIN]}}",
    good="securityContext: {capabilities: {drop: [ALL]}}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)

BASELINE = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID "
    "SYS_CHROOT".split()
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Beyond what the level `baseline` allows; `restricted` allows NET_BIND_SERVICE only."""
    for path, container in containers.every(pod):
        added = list_at(container, "securityContext", "capabilities", "add")
        for index, name in enumerate(added):
            if isinstance(name, str) and _refused(name.removeprefix("CAP_"), setting):
                message = f"{containers.called(container)} is given the capability {code(name)}"
                yield Fault((*path, "securityContext", "capabilities", "add", index), RULE.id, message, "remove it")


def _refused(name: str, setting: Setting) -> bool:
    if name not in BASELINE:
        return standard.applies("baseline", setting)
    return name != "NET_BIND_SERVICE" and setting.offer is not None and standard.applies("restricted", setting)
