"""Claims, and the volumes behind them that a known driver mounts -> the data of a project that they are."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from mlgen.imports.drivers import Known, known
from mlgen.imports.needs import Needs
from mlgen.imports.source import Source, text
from mlgen.node import Json

STORAGE = "storage"


class Claim(NamedTuple):
    """A claim, the volume that it is bound to, and what that is."""

    claim: Source
    volume: Source
    known: Known


def claims(found: Sequence[Source], whole: Collection[str]) -> dict[str, Claim]:
    """By the claims' names: those that can be data, if neither is to stay ``whole``."""
    volumes = {source.name: source for source in found if source.kind == "PersistentVolume"}
    result: dict[str, Claim] = {}
    offers: dict[str, dict[str, Json]] = {}
    for source in found:
        if source.kind != "PersistentVolumeClaim":
            continue
        bound = volumes.get(text(source.body, "spec", "volumeName"))
        bound = bound or next((one for one in volumes.values() if _meant(one) == source.name), None)
        what = known(bound.body) if bound is not None else None
        if bound is None or what is None or not {source.title, bound.title}.isdisjoint(whole):
            continue
        # An environment has one storage of a kind: what lies in another stays what it is.
        if offers.setdefault(what.kind, what.offer) == what.offer:
            result[source.name] = Claim(source, bound, what)
    return result


def _meant(volume: Source) -> str:
    return text(volume.body, "spec", "claimRef", "name")


def entries(found: Mapping[str, Claim]) -> dict[str, dict[str, Json]]:
    """What each claim is as data."""
    return {name: one.known.entry for name, one in found.items()}


def offer(one: Claim, needs: Needs) -> None:
    """The environment has its storage."""
    storage = needs.further.get(STORAGE)
    needs.further[STORAGE] = {**(storage if isinstance(storage, dict) else {}), one.known.kind: one.known.offer}
