"""A platform's own kinds are as mlgen's: explained, completed, in the schemas, with the origin of every value."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.conftest import ROOT
from tests.terminal import mlgen

CASE = ROOT / "tests" / "cases" / "own-kinds"
TEMPLATE = "kinds/dask/dask-operator-2026.3.yaml"


@pytest.fixture
def platform(tmp_path: Path) -> Path:
    """A copy of the case, that may be spoilt."""
    return Path(shutil.copytree(CASE, tmp_path / "platform"))


def changed(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


def test_a_field_of_an_own_kind_is_explained() -> None:
    page = mlgen(CASE, "explain", "dask.workers")
    assert (page.code, page.err) == (0, "")
    assert page.out.startswith("dask.workers  <a whole number>\n\n  How many workers, each with")
    assert 'Default: "/tmp/dask"' in mlgen(CASE, "explain", "dask.spill").out
    assert "did you mean `workers`?" in mlgen(CASE, "explain", "dask.wokers").err
    assert "A DaskJob of the Dask operator" in mlgen(CASE, "explain", "platform.dask").out


def test_elsewhere_there_is_no_such_kind(tmp_path: Path) -> None:
    mlgen(tmp_path, "init")
    assert mlgen(tmp_path, "explain", "dask.workers").code == 2
    assert mlgen(tmp_path, "schema").out == (ROOT / "schemas" / "project.json").read_text("utf-8")


def test_the_words_that_the_shell_completes() -> None:
    from mlgen.commands import completion

    class Context:
        params: dict[str, Any] = {"root": CASE}  # noqa: RUF012 - as Typer has it

    assert {"dask", "serving", "workloads"} <= set(completion.fields(Context))


def test_the_schemas_for_editors_are_standard_and_know_the_kind() -> None:
    for name, file in (("project", "projects/churn/mlgen.yaml"), ("environment", "environments/prod.yaml")):
        whole = json.loads(mlgen(CASE, "schema", name).out)
        judge = jsonschema.Draft7Validator(whole)
        judge.check_schema(whole)
        document = yaml.safe_load((CASE / file).read_text("utf-8"))
        assert list(judge.iter_errors(document)) == []
        if name == "project":
            document["workloads"]["join"]["wokers"] = 2
            document["environments"]["prod"] = {"workloads": {"join": {"threads": "many"}}}
        else:
            document["platform"]["dask"] = "another"
            document["defaults"]["dask"] = {"spill": 4}
        assert len(list(judge.iter_errors(document))) == 2


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        (
            "cluster.spec.worker.replicas",
            ["project, for prod  projects/churn/mlgen.yaml:31", "project            projects"],
        ),
        ("cluster.spec.scheduler.service.type", [f"kind dask  {TEMPLATE}:"]),
    ],
)
def test_a_value_says_where_it_is_from(path: str, lines: list[str]) -> None:
    done = mlgen(CASE, "explain", f"churn/prod:DaskJob/join:spec.{path}")
    assert done.code == 0
    assert [line for line in lines if line in done.out] == lines


def test_a_default_of_the_kind_has_its_line(platform: Path) -> None:
    changed(platform / "environments" / "prod.yaml", "defaults: {dask: {spill: /scratch}}\n", "")
    where = "spec.cluster.spec.worker.spec.containers.0.command.3"
    done = mlgen(platform, "explain", f"churn/prod:DaskJob/join:{where}", "--format", "json")
    [value] = json.loads(done.out)["values"]
    assert value["value"] == "--local-directory=/tmp/dask"
    line = value["from"][0]["line"]
    assert (value["from"][0]["layer"], value["from"][0]["file"]) == ("default", "kinds/dask/schema.json")
    assert "/tmp/dask" in (CASE / "kinds/dask/schema.json").read_text("utf-8").splitlines()[line - 1]


def test_what_the_operator_refuses_is_told_at_the_line_that_says_it(platform: Path) -> None:
    changed(platform / TEMPLATE, "type: ClusterIP", "typ: ClusterIP")
    done = mlgen(platform, "validate", "--format", "concise")
    assert done.code == 1
    assert f"{TEMPLATE}:" in done.out
    assert "kubernetes-unknown-field" in done.out


def test_a_change_of_the_template_makes_new_runs(platform: Path) -> None:
    assert mlgen(platform, "check").code == 0
    changed(platform / TEMPLATE, "initialDelaySeconds: 30", "initialDelaySeconds: 60")
    done = mlgen(platform, "check")
    assert done.code == 1
    assert "overlays/churn/prod/daskjob-join-" in done.out


def test_a_case_that_fails_is_told_by_validate_and_check(platform: Path) -> None:
    changed(platform / "kinds/dask/cases/four-workers.yaml", "replicas: 4", "replicas: 5")
    for command in ("validate", "check"):
        done = mlgen(platform, command, "--format", "concise")
        assert done.code == 1
        assert "failed-case" in done.out + done.err


def test_a_link_out_of_the_repository_is_not_followed(platform: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.yaml"
    outside.write_text("run: {apiVersion: v1, kind: ConfigMap, spec: {}}\n")
    (platform / TEMPLATE).unlink()
    (platform / TEMPLATE).symlink_to(outside)
    done = mlgen(platform, "validate", "--format", "concise")
    assert done.code == 1
    assert "not-a-file" in done.out


def test_a_platform_without_kinds_pays_nothing(tmp_path: Path) -> None:
    mlgen(tmp_path, "init")
    program = (
        "import sys; from pathlib import Path; from mlgen.commands.validate import validate\n"
        f"code = validate(Path({str(tmp_path)!r}), [], staged=False, since=None, form='text', strict=False)\n"
        "own = [name for name in sys.modules if name.startswith(('mlgen.own.', 'mlgen.kinds.own', 'mlgen.proved'))]\n"
        "assert (code, own) == (0, ['mlgen.own.kind']), (code, own)"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_git_and_the_disk_know_the_same_files() -> None:
    from mlgen import disk
    from mlgen.disk.named import is_input

    files, problems = disk.read_kinds(CASE)
    assert problems == []
    assert set(files) == {path.relative_to(CASE).as_posix() for path in (CASE / "kinds").rglob("*") if path.is_file()}
    assert all(map(is_input, files))
    assert not is_input("kinds/dask/notes.md")
    assert not is_input("kinds/dask/deeper/x.yaml")


def test_its_pods_count_as_those_of_every_kind_do(platform: Path) -> None:
    offer = platform / "environments" / "prod.yaml"
    offer.write_text(offer.read_text("utf-8") + "gpus: {a100: {resource: nvidia.com/gpu, total: 8}}\n")
    changed(
        platform / "projects/churn/mlgen.yaml", "    workers: 2\n", "    workers: 2\n    resources: {gpu: {a100: 1}}\n"
    )
    done = mlgen(platform, "validate", "--format", "concise")
    assert done.code == 1
    assert "too-many-gpus" in done.out
    assert "16" in done.out
    assert "projects/churn/mlgen.yaml:15:" in done.out


def test_files_of_kinds_may_be_named() -> None:
    assert mlgen(CASE, "validate", TEMPLATE).code == 0
    assert mlgen(CASE, "validate", "kinds/dask/cases/no-workers.yaml").code == 0


def test_a_stranger_cannot_make_it_slow(platform: Path) -> None:
    """What one template can make of one spec is bounded: its expressions are counted."""
    many = "".join(f'      p{number}: "{{{{ workload.command }}}}"\n' for number in range(201))
    changed(platform / TEMPLATE, "    job:\n      metadata", f"    job:\n{many}      metadata")
    done = mlgen(platform, "validate", "churn", "--format", "concise")
    assert done.code == 1
    assert "too-many" in done.out
