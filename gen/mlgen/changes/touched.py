"""The files that differ between two revisions -> which projects that can touch; rather too many than too few."""

from collections.abc import Collection, Iterable, Mapping

from mlgen import layout

# What a project alone has: what its team wrote, and what mlgen rendered of it.
OWN = ("projects", "overlays")
SHARED = ("clusters",)  # below overlays/: pointers; one that is called like a project's is of that project
UNREAD = ".md"  # what people write to each other, which nothing is made of


def differing(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> set[str]:
    """The paths of files that are new, gone or not the same."""
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def touched(paths: Iterable[str], projects: Collection[str]) -> set[str]:
    """The names of projects that a change of the files at ``paths`` can touch, each a path below the root.

    A project's files touch it alone. Every other file touches all ``projects``: an environment, a policy, a schema,
    and whatever is not known here. What it does to one project, others do not feel: only rules about projects together
    (`cluster-collision`, `crowded-gpus`) look at more, and whoever asks for those has to build more.
    """
    found: set[str] = set()
    for path in paths:
        folder, _, rest = path.partition("/")
        name, inside, _ = rest.partition("/")
        if pointing := layout.pointed(path, "overlays"):
            found.add(pointing[0].split("/")[1])
            continue
        if path.endswith(UNREAD):
            continue
        if folder not in OWN or not inside or name in SHARED:
            return {*projects}
        found.add(name)
    return found


def projects_in(paths: Iterable[str]) -> set[str]:
    """The names of the projects whose own files are among ``paths``."""
    return {path.split("/")[1] for path in paths if path.startswith(f"{OWN[0]}/") and path.count("/") > 1}
