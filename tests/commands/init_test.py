"""`mlgen init`: a platform repository that works at once; what is there stays."""

from pathlib import Path

import pytest
from tests.terminal import BASE, DEV, JOB, Done, mlgen, repository

ROOT = Path(__file__).parent.parent.parent
WRITTEN = """\
written  environments/base.yaml
written  environments/dev.yaml
written  environments/prod.yaml
written  environments/staging.yaml
written  schemas/project.json
written  schemas/environment.json
written  schemas/releases.json
written  projects/hello/mlgen.yaml
written  .gitattributes
written  .pre-commit-config.yaml
"""
NEXT = """
Next: {}mlgen render
Then: edit environments/*.yaml until they say what your clusters offer
"""


def files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_in_an_empty_folder_all_is_written_and_works(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "init") == Done(0, WRITTEN, NEXT.format(""))
    assert files(tmp_path).keys() == {line.split()[1] for line in WRITTEN.splitlines()}
    assert mlgen(tmp_path, "validate", "--strict").code == 0
    assert mlgen(tmp_path, "render").code == 0
    assert mlgen(tmp_path, "check").code == 0


def test_a_new_folder_is_made_and_named(tmp_path: Path) -> None:
    assert mlgen(tmp_path, "init", "ml/our platform") == Done(0, WRITTEN, NEXT.format("cd 'ml/our platform' && "))
    assert mlgen(tmp_path, "validate", "--root", "ml/our platform").code == 0


def test_what_is_written_is_the_reference_platform(tmp_path: Path) -> None:
    mlgen(tmp_path, "init")
    for path, data in files(tmp_path).items():
        if not path.startswith("."):
            assert (ROOT / path).read_bytes() == data


def test_twice_changes_nothing(tmp_path: Path) -> None:
    mlgen(tmp_path, "init")
    before = files(tmp_path)
    kept = "environments/ projects/ schemas/project.json schemas/environment.json schemas/releases.json".split()
    out = "".join(f"kept     {path}\n" for path in [*kept, ".gitattributes", ".pre-commit-config.yaml"])
    assert mlgen(tmp_path, "init") == Done(0, out, "Nothing to do.\n")
    assert files(tmp_path) == before


def test_a_platform_of_ones_own_stays_as_it_is(tmp_path: Path) -> None:
    own = {
        "environments/base.yaml": BASE,
        "environments/test.yaml": DEV.replace("dev", "test"),
        ".gitattributes": "*\n",
    }
    repository(tmp_path, own)
    done = mlgen(tmp_path, "init")
    assert "kept     environments/\n" in done.out
    assert "kept     .gitattributes\n" in done.out
    assert "written  projects/hello/mlgen.yaml\n" in done.out
    after = files(tmp_path)
    assert {path: after[path].decode() for path in own} == own
    assert {path for path in after if path.startswith("environments/")} == own.keys() - {".gitattributes"}


def test_projects_of_ones_own_get_no_example_beside_them(tmp_path: Path) -> None:
    repository(tmp_path, {"projects/web/mlgen.yaml": JOB})
    mlgen(tmp_path, "init")
    assert not (tmp_path / "projects" / "hello").exists()


def test_nothing_is_written_through_a_link(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / ".gitattributes").symlink_to(tmp_path / "elsewhere")
    assert "kept     .gitattributes\n" in mlgen(root, "init").out
    assert not (tmp_path / "elsewhere").exists()


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = mlgen(tmp_path, "init", "file")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith("'file' is a file. Try: mlgen init --help\n")


@pytest.mark.parametrize("name", ["base", "dev", "staging", "prod"])
def test_the_schemas_that_editors_look_for_are_there(tmp_path: Path, name: str) -> None:
    mlgen(tmp_path, "init")
    first = (tmp_path / "environments" / f"{name}.yaml").read_text("utf-8").splitlines()[0]
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert schema != first
    assert (tmp_path / "environments" / schema).resolve() == (tmp_path / "schemas" / "environment.json").resolve()
