"""How an environment lets requests in from outside, and the module that speaks to each way."""

from collections.abc import Sequence
from typing import Protocol

from mlgen.exposure import gateway, ingress
from mlgen.exposure.backend import Backend
from mlgen.node import Node
from mlgen.objects import Object
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.trace import Made, said, text


class Exposure(Protocol):
    """A module that routes a host to a Service."""

    def route(self, workload: Workload, host: Made, backends: Sequence[Backend], offer: Node) -> Object:
        """The object that routes ``host`` to ``backends``; ``offer`` is the environment's entry."""


EXPOSURES: dict[str, Exposure] = {
    "gateway": gateway,
    "ingress": ingress,
}


def expose(workload: Workload, backends: Sequence[Backend]) -> Object:
    """The route from the workload's host to its Services. Raises MlgenError where the environment has no way in."""
    host, offer = workload.spec["host"], workload.site.offer
    for kind, module in EXPOSURES.items():
        entry = offer.find("network", kind)
        if entry is not None and "domain" in offer:
            return module.route(workload, text("{}.{}", host, offer["domain"]), backends, entry)
    environment = offer["name"]
    lacks = "no `domain`" if "domain" not in offer else "neither `ingress` nor `gateway` under `network`"
    message = f"`{said(host)}` cannot be reached from outside: there is {lacks} in `{said(environment)}`"
    hint = "add that to the environment, or write `host: null` for it under the project's `environments`"
    raise MlgenError(Problem("no-way-in", host.span, message, hint, related=((environment.span, "this environment"),)))
