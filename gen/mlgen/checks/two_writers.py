"""Two pieces of data are written to one place in blob storage, through two caches."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from mlgen.manifest import Manifest
from mlgen.node import Json
from mlgen.problem import Problem, Span
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import span_of

RULE = Rule(
    id="two-writers",
    title="Two pieces of data are written to one place in blob storage",
    why="Each is mounted with a cache of its own, and blobfuse2 does not keep two writers apart: of two who write one "
    "file the last wins, and what the other wrote is lost or mixed with it.",
    bad="data:\n  a: {blob: churn/features, access: write}\n  b: {blob: churn/features, access: write}",
    good="data:\n  features: {blob: churn/features, access: write}            # and both workloads use it",
    source="kubernetes-sigs/blob-csi-driver, docs/limitations.md",
)
FOLDER = "--subdirectory="


class Written(NamedTuple):
    """A place in blob storage that is mounted for writing, and the name that the project has for it."""

    name: str
    account: str
    place: tuple[str, ...]
    span: Span


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """A warning for each pair of volumes that are mounted through blobfuse2 at one place, or one inside the other."""
    written = [found for manifest in manifests if (found := _written(manifest)) is not None]
    for one, other in combinations(sorted(written, key=lambda each: (each.place, each.name)), 2):
        if one.account == other.account and one.place == other.place[: len(one.place)]:
            where = "/".join(other.place)
            both = f"`{other.name}` and `{one.name}` both write `{where}`"
            inside = f"`{other.name}` writes `{where}`, which is inside what `{one.name}` writes"
            message = f"{both if one.place == other.place else inside}, each through a cache of its own"
            hint = "use only one of the two, or give the environment `driver: azure-blob-nfs`"
            yield Problem(RULE.id, other.span, message, hint, "warning", ((one.span, "the other one"),))


def _written(manifest: Manifest) -> Written | None:
    spec, labels = _map(manifest.body.get("spec")), _map(_map(manifest.body.get("metadata")).get("labels"))
    attributes = _map(_map(spec.get("csi")).get("volumeAttributes"))
    if attributes.get("protocol") != "fuse2" or spec.get("accessModes") != ["ReadWriteMany"]:
        return None
    options = spec.get("mountOptions")
    found = [str(option) for option in options] if isinstance(options, list) else []
    folder = "".join(option.removeprefix(FOLDER) for option in found if option.startswith(FOLDER))
    place = (str(attributes.get("containerName")), *filter(None, folder.split("/")))
    span = span_of(manifest.origins, ("spec", "csi", "volumeAttributes", "containerName"))
    name = str(labels.get("app.kubernetes.io/component", manifest.ref.name))
    return Written(name, str(attributes.get("storageAccount")), place, span)


def _map(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
