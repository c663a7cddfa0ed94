"""A container that may run as root."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.gathered import Setting
from mlgen.pods import Pod
from mlgen.practice import containers, standard
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="runs-as-root",
    title="A container that may run as root",
    why=(
        "A hole in it is then one in the node, and the files that it writes belong to root. Namespaces of the "
        "level `restricted` refuse the pod."
    ),
    bad="securityContext: {runAsUser: 0}",
    good="securityContext: {runAsNonRoot: true, runAsUser: 1000}",
    source="https://kubernetes.io/docs/concepts/security/pod-security-standards/",
    severity="error",
    ignorable=True,
)


def check(pod: Pod, setting: Setting) -> Iterator[Fault]:
    """The user 0, or nothing that says `runAsNonRoot`; a container's own word counts before the pod's."""
    if not standard.applies("restricted", setting) or standard.windows(pod.spec):
        return
    whole = map_at(pod.spec, "securityContext")
    if whole.get("runAsUser") == 0 and not isinstance(whole["runAsUser"], bool):
        yield Fault((*pod.path, "securityContext", "runAsUser"), RULE.id, "the pod runs as root", "write another user")
        return
    said = [(path, container, _said(container, whole)) for path, container in containers.every(pod)]
    if all(text == "silent" for *_, text in said):
        message = "nothing keeps the pod from running as root"
        where = containers.nearest_to(pod.spec, pod.path, "securityContext")
        if said:
            yield Fault(where, RULE.id, message, "write `securityContext: {runAsNonRoot: true}`")
        return
    for path, container, text in said:
        where = containers.nearest_to(container, path, "securityContext")
        if text in ("runAsUser", "runAsNonRoot"):
            yield Fault((*where, text), RULE.id, f"{containers.called(container)} may run as root", "remove it")
        elif text == "silent":
            message = f"nothing keeps {containers.called(container)} from running as root"
            yield Fault(where, RULE.id, message, "write `runAsNonRoot: true`")


def _said(container: Body, whole: Body) -> str:
    """The key that makes a container root; "silent" where nothing forbids it; "" where it is forbidden."""
    own = map_at(container, "securityContext")
    if own.get("runAsUser") == 0 and not isinstance(own["runAsUser"], bool):
        return "runAsUser"
    if own.get("runAsNonRoot") is False:
        return "runAsNonRoot"
    return "" if own.get("runAsNonRoot", whole.get("runAsNonRoot")) is True else "silent"
