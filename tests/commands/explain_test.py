"""`mlgen explain`: fields in words; values with the lines behind them and what those overrode."""

import json
import re
from pathlib import Path

import pytest
from tests.terminal import DEV, HEAD, Done, mlgen, repository

ROOT = Path(__file__).parent.parent.parent
REPLICAS = "web/prod:HorizontalPodAutoscaler/serve:spec.minReplicas"
FIELDS = {
    "serving.replicas": """\
serving.replicas  <a map>

  How many pods answer.
  Example: {"min": 2, "max": 10}

  min  At least so many
  max  At most so many; without it, always `min`
  cpu  More pods are added above this share of the requested processors
""",
    "serving.replicas.min": """\
serving.replicas.min  <a whole number>

  At least so many.
  Default: 1
  Example: 2
""",
    "job.concurrency": """\
job.concurrency  <text>

  What happens when the next run is due while the last one still runs.
  One of: "Allow", "Forbid", "Replace"
  Example: "Forbid"
""",
}
NO_FIELDS = {
    "servin": "did you mean `serving`?",
    "serving.replica": "below `serving`, did you mean `replicas`?",
    "serving.replicas.maximum": "below `serving.replicas`, choose one of: min, max, cpu",
    "serving.replicas.min.x": "nothing is below it",
    "xyzzy": "a path begins with a kind of workload, as `serving.replicas` does",
    "web:Deployment/serve": "an object is named PROJECT/ENV:KIND/NAME[:PATH], "
    "as in churn/prod:Deployment/serve:spec.replicas",
}
NO_VALUES = {
    "wep/prod": "there is no project `wep`: did you mean `web`?",
    "web/prd:Deployment/serve": "`web` does not run in `prd`: did you mean `prod`?",
    "web/prod:Deploymnt": "`web` in `prod` has no Deploymnt: did you mean `Deployment`?",
    "web/prod:Deployment/srve": "`web` in `prod` has no Deployment `srve`: did you mean `serve`?",
    "web/prod:deployment/serve:spec.tmplate": "there is no `tmplate` in spec: did you mean `template`?",
    "web/prod:Deployment/serve:kind.x": "there is no `x` in kind",
    "web/prod:Deployment/serve:spec.template.spec.containers.7": "there is no `7` in spec.template.spec.containers: "
    "choose one of: server, 0",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path)


@pytest.mark.parametrize(("field", "page"), FIELDS.items(), ids=FIELDS)
def test_the_page_of_a_field(tmp_path: Path, field: str, page: str) -> None:
    assert mlgen(tmp_path, "explain", field) == Done(0, page, "")


def test_every_start_of_a_path_has_a_page(tmp_path: Path) -> None:
    from mlgen.commands import field

    assert {"serving", "job", "notebook", "workloads", "registry"} <= set(field.starts({}))
    for start in field.starts({}):
        done = mlgen(tmp_path, "explain", start)
        assert done.code == 0
        assert done.out.startswith(f"{start}  <")


def test_a_field_for_a_program(tmp_path: Path) -> None:
    page = json.loads(mlgen(tmp_path, "explain", "serving.replicas", "--format", "json").out)
    assert (page["schema_version"], page["name"], page["type"]) == (1, "replicas", "a map")
    assert list(page["children"]) == ["min", "max", "cpu"]


@pytest.mark.parametrize(("field", "hint"), NO_FIELDS.items(), ids=NO_FIELDS)
def test_a_field_that_is_not_there(tmp_path: Path, field: str, hint: str) -> None:
    assert mlgen(tmp_path, "explain", field) == Done(2, "", f"mlgen: there is no field `{field}`: {hint}\n")


def test_a_value_says_where_it_is_from_and_what_it_overrode(root: Path) -> None:
    done = mlgen(root, "explain", REPLICAS)
    assert (done.code, done.err) == (0, "")
    head, *rows = done.out.splitlines()
    assert head == "HorizontalPodAutoscaler/serve: spec.minReplicas = 4"
    cells = [re.split(r" {2,}", row.strip()) for row in rows]
    place = cells[3].pop(2)
    assert cells == [
        ["from", "project, for prod", "projects/web/mlgen.yaml:14:41", "4"],
        ["over", "project", "projects/web/mlgen.yaml:10:21", "3"],
        ["over", "environment prod", "environments/prod.yaml:5:29", "2"],
        ["over", "default", "1"],
    ]
    file, line, column = place.split(":")
    assert (ROOT / file).read_text("utf-8").splitlines()[int(line) - 1][int(column) - 1 :].rstrip(",") == "1"
    assert len({row.index(cell[2]) for row, cell in zip(rows[:3], cells[:3], strict=True)}) == 1, "in columns"


def test_what_nobody_overrode_has_one_place(root: Path) -> None:
    done = mlgen(root, "explain", "web/prod:HorizontalPodAutoscaler/serve:spec.maxReplicas")
    head = "HorizontalPodAutoscaler/serve: spec.maxReplicas = 9\n"
    assert done == Done(0, f"{head}  from  project  projects/web/mlgen.yaml:10:29  9\n", "")


def test_a_template_is_told_as_it_was_written(root: Path) -> None:
    repository(root, {"environments/dev.yaml": f'{DEV}namespace: "ml-{{{{ project.name }}}}-x"\n'})
    done = mlgen(root, "explain", "web/dev:Deployment/serve:metadata.namespace")
    assert done.out.startswith('Deployment/serve: metadata.namespace = "ml-web-x"\n')
    rows = [re.split(r" {2,}", row.strip()) for row in done.out.splitlines()[1:]]
    assert rows[0] == ["from", "environment dev", "environments/dev.yaml:4:12", "ml-{{ project.name }}-x"]
    assert [row[:2] for row in rows[1:]] == [["over", "default"]]


SAME = (
    "spec.template.spec.containers.0.image",
    "spec.template.spec.containers.server.image",
    ".spec.template.spec.containers[0].image",
    "spec.template.spec.containers[server].image",
)


@pytest.mark.parametrize("path", SAME)
def test_a_path_may_be_written_in_any_of_the_usual_ways(root: Path, path: str) -> None:
    done = mlgen(root, "explain", f"web/prod:deployment/serve:{path}")
    assert done.out == (
        'Deployment/serve: spec.template.spec.containers.0.image = "ghcr.io/acme/web:1.0"\n'
        "  from  project  projects/web/mlgen.yaml:9:12  ghcr.io/acme/web:1.0\n"
    )


def test_keys_with_dots_are_found(root: Path) -> None:
    done = mlgen(root, "explain", "web/prod:Deployment/serve:metadata.labels.app.kubernetes.io/name")
    assert done.out.startswith('Deployment/serve: metadata.labels.app.kubernetes.io/name = "web"\n')


def test_a_part_of_an_object_is_told_line_by_line(root: Path) -> None:
    done = mlgen(root, "explain", "web/prod:HorizontalPodAutoscaler/serve")
    lines = done.out.splitlines()
    assert lines[0] == "HorizontalPodAutoscaler/serve"
    (line,) = (line for line in lines if line.endswith("  spec.minReplicas = 4"))
    assert re.split(r" {2,}", line.strip())[:2] == ["project, for prod", "projects/web/mlgen.yaml:14:41"]
    part = mlgen(root, "explain", "web/prod:HorizontalPodAutoscaler/serve:spec").out.splitlines()[1:]
    values = [re.split(r" {2,}", line)[-1] for line in lines]
    assert [re.split(r" {2,}", line)[-1] for line in part] == [value for value in values if value.startswith("spec.")]


def test_a_project_is_told_object_by_object(root: Path) -> None:
    every = mlgen(root, "explain", "web/prod").out.splitlines()
    assert "Deployment/serve" in {line.split()[0] for line in every}
    assert len(every) == mlgen(root, "build", "web", "-e", "prod").out.count("\nkind: ")
    (one,) = mlgen(root, "explain", "web/prod:deployment").out.splitlines()
    assert one.split() == ["Deployment/serve", "projects/web/mlgen.yaml:6:3"]


def test_a_run_may_be_named_without_its_hash(root: Path) -> None:
    done = mlgen(root, "explain", "hello/dev:Job/greet:spec.backoffLimit")
    assert re.match(r"Job/greet-[0-9a-f]{10}: spec\.backoffLimit = ", done.out)


def test_a_value_for_a_program(root: Path) -> None:
    done = json.loads(mlgen(root, "explain", REPLICAS, "--format", "json").out)
    (value,) = done.pop("values")
    assert done == {"schema_version": 1, "object": "HorizontalPodAutoscaler/serve"}
    (cause,) = value["from"]
    assert (value["path"], value["value"], cause["layer"], cause["text"]) == (
        "spec.minReplicas",
        4,
        "project, for prod",
        "4",
    )
    assert [link["layer"] for link in cause["overrode"]] == ["project", "environment prod", "default"]
    objects = json.loads(mlgen(root, "explain", "web/prod", "--format", "json").out)["objects"]
    assert {
        "object": "Deployment/serve",
        "layer": "project",
        "file": "projects/web/mlgen.yaml",
        "line": 6,
        "column": 3,
        "text": "serve",
    } in objects


@pytest.mark.parametrize(("address", "said"), NO_VALUES.items(), ids=NO_VALUES)
def test_a_value_that_is_not_there(root: Path, address: str, said: str) -> None:
    assert mlgen(root, "explain", address) == Done(2, "", f"mlgen: {said}\n")


def test_a_broken_spec_is_told_first(root: Path) -> None:
    repository(root, {"projects/web/mlgen.yaml": HEAD.format("Project", "web")})
    done = mlgen(root, "explain", REPLICAS)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[missing-key]")


def test_what_an_error_keeps_from_being_built_is_told(root: Path) -> None:
    spec = root / "projects" / "web" / "mlgen.yaml"
    spec.write_text(spec.read_text().replace("    image: ghcr.io/acme/web:1.0\n", ""))
    done = mlgen(root, "explain", REPLICAS)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("error[no-image]")


def test_nothing_that_looks_like_a_secret_is_printed(root: Path) -> None:
    token = "ghp_" + "a1B2" * 10
    spec = root / "projects" / "web" / "mlgen.yaml"
    spec.write_text(spec.read_text().replace("    image:", f"    args: [--with, {token}]\n    image:"))
    for form in ("text", "json"):
        done = mlgen(root, "explain", "web/prod:Deployment/serve", "--format", form)
        assert token not in done.out + done.err
