"""`mlgen health`: what an administrator gives to Argo CD or Flux."""

from pathlib import Path

import pytest
import yaml
from tests.conftest import Build
from tests.terminal import DEV, FILES, Done, mlgen, repository

from mlgen import health

TRAINING = """\
apiVersion: mlgen.dev/v1
kind: Project
name: train
owner: team
workloads:
  fit: {kind: tensorflow, workers: 2, image: ghcr.io/acme/train:1.0, command: [python, train.py]}
environments: {dev: {}}
"""
OPERATOR = "platform: {tensorflow: kubeflow-training-1.9}\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(
        tmp_path, FILES | {"projects/train/mlgen.yaml": TRAINING, "environments/dev.yaml": DEV + OPERATOR}
    )


def keys(done: Done) -> list[str]:
    return [key.removeprefix("resource.customizations.health.") for key in yaml.safe_load(done.out)["data"]]


def test_argo_cd_gets_a_patch_of_its_config_map(tmp_path: Path, kustomize: Build) -> None:
    done = mlgen(tmp_path, "health")
    assert (done.code, done.err) == (0, "")
    assert yaml.safe_load(done.out)["data"] == health.argocd()
    (tmp_path / "health.yaml").write_text(done.out, "utf-8")
    (tmp_path / "argocd-cm.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: argocd-cm}\ndata: {url: https://argocd.example.com}\n",
        "utf-8",
    )
    (tmp_path / "kustomization.yaml").write_text(
        "namespace: argocd\nresources: [argocd-cm.yaml]\npatches: [{path: health.yaml}]\n", "utf-8"
    )
    [built] = kustomize(tmp_path)
    assert built["data"] == {"url": "https://argocd.example.com", **health.argocd()}


def test_flux_gets_expressions(tmp_path: Path) -> None:
    done = mlgen(tmp_path, "health", "--engine", "flux")
    assert (done.code, done.err) == (0, "")
    assert yaml.safe_load(done.out) == {"spec": {"healthCheckExprs": health.flux()}}


def test_an_environment_gets_what_runs_there(root: Path) -> None:
    assert keys(mlgen(root, "health", "--env", "dev")) == ["batch_Job", "kubeflow.org_TFJob"]
    flux = yaml.safe_load(mlgen(root, "health", "--env", "dev", "--engine", "flux").out)
    assert [entry["kind"] for entry in flux["spec"]["healthCheckExprs"]] == ["TFJob"]


def test_what_needs_none(root: Path) -> None:
    said = "nothing that runs in `prod` needs one\n"
    assert mlgen(root, "health", "--env", "prod") == Done(0, "", said)


def test_an_environment_that_is_not_there_or_wrong(root: Path) -> None:
    said = "mlgen: there is no environment `dve`: did you mean `dev`?\n"
    assert mlgen(root, "health", "--env", "dve") == Done(2, "", said)
    (root / "projects" / "train" / "mlgen.yaml").write_text(TRAINING.replace("workers: 2", "workers: no"), "utf-8")
    done = mlgen(root, "health", "--env", "dev", "--format", "concise")
    assert (done.code, done.out) == (1, "")
    assert "projects/train/mlgen.yaml:6:36: error" in done.err


def test_the_environments_engine_is_meant(root: Path) -> None:
    path = root / "environments" / "dev.yaml"
    path.write_text(DEV + OPERATOR + "gitops: {engine: flux, repository: 'https://git.example.com/ml.git'}\n", "utf-8")
    assert mlgen(root, "health", "--env", "dev") == mlgen(root, "health", "--env", "dev", "--engine", "flux")
    assert keys(mlgen(root, "health", "--env", "dev", "--engine", "argocd")) == ["batch_Job", "kubeflow.org_TFJob"]
