"""What must be found in an object -> the same with the names that only wire its parts together as mlgen gives them.

A container's name, a port's, and what refers to that port: nobody outside of the object knows them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from mlgen.body import Body, at, list_at, map_at, maps_at, number_at, text_at
from mlgen.imports.hidden import with_value
from mlgen.imports.source import text, whole
from mlgen.node import Json, Node, Path

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
GROUPS: tuple[Path, ...] = (("spec", "rayClusterSpec", "workerGroupSpecs"),)
HANDLERS = ("httpGet", "tcpSocket")


def aligned(wanted: Node, built: Json, pods: Iterable[Path]) -> Node:
    """``wanted`` with the first container of each pod, and the ports of a Service, called as in ``built``."""
    for pod in pods:
        first = (*pod, "containers", 0)
        container, other = wanted.find(*first), map_at(built, *first)
        if container is not None and other:
            wanted = _volumes(wanted, pod, {path: name for path, name in _mounted(other) if path and name})
            container = wanted.nearest(first)
            wanted = with_value(wanted, first, _container(container, other))
    for groups in GROUPS:
        one, theirs = wanted.find(*groups, 0, "groupName"), text_at(built, *groups, 0, "groupName")
        if one is not None and theirs and wanted.find(*groups, 1) is None:
            wanted = with_value(wanted, (*groups, 0, "groupName"), replace(one, value=theirs))
    ports = wanted.find("spec", "ports")
    if ports is not None and len(ports.items) == 1 and len(list_at(built, "spec", "ports")) == 1:
        place = ("spec", "ports", 0)
        wanted = with_value(wanted, place, _service_port(ports.items[0], map_at(built, *place)))
    return wanted


def _container(container: Node, built: Body) -> Node:
    """The container with mlgen's names for it and for its ports."""
    names = {number_at(port, "containerPort"): text_at(port, "name") for _, port in maps_at(built, "ports")}
    ports = container.get("ports")
    known: dict[Json, Json] = {}  # the names and numbers by which the container's own ports are referred to
    if ports is not None:
        only = len(ports.items) == 1 and len(names) == 1
        items = [_port(port, next(iter(names.values())) if only else None, names, known) for port in ports.items]
        container = with_value(container, ("ports",), replace(ports, value=items))
    for probe in PROBES:
        for handler in HANDLERS:
            port = container.find(probe, handler, "port")
            if port is not None and _hashable(port) in known:
                container = with_value(container, (probe, handler, "port"), replace(port, value=_text(known, port)))
    name = container.get("name")
    return container if name is None else with_value(container, ("name",), replace(name, value=str(built["name"])))


def _mounted(container: Body) -> Iterator[tuple[str, str]]:
    """Where a container mounts which volume."""
    for _, mount in maps_at(container, "volumeMounts"):
        yield text_at(mount, "mountPath"), text_at(mount, "name")


def _volumes(wanted: Node, pod: Path, theirs: Mapping[str, str]) -> Node:
    """The pod with the volumes that its first container mounts called as mlgen calls what it mounts there."""
    containers = (*pod, "containers")
    mounts = wanted.find(*containers, 0, "volumeMounts")
    ours = [(text(mount, "mountPath"), text(mount, "name")) for mount in (mounts.items if mounts is not None else [])]
    names = {name: theirs[path] for path, name in ours if path in theirs and name}
    taken = {name for _, name in ours} - names.keys()
    names = {old: new for old, new in names.items() if old != new and new not in taken}
    if not names or len({*names.values()}) < len(names):
        return wanted
    for index, _ in enumerate(wanted.nearest(containers).items):
        place = (*containers, index, "volumeMounts")
        listed = wanted.find(*place)
        if listed is not None:
            wanted = with_value(wanted, place, replace(listed, value=[_renamed(item, names) for item in listed.items]))
    listed = wanted.find(*pod, "volumes")
    if listed is None:
        return wanted
    return with_value(wanted, (*pod, "volumes"), replace(listed, value=[_renamed(one, names) for one in listed.items]))


def _renamed(item: Node, names: Mapping[str, str]) -> Node:
    name = item.get("name")
    new = names.get(text(item, "name"))
    return item if name is None or new is None else with_value(item, ("name",), replace(name, value=new))


def _port(port: Node, only: str | None, names: Mapping[int | None, str], known: dict[Json, Json]) -> Node:
    number = whole(port, "containerPort")
    called = names.get(number) or only
    if not called:
        return port
    own = port.get("name")
    known[number] = called
    if own is not None:
        known[_hashable(own)] = called
    place = own.span if own is not None else port.span
    return replace(port, value={"name": Node(called, place), **{k: v for k, v in port.entries.items() if k != "name"}})


def _service_port(port: Node, built: Body) -> Node:
    """The port of a Service, whose target is the container's one port, whatever that is called."""
    found = {key: node for key, node in port.entries.items() if key not in ("name", "targetPort")}
    name = port.get("name")
    called = Node(str(at(built, "name")), name.span if name is not None else port.span)
    return replace(port, value={"name": called, **found})


def _hashable(node: Node) -> Json:
    return node.value if not isinstance(node.value, (dict, list)) else None


def _text(known: dict[Json, Json], node: Node) -> str:
    return str(known[_hashable(node)])
