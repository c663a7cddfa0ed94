"""What is typed so far -> the words that may follow, for the shell."""

from pathlib import Path
from typing import Any

# Everything is imported where it is needed: a shell that completes must not wait.


def projects(ctx: Any) -> list[str]:
    """The projects of the repository."""
    return [path.parent.name for path in _found(ctx, "projects/*/mlgen.yaml")]


def environments(ctx: Any) -> list[str]:
    """The environments that a project can run in."""
    return [path.stem for path in _found(ctx, "environments/*.yaml") if path.stem != "base"]


def examples() -> list[str]:
    """The projects that ship with mlgen."""
    from mlgen.commands import new

    return list(new.examples())


def fields(ctx: Any) -> list[str]:
    """What the path of a field can begin with."""
    from mlgen.commands import contract, field

    return field.starts(contract.schemas(_root(ctx)))


def schemas() -> list[str]:
    """The schemas by name."""
    from mlgen.commands import schema

    return [*schema.NAMES, schema.IMPORT]


def platform() -> list[str]:
    """What can be done about platforms."""
    from mlgen.commands import platform as command

    return list(command.ACTIONS)


def profiles() -> list[str]:
    """The profiles by name."""
    from mlgen import profiles as shipped

    return list(shipped.names())


def rules() -> list[str]:
    """The rules by id."""
    from mlgen.catalog import RULES

    return list(RULES)


def files(incomplete: str) -> list[str]:
    """The folders, and the files that may be manifests, whose names begin so."""
    folder = incomplete[: incomplete.rfind("/") + 1]
    paths = {f"{folder}{path.name}": path for path in sorted(Path(folder).iterdir())} if Path(folder).is_dir() else {}
    begun = {name: path for name, path in paths.items() if name.startswith(incomplete)}
    folders = [f"{name}/" for name, path in begun.items() if path.is_dir()]
    return folders + [name for name in begun if name.endswith((".yaml", ".yml", ".json"))]


def _found(ctx: Any, pattern: str) -> list[Path]:
    """The files of the repository that is meant, as far as the command line says which."""
    root = _root(ctx)
    return sorted(Path(root).glob(pattern)) if root else []


def _root(ctx: Any) -> Path | None:
    from mlgen.disk import find_root

    root = ctx.params.get("root")
    return Path(root) if root else find_root(Path.cwd())
