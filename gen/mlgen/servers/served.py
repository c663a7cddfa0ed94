"""How a model server is run: its container and what it needs beside it."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen.beside.needs import Metrics
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pod import Volume
from mlgen.quantity import seconds
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said


class Served(NamedTuple):
    """``container`` has image, ports and probes; one port is named ``http``, on ``port``; ``metrics`` tells where
    the server shows them, on one of its ports; ``env`` are the variables that it needs."""

    container: Mapping[str, Draft]
    port: Draft
    volumes: tuple[Volume, ...] = ()
    objects: tuple[Object, ...] = ()
    metrics: Metrics | None = None
    env: Mapping[str, Draft] = {}


PERIOD = 5


def startup_budget(workload: Workload) -> Made:
    """How many failed startup probes fit into the time the spec allows for loading."""
    startup: Node = workload.spec["startup"]
    return made(max(1, -(-seconds(said(startup)) // PERIOD)), startup)


def probes(workload: Workload, ready: Mapping[str, Draft], alive: Mapping[str, Draft]) -> dict[str, Draft]:
    """The three probes of a container: it may take its time to be ``ready`` once, and is restarted if not ``alive``."""
    return {
        "startupProbe": {**ready, "periodSeconds": PERIOD, "failureThreshold": startup_budget(workload)},
        "readinessProbe": {**ready, "periodSeconds": 10},
        "livenessProbe": {**alive, "periodSeconds": 20},
    }


def answers(path: Draft) -> dict[str, Draft]:
    """That ``path`` answers with 200 on the port named ``http``."""
    return {"httpGet": {"path": path, "port": "http"}}


def declared(ports: Mapping[str, Draft]) -> list[Draft]:
    """Ports by their names, as a container declares them."""
    return [{"name": name, "containerPort": number} for name, number in ports.items()]


def more_args(workload: Workload) -> list[Draft]:
    """The arguments that the spec adds to the server's own."""
    args = workload.spec.get("args")
    return list(args.items) if args is not None else []
