"""Built objects -> every container in them, with its path."""

from collections.abc import Iterator

from mlgen.node import Json, Path

LISTS = ("containers", "initContainers")


def containers(value: Json, path: Path = ()) -> Iterator[tuple[Path, dict[str, Json]]]:
    """Every map in a list of containers, wherever a pod template stands, custom resources included.

    What Spark applications run has no template: their spec names the image.
    """
    if isinstance(value, dict):
        if "mainApplicationFile" in value and "image" in value:
            yield path, value
        for key, below in value.items():
            if key in LISTS and isinstance(below, list):
                for index, item in enumerate(below):
                    if isinstance(item, dict):
                        yield (*path, key, index), item
            else:
                yield from containers(below, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from containers(item, (*path, index))


def images(body: dict[str, Json]) -> Iterator[tuple[Path, str]]:
    """Every image that ``body`` makes run, with its path: of containers, and whatever else custom resources call so.

    Spark names them for its driver and executors, Argo in templates, KServe and Ray in containers of their own.
    """
    if "." in str(body.get("apiVersion")).partition("/")[0]:
        yield from _called(body.get("spec"), ("spec",))
        return
    for path, container in containers(body):
        if "image" in container:
            yield (*path, "image"), str(container["image"])


def _called(value: Json, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for key, below in value.items():
            if key == "image" and isinstance(below, str):
                yield (*path, key), below
            else:
                yield from _called(below, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _called(item, (*path, index))
