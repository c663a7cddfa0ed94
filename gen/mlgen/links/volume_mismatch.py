"""A claim and the volume that it names, which do not fit each other."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.body import Body, at, list_at, map_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.node import Json, Path
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="volume-mismatch",
    title="A claim and the volume that it names do not fit each other",
    why="The claim is never bound: it stays Pending, and every pod that mounts it.",
    bad="kind: PersistentVolumeClaim\nspec: {volumeName: v, accessModes: [ReadWriteMany]}"
    "        # the volume has [ReadOnlyMany]",
    good="kind: PersistentVolumeClaim\nspec: {volumeName: v, accessModes: [ReadOnlyMany]}",
    source="kubernetes/pkg/controller/volume/persistentvolume: checkVolumeSatisfyClaim, syncUnboundClaim",
)
SIZE: Path = ("spec", "resources", "requests", "storage")


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Every claim that names a volume which is here, or for which one here is kept."""
    for subject, claim in objects.of("PersistentVolumeClaim"):
        index = _volume(claim, objects)
        if index is not None:
            volume = objects.bodies[index]
            for path, message, there in _differences(claim, volume):
                related = ((index, there, "the volume"),)
                yield Finding(subject, Fault(path, RULE.id, message, "make the two agree"), related)


def _volume(claim: Body, objects: Gathered) -> int | None:
    name = text_at(claim, "spec", "volumeName")
    if name:
        return objects.find("PersistentVolume", name, "")
    return next((index for index, one in objects.of("PersistentVolume") if _kept_for(one, claim) is True), None)


def _kept_for(volume: Body, claim: Body) -> bool | None:
    """Whether the volume is kept for the claim; None where it is kept for nobody."""
    wanted, metadata = map_at(volume, "spec", "claimRef"), map_at(claim, "metadata")
    if not wanted.get("name"):
        return None
    here, there = text_at(metadata, "namespace"), text_at(wanted, "namespace")
    return wanted["name"] == metadata.get("name") and (here == there or not here or not there)


def _differences(claim: Body, volume: Body) -> Iterator[tuple[Path, str, Path]]:
    """Where the claim differs, in what, and where the volume says so."""
    if _kept_for(volume, claim) is False:
        kept = code(text_at(volume, "spec", "claimRef", "name"))
        yield ("spec", "volumeName"), f"the volume is kept for another claim, {kept}", ("spec", "claimRef", "name")
    for index, mode in enumerate(list_at(claim, "spec", "accessModes")):
        if mode not in list_at(volume, "spec", "accessModes"):
            yield ("spec", "accessModes", index), f"the volume does not have {code(mode)}", ("spec", "accessModes")
    has: Path = ("spec", "capacity", "storage")
    asked, size = quantity(at(claim, *SIZE)), quantity(at(volume, *has))
    if asked is not None and size is not None and asked > size:
        yield SIZE, f"the claim asks for {code(at(claim, *SIZE))}, and the volume has {code(at(volume, *has))}", has
    for key, default in (("storageClassName", ""), ("volumeMode", "Filesystem")):
        mine, theirs = _said(claim, key, default), _said(volume, key, default)
        # A claim that says no class gets the cluster's default one, which nobody here knows.
        if mine != theirs and (key in map_at(claim, "spec") or key != "storageClassName"):
            message = f"the {key} is {code(mine)}, and that of the volume {code(theirs)}"
            yield ("spec", key), message, ("spec", key)


def _said(body: Body, key: str, default: str) -> Json:
    found = map_at(body, "spec").get(key)
    return default if found is None else found
