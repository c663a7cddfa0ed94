"""`mlgen new`: a project to start from, made of one of the examples; never over one that is there."""

import re
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from mlgen.commands import FINE, console
from mlgen.commands.workspace import SPEC, UsageError, open_workspace
from mlgen.platform import BASE, RESERVED
from mlgen.suggest import did_you_mean

NAME = re.compile(r"[a-z]([-a-z0-9]{0,38}[a-z0-9])?")


def new(root: Path | None, project: str, *, example: str) -> int:
    """Write projects/<project>/ after an example."""
    if NAME.fullmatch(project) is None or project in RESERVED:
        raise UsageError(f"`{project}` cannot name a project: lower-case letters, digits and dashes, such as `churn`")
    source = _example(example)
    workspace = open_workspace(root)
    folder = workspace.root / "projects" / project
    if folder.exists():
        raise UsageError(f"projects/{project} is there already: mlgen overwrites nothing that you wrote")
    known = [name for name in workspace.platform.environments if name != BASE]
    texts = {
        entry.name: entry.read_text("utf-8") for entry in source.iterdir() if entry.name in (SPEC, "releases.yaml")
    }
    texts[SPEC] = _renamed(texts[SPEC], example, project, known)
    folder.mkdir(parents=True)
    for name, text in sorted(texts.items()):
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
        console.product(f"written  projects/{project}/{name}\n")
    console.say(f"\nNext: edit projects/{project}/{SPEC}, then: mlgen render {project}")
    return FINE


def _example(name: str) -> Traversable:
    examples = {
        entry.name: entry
        for entry in files("mlgen.projects").iterdir()
        if entry.is_dir() and not entry.name.startswith("_")
    }
    if name not in examples:
        raise UsageError(f"there is no example `{name}`: {did_you_mean(name, examples)}")
    return examples[name]


def _renamed(text: str, example: str, project: str, environments: list[str]) -> str:
    """The example under its new name, in the environments that this platform has."""
    text = re.sub(rf"^name: {example}$", f"name: {project}", text, count=1, flags=re.MULTILINE)
    if "environments: {dev: {}, staging: {}}" in text and not {"dev", "staging"} <= set(environments):
        listed = ", ".join(f"{name}: {{}}" for name in environments)
        text = text.replace("environments: {dev: {}, staging: {}}", f"environments: {{{listed}}}")
    return text
