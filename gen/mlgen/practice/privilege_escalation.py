"""A container that may get more rights than it was started with."""

from collections.abc import Iterator

from mlgen.body import map_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="privilege-escalation",
    title="A container that may get more rights than it was started with",
    why=("A program with the setuid bit makes a user root. Namespaces of the level `restricted` refuse the pod."),
    bad="securityContext: {}",
    good="securityContext: {allowPrivilegeEscalation: false}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """Not false; what is privileged has said worse."""
    if not standard.applies("restricted", setting) or standard.windows(pod.spec):
        return
    for path, container in containers.every(pod):
        context = map_at(container, "securityContext")
        if context.get("allowPrivilegeEscalation") is not False and context.get("privileged") is not True:
            message = f"{containers.called(container)} may get more rights than it was started with"
            where = containers.nearest_to(container, path, "securityContext")
            if context.get("allowPrivilegeEscalation") is True:
                where = (*where, "allowPrivilegeEscalation")
            yield Fault(where, RULE.id, message, "write `allowPrivilegeEscalation: false`")
