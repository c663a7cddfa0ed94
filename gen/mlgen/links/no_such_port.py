"""A port's name that no container has."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.labelled import Labelled
from mlgen.links.selection import candidates, selected
from mlgen.links.selects_nothing import selector_of, services
from mlgen.node import Path
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="no-such-port",
    title="A port is named that is not there",
    why="A probe that names it never succeeds, a Service has no endpoint for it, and a monitor scrapes nothing.",
    bad="ports: [{name: http, containerPort: 8501}]\nreadinessProbe: {httpGet: {path: /, port: web}}",
    good="ports: [{name: http, containerPort: 8501}]\nreadinessProbe: {httpGet: {path: /, port: http}}",
    source="kubernetes/pkg/probe: ResolveContainerPort; pkg/api/v1/pod: FindPort; prometheus-operator, endpoints",
)
PROBES = ("livenessProbe", "readinessProbe", "startupProbe")
HOOKS = ("postStart", "preStop")
HANDLERS = ("httpGet", "tcpSocket")
TARGET_OF_A_SERVICE = "targetPort"


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Ports that probes, Services and monitors name, where everything that may have them is here."""
    for subject, pod in objects.pods:
        for path, container in pod.containers():
            yield from _of_container(subject, path, container)
    for subject, body in objects.of("Service"):
        for path, port in maps_at(body, "spec", "ports"):
            if name := text_at(port, TARGET_OF_A_SERVICE):
                yield from _of_pods(subject, (*path, TARGET_OF_A_SERVICE), name, _behind(body, objects))
    for subject, body in objects.of("PodMonitor"):
        for path, endpoint in maps_at(body, "spec", "podMetricsEndpoints"):
            if name := text_at(endpoint, "port"):
                yield from _of_pods(subject, (*path, "port"), name, _behind(body, objects))
    for subject, body in objects.of("ServiceMonitor"):
        yield from _of_services(subject, body, objects)


def _of_container(subject: int, path: Path, container: Body) -> Iterator[Finding]:
    """A probe looks among the ports of its own container."""
    names = _names(container)
    holders: list[Path] = [(probe,) for probe in PROBES] + [("lifecycle", hook) for hook in HOOKS]
    for holder in holders:
        for handler in HANDLERS:
            name = text_at(container, *holder, handler, "port")
            if name and not name.isdigit() and name not in names:
                message = f"the container has no port named {code(name)}"
                yield Finding(subject, _fault((*path, *holder, handler, "port"), message, name, names))


def _of_pods(subject: int, path: Path, name: str, behind: list[Labelled]) -> Iterator[Finding]:
    """One of the pods behind it must have the port; of pods with unknown containers nobody can tell."""
    known = [one.pod for one in behind if one.pod is not None]
    names = [port for pod in known for _, container in pod.containers() for port in _names(container)]
    if behind and len(known) == len(behind) and name not in names:
        message = f"no container behind this has a port named {code(name)}"
        related = ((behind[0].body, (*known[0].path, "containers"), "its containers"),)
        yield Finding(subject, _fault(path, message, name, names), related)


def _of_services(subject: int, monitor: Body, objects: Gathered) -> Iterator[Finding]:
    """A ServiceMonitor names ports of the Services that it selects."""
    if map_at(monitor, "spec", "namespaceSelector"):
        return
    here = text_at(monitor, "metadata", "namespace")
    found = selected(selector_of(monitor), here, services(objects))
    names = [text_at(port, "name") for one in found for _, port in maps_at(objects.bodies[one.body], "spec", "ports")]
    for path, endpoint in maps_at(monitor, "spec", "endpoints") if found else ():
        name = text_at(endpoint, "port")
        if name and name not in names and all(one.labels is not None for one in found):
            message = f"no Service that this selects has a port named {code(name)}"
            related = ((found[0].body, ("spec", "ports"), "its ports"),)
            yield Finding(subject, _fault((*path, "port"), message, name, names), related)


def _behind(body: Body, objects: Gathered) -> list[Labelled]:
    selector, namespaces = selector_of(body), map_at(body, "spec", "namespaceSelector")
    if not any(selector.values()) or namespaces:
        return []
    return selected(selector, text_at(body, "metadata", "namespace"), candidates(selector, objects))


def _names(container: Body) -> list[str]:
    return [name for _, port in maps_at(container, "ports") if (name := text_at(port, "name"))]


def _fault(path: Path, message: str, name: str, names: list[str]) -> Fault:
    return Fault(path, RULE.id, message, did_you_mean(name, names) or "name a port that is there, or write its number")
