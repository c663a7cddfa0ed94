"""An object -> the volumes of one CSI driver that it states: persistent ones, and those that stand in a pod."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.node import Json, Path
from mlgen.pods import pods
from mlgen.suggest import closest


class Volume(NamedTuple):
    """``csi`` stands at ``path``; ``options`` at ``options_path``. One in a pod has no handle."""

    path: Path
    csi: Body
    options_path: Path
    options: list[Json]
    inline: bool

    @property
    def attributes(self) -> dict[str, tuple[str, str]]:
        """By name in lower case, as the drivers read them: each as it is written, with its value."""
        said = map_at(self.csi, "volumeAttributes")
        return {key.lower(): (key, value) for key, value in said.items() if isinstance(value, str)}

    def value(self, name: str) -> str:
        """What an attribute says; empty if it says nothing."""
        return self.attributes.get(name, ("", ""))[1]

    def where(self, name: str) -> Path:
        """Where an attribute stands."""
        return (*self.path, "volumeAttributes", self.attributes[name][0])


def volumes(body: Body, driver: str) -> Iterator[Volume]:
    """Every volume of ``driver``."""
    if body.get("kind") == "PersistentVolume":
        csi = map_at(body, "spec", "csi")
        if csi.get("driver") == driver:
            options = ("spec", "mountOptions")
            yield Volume(("spec", "csi"), csi, options, list_at(body, *options), False)
        return
    for pod in pods(body):
        for where, volume in maps_at(pod.spec, "volumes"):
            csi = map_at(volume, "csi")
            if csi.get("driver") == driver:
                path = (*pod.path, *where, "csi")
                # Inside a pod the options are one text, among the attributes; the driver takes it apart.
                yield Volume(path, csi, (*path, "volumeAttributes"), [], True)


def mistyped(volume: Volume, known: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Attributes that the driver does not know, each with the one that was meant; others may be newer."""
    for name, (written, _) in volume.attributes.items():
        meant = closest(name, known) if name not in known and "/" not in name else None
        if meant:
            yield written, meant


def identified(volume: Volume) -> bool:
    """Whether the handle says what is mounted, as the driver itself writes handles: account and container in it."""
    return text_at(volume.csi, "volumeHandle").count("#") >= 2
