"""A Service, or a port of it, that requests are sent to and that is not there."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.body import Body, at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.links.dangling import help_for, missing
from mlgen.node import Json, Path
from mlgen.pods import pods
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="no-such-service",
    title="A Service, or a port of it, that an object refers to is not there",
    why="Requests are answered with 503 or 500, and pods are not found by their names.",
    bad="backendRefs: [{name: serve, port: 80}]               # the Service has the port 8501",
    good="backendRefs: [{name: serve, port: 8501}]",
    source="kubernetes.io, concepts/services-networking/ingress; gateway-api.sigs.k8s.io, BackendRef; StatefulSet, "
    "serviceName",
)
ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")


class Backend(NamedTuple):
    """A Service that is referred to at ``path``, and the port at ``port_path``: a number, a name, or None."""

    name: str
    path: Path
    port: Json = None
    port_path: Path = ()
    namespace: str = ""


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every backend of Ingresses and routes, and the Services that pods are named by."""
    for subject, body in enumerate(objects.bodies):
        told: set[tuple[str, str]] = set()
        here = text_at(body, "metadata", "namespace")
        for backend in backends(body):
            namespace = backend.namespace or here
            found = objects.made("Service", backend.name, namespace)
            if found:
                yield from _port(subject, backend, found[0][0], objects)
            elif (namespace, backend.name) not in told and not setting.has("Service", backend.name, namespace):
                told.add((namespace, backend.name))
                message = missing("Service", namespace, backend.name, here)
                hint = help_for("Service", namespace, backend.name, here, objects=objects, setting=setting)
                yield Finding(subject, Fault(backend.path, RULE.id, message, hint))


def backends(body: Body) -> Iterator[Backend]:
    """Every Service that an object names."""
    kind = text_at(body, "kind")
    if kind == "Ingress":
        yield from _of_ingress(body)
    elif kind in ROUTES:
        yield from _of_route(body)
    elif kind == "StatefulSet" and (name := text_at(body, "spec", "serviceName")):
        yield Backend(name, ("spec", "serviceName"))
    elif "." not in text_at(body, "apiVersion").partition("/")[0]:  # operators make the Services of their own pods
        for pod in pods(body):
            if name := text_at(pod.spec, "subdomain"):
                yield Backend(name, (*pod.path, "subdomain"))


def _of_ingress(body: Body) -> Iterator[Backend]:
    holders: list[Path] = [("spec", "defaultBackend")]
    for path, rule in maps_at(body, "spec", "rules"):
        holders += [(*path, *inner, "backend") for inner, _ in maps_at(rule, "http", "paths")]
    for holder in holders:
        service = map_at(body, *holder, "service")
        if name := text_at(service, "name"):
            port = map_at(service, "port")
            key = "number" if "number" in port else "name"
            yield Backend(name, (*holder, "service", "name"), port.get(key), (*holder, "service", "port", key))


def _of_route(body: Body) -> Iterator[Backend]:
    for path, rule in maps_at(body, "spec", "rules"):
        found = [((*path, *inner), one) for inner, one in maps_at(rule, "backendRefs")]
        for inner, step in maps_at(rule, "filters"):
            mirrored: Path = ("requestMirror", "backendRef")
            found.append(((*path, *inner, *mirrored), map_at(step, *mirrored)))
        for where, one in found:
            if one.get("kind", "Service") == "Service" and not one.get("group") and (name := text_at(one, "name")):
                namespace = text_at(one, "namespace")
                yield Backend(name, (*where, "name"), one.get("port"), (*where, "port"), namespace)


def _port(subject: int, backend: Backend, index: int, objects: Gathered) -> Iterator[Finding]:
    """The port, where the Service itself is here and says which it has."""
    service = objects.bodies[index]
    ports = [port for _, port in maps_at(service, "spec", "ports")]
    if service.get("kind") != "Service" or backend.port is None or not ports:
        return
    key = "name" if isinstance(backend.port, str) else "port"
    having = [port[key] for port in ports if key in port]
    if backend.port not in having:
        called = "port named" if key == "name" else "port"
        message = f"the Service {code(backend.name)} has no {called} {code(backend.port)}"
        hint = did_you_mean(str(backend.port), [str(one) for one in having]) or "correct the port"
        related = ((index, ("spec", "ports"), "its ports"),)
        path = backend.port_path if at(objects.bodies[subject], *backend.port_path) is not None else backend.path
        yield Finding(subject, Fault(path, RULE.id, message, hint), related)
