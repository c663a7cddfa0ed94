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
