"""`mlgen build`: what a cluster would get, on stdout and nothing else there."""

from pathlib import Path

import pytest
import yaml
from tests.terminal import FILES, SERVING, Done, mlgen, repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path)


def test_the_objects_are_a_stream(root: Path) -> None:
    done = mlgen(root, "build", "web", "--env", "prod")
    assert (done.code, done.err) == (0, "")
    built = {f"{body['kind']}/{body['metadata']['name']}": body for body in yaml.safe_load_all(done.out)}
    assert built["HorizontalPodAutoscaler/serve"]["spec"]["minReplicas"] == 4
    assert mlgen(root, "build", "web", "-e", "dev").out != done.out


def test_it_is_what_lies_in_the_overlay(root: Path) -> None:
    mlgen(root, "render")
    namespace = (root / "overlays" / "web" / "dev" / "namespace-ml-web-dev.yaml").read_text("utf-8")
    assert mlgen(root, "build", "web", "-e", "dev").out.startswith(namespace.partition("\n")[2])


def test_problems_are_messages_here(root: Path) -> None:
    spec = root / "projects" / "web" / "mlgen.yaml"
    spec.write_text(SERVING.replace("owner", "ownr"))
    done = mlgen(root, "build", "web", "--env", "dev", "--format", "concise")
    assert (done.code, done.out) == (1, "")
    assert "projects/web/mlgen.yaml:4:1: error[unknown-key] unknown key `ownr`" in done.err
    spec.write_text(SERVING.replace("web:1.0", "web"))
    done = mlgen(root, "build", "web", "--env", "dev", "--format", "concise")
    assert done.code == 0
    assert done.out.startswith("apiVersion: v1\n")
    assert "warning[untagged-image]" in done.err


def test_where_it_does_not_run(root: Path) -> None:
    said = {
        ("web", "prd"): "`web` does not run in `prd`: did you mean `prod`?",
        ("hello", "prod"): "`hello` does not run in `prod`: the only choice is `dev`",
        ("web", "base"): "`web` does not run in `base`: choose one of: dev, prod",
        ("wep", "dev"): "there is no project `wep`: did you mean `web`?",
        (".", "dev"): "one project at a time can be built or explained: choose one of: hello, web",
    }
    for (project, environment), message in said.items():
        assert mlgen(root, "build", project, "--env", environment) == Done(2, "", f"mlgen: {message}\n")


def test_an_environment_that_the_platform_does_not_have(root: Path) -> None:
    (root / "environments" / "prod.yaml").unlink()
    said = "mlgen: there is no environment `prod`: the only choice is `dev`\n"
    assert mlgen(root, "build", "web", "--env", "prod") == Done(2, "", said)
    repository(root, {"environments/prod.yaml": FILES["environments/prod.yaml"]})
    assert mlgen(root, "build", "web", "--env", "prod").code == 0
