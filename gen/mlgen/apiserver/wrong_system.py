"""Fields of one operating system in a pod of the other."""

from collections.abc import Iterator

from mlgen.body import at, map_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import Pod
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="wrong-system",
    title="A pod for one operating system has a field of the other",
    why="The API server refuses a pod whose `os` is windows and that sets what only Linux has, or the other way round.",
    bad="os: {name: windows}\nsecurityContext: {runAsUser: 1000}",
    good="os: {name: windows}\nsecurityContext: {windowsOptions: {runAsUserName: ContainerUser}}",
    source="kubernetes/pkg/apis/core/validation: validateLinux, validateWindows; KEP-2802",
)
OF_WINDOWS = ("windowsOptions",)
OF_LINUX = (
    "appArmorProfile seLinuxOptions seccompProfile fsGroup fsGroupChangePolicy sysctls runAsUser runAsGroup "
    "supplementalGroups supplementalGroupsPolicy"
).split()
OF_LINUX_CONTAINER = (
    "appArmorProfile seLinuxOptions seccompProfile capabilities readOnlyRootFilesystem privileged "
    "allowPrivilegeEscalation procMount runAsUser runAsGroup"
).split()
# A pod's own fields, and what they may say all the same.
OF_LINUX_POD = {"hostUsers": None, "shareProcessNamespace": None, "hostPID": False, "hostIPC": False}


def check(pod: Pod) -> Iterator[Fault]:
    """The security contexts of a pod that says its system."""
    system = at(pod.spec, "os", "name")
    if system not in ("linux", "windows"):
        return
    windows = system == "windows"
    for field, harmless in OF_LINUX_POD.items() if windows else ():
        if pod.spec.get(field) not in (None, harmless):
            yield _fault((*pod.path, field), field, "windows")
    for field in OF_LINUX if windows else OF_WINDOWS:
        if map_at(pod.spec, "securityContext").get(field) not in (None, []):
            yield _fault((*pod.path, "securityContext", field), field, str(system))
    for path, container in pod.containers():
        context = map_at(container, "securityContext")
        for field in OF_LINUX_CONTAINER if windows else OF_WINDOWS:
            if context.get(field) is not None:
                yield _fault((*path, "securityContext", field), field, str(system))


def _fault(path: Path, field: str, system: str) -> Fault:
    return Fault(path, RULE.id, f"a pod for {system} cannot have {code(field)}", "take it away, or change `os`")
