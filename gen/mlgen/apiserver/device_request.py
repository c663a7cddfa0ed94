"""A claim for devices that speaks of a request it does not make."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="device-request",
    title="A claim for devices that speaks of a request it does not make",
    why="The API server refuses it: constraints and configurations are about requests of the same claim, and a number "
    "of devices is for `ExactCount`.",
    bad="devices: {requests: [{name: gpu, ...}], constraints: [{requests: [gpus], ...}]}",
    good="devices: {requests: [{name: gpu, ...}], constraints: [{requests: [gpu], ...}]}",
    source="kubernetes/pkg/apis/resource/validation: validateDeviceClaim; KEP-4381",
)


def check(body: Body) -> Iterator[Fault]:
    """A ResourceClaim, or a template of one."""
    base: Path = ("spec", "spec", "devices") if body.get("kind") == "ResourceClaimTemplate" else ("spec", "devices")
    devices = map_at(body, *base)
    names = []
    for where, request in maps_at(devices, "requests"):
        name = text_at(request, "name")
        below = [text_at(one, "name") for _, one in maps_at(request, "firstAvailable")]
        names += [name, *(f"{name}/{one}" for one in below)]
        yield from _counted((*base, *where), request)
        yield from _counted((*base, *where, "exactly"), map_at(request, "exactly"))
        for inner, one in maps_at(request, "firstAvailable"):
            yield from _counted((*base, *where, *inner), one)
    for field in ("constraints", "config"):
        for where, one in maps_at(devices, field):
            for index, said in enumerate(list_at(one, "requests")):
                if isinstance(said, str) and said not in names:
                    message = f"the claim makes no request {code(said)}"
                    yield Fault((*base, *where, "requests", index), RULE.id, message, did_you_mean(said, names))


def _counted(path: Path, request: Body) -> Iterator[Fault]:
    if request.get("allocationMode") == "All" and number_at(request, "count"):
        yield Fault((*path, "count"), RULE.id, "`All` has no count", "take it away, or write `ExactCount`")
