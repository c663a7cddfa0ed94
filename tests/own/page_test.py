"""docs/own-kinds.md is true: its files are those of the cases, its commands run there, its links lead somewhere."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest
from tests.commands.diff_test import committed, git
from tests.conftest import ROOT
from tests.terminal import mlgen

PAGE = (ROOT / "docs" / "own-kinds.md").read_text("utf-8")
BLOCKS = [(word, dedent(text)) for word, text in re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.M | re.S)]
CASES = ROOT / "tests" / "cases"
SHOWN = (
    "own-kinds/kinds/dbt/schema.json",
    "own-kinds/kinds/dbt/job.yaml",
    "own-kinds/kinds/dbt/cases/defaults.yaml",
    "components/components/shared-home/kustomization.yaml",
)


def test_every_file_is_one_of_the_cases() -> None:
    assert [text for word, text in BLOCKS if word != "console"] == [(CASES / path).read_text("utf-8") for path in SHOWN]
    spec = (CASES / "own-kinds/projects/marts/mlgen.yaml").read_text("utf-8")
    offer = (CASES / "components/environments/prod.yaml").read_text("utf-8")
    inline = re.findall(r"`([^`]+)`", re.sub(r"^```.*?^```$", "", PAGE, flags=re.M | re.S))
    assert "marts: {kind: dbt, select: marts+}" in inline
    assert "marts: {kind: dbt, select: marts+}" in spec
    assert "components: [components/shared-home]" in inline
    assert "components: [components/shared-home]" in offer


@pytest.mark.parametrize(("case", "number"), [("own-kinds", 0), ("components", 1)])
def test_every_command_runs(case: str, number: int, tmp_path: Path) -> None:
    root = Path(shutil.copytree(CASES / case, tmp_path / "platform"))
    git(root, "init", "--quiet")
    committed(root)
    subprocess.run(["git", "init", "--quiet", "--bare", str(tmp_path / "deploy.git")], check=True)
    lines = [text for word, text in BLOCKS if word == "console"][number].splitlines()
    assert len(lines) >= 3
    for line in lines:
        words = shlex.split(line.removeprefix("$ "), comments=True)
        done = mlgen(root, *words[1:])
        assert (words[0], done.code) == ("mlgen", 0), f"{line}\n{done.err}"


def test_every_shape_that_is_named_may_be_referred_to() -> None:
    from mlgen import schema

    named = re.search(r"a `\$ref` to a shape of mlgen's\n\(([^)]*)\)", PAGE)
    assert named is not None
    allowed = schema.load("own").shape("#/definitions/shape")["properties"]["$ref"]["enum"]
    assert {f"#/definitions/{name}" for name in re.findall(r"`(\w+)`", named[1])} == set(allowed)


def test_every_name_that_the_page_shows_is_one() -> None:
    from mlgen.own import templates

    shown = set(re.findall(r"\{\{ ((?:project|environment|run|object)\.\w+) \}\}", PAGE))
    every = {f"{group}.{name}" for group, names in templates.NAMES.items() for name in names}
    assert shown <= every
    assert {"project.name", "run.name", "object.selector"} <= shown


def test_links_lead_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]*)\)", PAGE) if "://" not in link]
    assert links
    assert not [link for link in links if not (ROOT / "docs" / link).exists()]
