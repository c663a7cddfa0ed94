"""Objects as builders drafted them -> Manifests: plain JSON, and the origin of every leaf."""

import re
from typing import NamedTuple

from mlgen.node import Json, Path
from mlgen.objects import Object
from mlgen.problem import Span
from mlgen.trace import Origins, place_of, span_of, split

SCHEMAS = "schemas/"  # where mlgen's own defaults stand
RUN_HASH = re.compile(r"-[0-9a-f]{10}\Z")


class Ref(NamedTuple):
    """What makes an object that object. ``group`` is empty for the core; ``namespace`` for the cluster's own."""

    group: str
    kind: str
    namespace: str
    name: str


class Manifest(NamedTuple):
    """One finished Kubernetes object; ``shared``, ``run`` and ``within`` are the Object's."""

    body: dict[str, Json]
    origins: Origins
    shared: bool = True
    run: bool = False
    within: bool = False

    @property
    def ref(self) -> Ref:
        """The object's identity."""
        return ref(self.body)

    @property
    def title(self) -> str:
        """What messages call it: of a run, which is named by its content, without the hash: the next has another."""
        kind, name = self.ref.kind, self.ref.name
        return f"{kind}/{RUN_HASH.sub('', name) if self.run else name}"

    def cause(self, path: Path) -> Span:
        """The line of a user's that put a value there: the object's own, where it is a default of mlgen's."""
        for origins in (place_of(self.origins, path), place_of(self.origins, ("metadata", "name"))):
            for node in origins:
                if not node.span.file.startswith(SCHEMAS):
                    return node.span
        return span_of(self.origins, path)


def ref(body: dict[str, Json]) -> Ref:
    """The identity of a plain object."""
    metadata = body.get("metadata")
    names = metadata if isinstance(metadata, dict) else {}
    group, slash, _ = str(body["apiVersion"]).partition("/")
    return Ref(group if slash else "", str(body["kind"]), str(names.get("namespace", "")), str(names.get("name", "")))


def finish(drafted: Object) -> Manifest:
    """The one pass that splits a draft."""
    body, origins = split(drafted.body, drafted.because)
    if not isinstance(body, dict):
        raise TypeError("an object is a map")
    return Manifest(body, origins, drafted.shared, drafted.run, drafted.within)
