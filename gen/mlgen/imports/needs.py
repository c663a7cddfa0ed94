"""What imported objects take for granted -> the lines of an environment that offers it."""

from dataclasses import dataclass, field

from mlgen.imports.naming import name
from mlgen.node import Json

RESOURCES = {"nvidia.com/gpu": "gpu", "amd.com/gpu": "amd"}


@dataclass(slots=True)
class Needs:
    """Of one environment: what is said in its file and in no project's."""

    platform: dict[str, Json] = field(default_factory=dict)
    gpus: dict[str, dict[str, Json]] = field(default_factory=dict)
    registry: dict[str, Json] = field(default_factory=dict)
    further: dict[str, Json] = field(default_factory=dict)

    def gpu(self, resource: str, selector: Json, tolerations: Json) -> str:
        """The class of GPU with these labels and tolerations, under a name that is free."""
        wanted: dict[str, Json] = {"resource": resource}
        if selector:
            wanted["nodeSelector"] = selector
        if tolerations:
            wanted["tolerations"] = tolerations
        told = [str(value) for value in selector.values()] if isinstance(selector, dict) else []
        first = name(told[0]) if told else RESOURCES.get(resource) or name(resource.rpartition("/")[2])
        return free(first, self.gpus, wanted)

    def lines(self) -> dict[str, Json]:
        """The lines, but for the head of the file."""
        parts: dict[str, Json] = {
            "registry": self.registry,
            "platform": self.platform,
            "gpus": dict(self.gpus),
            **self.further,
        }
        return {key: value for key, value in parts.items() if value}


def free(wanted: str, taken: dict[str, dict[str, Json]], entry: dict[str, Json]) -> str:
    """The name under which ``entry`` is in ``taken``, or from now on is."""
    number, found = 1, wanted
    while found in taken and taken[found] != entry:
        number += 1
        found = f"{wanted[:36]}-{number}"
    taken[found] = entry
    return found


@dataclass(slots=True)
class Shared:
    """What the workloads of a project share in one environment; ``claims`` are those of the cluster that are data."""

    needs: Needs = field(default_factory=Needs)
    data: dict[str, dict[str, Json]] = field(default_factory=dict)
    secrets: dict[str, list[str]] = field(default_factory=dict)
    claims: dict[str, dict[str, Json]] = field(default_factory=dict)
