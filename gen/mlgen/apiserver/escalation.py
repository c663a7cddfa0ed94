"""A container that must not gain rights and has them all."""

from collections.abc import Iterator

from mlgen.body import Body, list_at
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="escalation",
    title="A privileged container that must not escalate its privileges",
    why="A privileged container can do everything, so `allowPrivilegeEscalation: false` contradicts it; the API server "
    "refuses the pod.",
    bad="securityContext: {privileged: true, allowPrivilegeEscalation: false}",
    good="securityContext: {allowPrivilegeEscalation: false}",
    source="kubernetes/pkg/apis/core/validation: ValidateSecurityContext",
)


def check(pod: Pod, path: Path, container: Body) -> Iterator[Fault]:
    """`allowPrivilegeEscalation: false` against what gives privileges; `Unmasked` against the node's users."""
    context = container.get("securityContext")
    if not isinstance(context, dict):
        return
    where = (*path, "securityContext")
    if context.get("allowPrivilegeEscalation") is False:
        if context.get("privileged") is True:
            message = "a privileged container cannot be kept from escalating its privileges"
            hint = "take `privileged` or `allowPrivilegeEscalation: false` away"
            yield Fault((*where, "allowPrivilegeEscalation"), RULE.id, message, hint)
        if "CAP_SYS_ADMIN" in list_at(context, "capabilities", "add"):
            message = "a container with `CAP_SYS_ADMIN` cannot be kept from escalating its privileges"
            hint = "take the capability or `allowPrivilegeEscalation: false` away"
            yield Fault((*where, "allowPrivilegeEscalation"), RULE.id, message, hint)
    if context.get("procMount") == "Unmasked" and pod.spec.get("hostUsers") is not False:
        message = "`Unmasked` needs `hostUsers: false` in the pod"
        yield Fault((*where, "procMount"), RULE.id, message, "set `hostUsers: false`, or leave `procMount` away")
