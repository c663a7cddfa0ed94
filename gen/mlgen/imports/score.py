"""A workload in the words of Score -> the Deployment and the Service that it stands for; every value keeps its place.

https://docs.score.dev/docs/score-specification/score-spec-reference/
"""

from collections.abc import Iterator

from mlgen.imports.source import Source, text
from mlgen.imports.translation import Reading, drafted
from mlgen.node import Node

TOOL = "Score"
API_VERSION = "score.dev/v1b1"
PLACEHOLDER = "${"  # what the tool would fill in
PROBES = ("livenessProbe", "readinessProbe")


def speaks(document: Node) -> bool:
    """Whether a document is a workload of Score's."""
    return text(document, "apiVersion") == API_VERSION and bool(text(document, "metadata", "name"))


def objects(document: Node) -> Iterator[Source]:
    """The Deployment, and the Service where it has ports."""
    reading = Reading(document, TOOL)
    reading.get("apiVersion")
    span, name = document["apiVersion"].span, reading.get("metadata", "name")
    labels = {"app": name}
    metadata = {"name": name, "annotations": reading.get("metadata", "annotations")}
    containers = [_container(reading, key) for key in reading.entries("containers")]
    ports = list(_ports(reading))
    if containers and ports:
        containers[0]["ports"] = [{"name": key, "containerPort": target} for key, _, target in ports]
    template = {"metadata": {"labels": labels}, "spec": {"containers": containers}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    body = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata, "spec": spec}
    before = {"selector": labels, "ports": [{"name": key, "port": port, "targetPort": key} for key, port, _ in ports]}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": before}
    yield Source(drafted(body, span), notes=reading.unread())
    if ports:
        yield Source(drafted(service, span))


def _ports(reading: Reading) -> Iterator[tuple[str, Node | None, Node | None]]:
    for key in reading.entries("service", "ports"):
        port = reading.get("service", "ports", key, "port")
        protocol = reading.document.find("service", "ports", key, "protocol")
        if protocol is None or protocol.value == "TCP":
            reading.get("service", "ports", key, "protocol")
        yield key, port, reading.get("service", "ports", key, "targetPort") or port


def _container(reading: Reading, key: str) -> dict[str, object]:
    """A container, but for its files and volumes, which only the tool can make, and what it would fill in."""
    place = ("containers", key)
    words = ("image", "command", "args", "resources", *PROBES)
    found: dict[str, object] = {word: reading.get(*place, word) for word in words}
    variables = []
    for name, node in reading.entries(*place, "variables").items():
        if PLACEHOLDER not in str(node.value):
            reading.get(*place, "variables", name)
            variables.append({"name": name, "value": node})
    return {"name": key, **found, "env": variables or None}
