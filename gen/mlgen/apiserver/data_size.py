"""More data than an object can have."""

import json
from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.node import Json, Path
from mlgen.pods import Pod, named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="data-size",
    title="A ConfigMap, a Secret or annotations of more data than the cluster takes",
    why="The API server refuses a ConfigMap or Secret of more than 1 MiB, and more than 256 KiB of annotations. "
    "`kubectl apply` without `--server-side` writes the whole object into one of these.",
    bad="kind: ConfigMap\ndata: {model.txt: (two megabytes)}",
    good="a blob or a volume for the data, and its path in the ConfigMap",
    source="kubernetes/pkg/apis/core/validation: ValidateConfigMap, ValidateSecret; apimachinery: "
    "TotalAnnotationSizeLimitB",
)
MOST, MOST_ANNOTATIONS = 1024 * 1024, 256 * 1024


def check(body: Body) -> Iterator[Fault]:
    """The bytes of an object's data."""
    secret = named(body) == "v1 Secret"
    binary = "data" if secret else "binaryData"
    plain = "stringData" if secret else "data"
    sizes = {plain: _size(body.get(plain)), binary: _size(body.get(binary)) * 3 // 4}
    if sum(sizes.values()) > MOST:
        largest = max(sizes, key=lambda field: sizes[field])
        message = f"{sum(sizes.values()):,} bytes of data are more than 1 MiB"
        yield Fault((largest,), RULE.id, message, "keep large data in a volume or an object store, and its path here")


def check_annotations(body: Body) -> Iterator[Fault]:
    """The annotations of the object."""
    return _annotations(("metadata",), map_at(body, "metadata"))


def check_pod(pod: Pod) -> Iterator[Fault]:
    """The annotations of a template; those of a Pod are its own."""
    if pod.path != ("spec",) and "annotations" in pod.metadata:
        yield from _annotations(pod.metadata_path, pod.metadata)


def _annotations(path: Path, metadata: Body) -> Iterator[Fault]:
    found = metadata.get("annotations")
    if isinstance(found, dict) and found:
        size = sum(len(key) + _bytes(value) for key, value in found.items())
        if size > MOST_ANNOTATIONS:
            message = f"{size:,} bytes of annotations are more than 256 KiB"
            yield Fault((*path, "annotations"), RULE.id, message, "keep the data in a ConfigMap")


def _size(values: Json) -> int:
    return sum(_bytes(value) for value in values.values()) if isinstance(values, dict) else 0


def _bytes(value: Json) -> int:
    text = value if isinstance(value, str) else json.dumps(value)
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))
