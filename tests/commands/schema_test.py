"""`mlgen schema`: the very schemas of the repository."""

from pathlib import Path

import pytest
from tests.terminal import Done, mlgen

SCHEMAS = Path(__file__).parent.parent.parent / "schemas"


@pytest.mark.parametrize("name", ["project", "environment", "releases"])
def test_a_schema_is_printed_as_it_is(tmp_path: Path, name: str) -> None:
    assert mlgen(tmp_path, "schema", name) == Done(0, (SCHEMAS / f"{name}.json").read_text("utf-8"), "")


def test_project_is_what_most_want(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "schema") == mlgen(tmp_path, "schema", "project")


def test_an_unknown_schema_is_suggested(tmp_path: Path) -> None:
    said = "mlgen: there is no schema `projct`: did you mean `project`?\n"
    assert mlgen(tmp_path, "schema", "projct") == Done(2, "", said)
