"""`mlgen init`: a platform repository that works at once; what is there stays."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from mlgen import schema
from mlgen.commands import FINE, console
from mlgen.commands.schema import NAMES

GITATTRIBUTES = "# mlgen compares what it wrote byte for byte\noverlays/** text eol=lf\n"
PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: mlgen-check
        name: mlgen check
        entry: mlgen check
        language: system
        pass_filenames: false
        always_run: true
"""


def init(folder: Path) -> int:
    """Write environments, schemas for the editor and a first project into ``folder``."""
    written = 0
    for path, text in contents():
        target = folder / path
        if target.exists():
            console.product(f"there already  {path}\n")
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8", newline="\n")
        console.product(f"written        {path}\n")
        written += 1
    if written:
        where = "" if folder == Path() else f"cd {folder} && "
        console.say(
            f"\nNext: {where}mlgen render\nThen: edit environments/*.yaml until they say what your clusters offer."
        )
    else:
        console.say("Nothing to do.")
    return FINE


def contents() -> Iterator[tuple[str, str]]:
    """Every file of a new platform repository, by its path."""
    shipped = files("mlgen.environments")
    for name in sorted(entry.name for entry in shipped.iterdir() if entry.name.endswith(".yaml")):
        yield f"environments/{name}", shipped.joinpath(name).read_text("utf-8")
    for name in NAMES:
        yield f"schemas/{name}.json", schema.load(name).text
    yield "projects/hello/mlgen.yaml", files("mlgen.projects").joinpath("hello", "mlgen.yaml").read_text("utf-8")
    yield ".gitattributes", GITATTRIBUTES
    yield ".pre-commit-config.yaml", PRE_COMMIT
