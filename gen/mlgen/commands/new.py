"""`mlgen new`: a project to start from, made of one of the examples; never over one that is there."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from mlgen import schema
from mlgen.commands import FINE, UsageError, console
from mlgen.commands.init import write_new
from mlgen.commands.workspace import SPEC, open_workspace
from mlgen.platform import RESERVED
from mlgen.suggest import did_you_mean

ENVIRONMENTS = "environments: {dev: {}, staging: {}}"  # as the smallest example has them


def new(root: Path | None, project: str, *, example: str) -> int:
    """Write projects/<project>/ after an example."""
    _check_name(project)
    source = _example(example)
    workspace = open_workspace(root)
    folder = workspace.root / "projects" / project
    if folder.exists():
        raise UsageError(f"projects/{project} is there already, and mlgen overwrites nothing that you wrote")
    texts = {
        entry.name: entry.read_text("utf-8") for entry in source.iterdir() if entry.name in (SPEC, "releases.yaml")
    }
    texts[SPEC] = _renamed(texts[SPEC], example, project, workspace.environments)
    for name, text in sorted(texts.items()):
        write_new(folder / name, text)
        console.product(f"written  projects/{project}/{name}\n")
    console.say(f"\nNext: edit projects/{project}/{SPEC}, then: mlgen render {project}")
    return FINE


def examples() -> dict[str, Traversable]:
    """The projects that ship with mlgen."""
    entries = sorted(files("mlgen.projects").iterdir(), key=lambda entry: entry.name)
    return {entry.name: entry for entry in entries if entry.joinpath(SPEC).is_file()}


def _check_name(project: str) -> None:
    """Raises UsageError where no spec could have this name."""
    if project in RESERVED:
        raise UsageError(f"`{project}` is a reserved name", "choose another one")
    shape = schema.load("project").shape("#/properties/name")
    if re.search(shape["pattern"], project) is None or project.endswith("\n"):
        raise UsageError(f"`{project}` cannot name a project", shape["x-message"])
    if len(project) > shape["maxLength"]:
        raise UsageError(f"`{project}` is too long", f"a project's name has at most {shape['maxLength']} characters")


def _example(name: str) -> Traversable:
    known = examples()
    if name not in known:
        raise UsageError(f"there is no example `{name}`", did_you_mean(name, known))
    return known[name]


def _renamed(text: str, example: str, project: str, environments: list[str]) -> str:
    """The example under its new name, in the environments that this platform has."""
    text = re.sub(rf"^name: {example}$", f"name: {project}", text, count=1, flags=re.MULTILINE)
    if not {"dev", "staging"} <= set(environments):
        listed = ", ".join(f"{name}: {{}}" for name in environments)
        text = text.replace(ENVIRONMENTS, f"environments: {{{listed}}}")
    return text
