"""How a model server is run: its container and what it needs beside it."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.pod import Volume
from mlgen.quantity import seconds
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said


class Served(NamedTuple):
    """``container`` has image, ports and probes; one port is named ``http``, on ``port``."""

    container: Mapping[str, Draft]
    port: Draft
    volumes: tuple[Volume, ...] = ()
    objects: tuple[Object, ...] = ()


PERIOD = 5


def startup_budget(workload: Workload) -> Made:
    """How many failed startup probes fit into the time the spec allows for loading."""
    startup: Node = workload.spec["startup"]
    return made(max(1, -(-seconds(said(startup)) // PERIOD)), startup)
