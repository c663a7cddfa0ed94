"""Kustomizations are read as Kustomize reads them, and those of several environments become one project."""

import contextlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.conftest import Build
from tests.imports_test import ODD, with_odd
from tests.terminal import mlgen, repository

from mlgen.imports import kustomization
from mlgen.imports.imported import Imported, imported
from mlgen.imports.source import Source
from mlgen.problem import MlgenError

MNIST = Path(__file__).parent / "imports" / "mnist"
ENVIRONMENTS = ("gcs", "local", "s3")
EVERYTHING = {
    "base/kustomization.yaml": """
resources: [web.yaml, ./config.yaml, ../more]
namespace: shop
commonLabels: {app: shop}
images: [{name: acme/web, newName: ghcr.io/acme/web, newTag: "2.0"}, {name: init, digest: "sha256:%s"}]
patchesStrategicMerge: [more-env.yaml]
"""
    % ("a" * 64),
    "base/web.yaml": """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {tier: web}}
  template:
    metadata: {labels: {tier: web}}
    spec:
      serviceAccountName: web
      initContainers: [{name: first, image: init}]
      containers:
        - name: web
          image: acme/web:1.0
          env: [{name: A, value: "1"}, {name: B, value: "2"}]
          envFrom: [{configMapRef: {name: settings}}]
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {tier: web}, ports: [{port: 80}]}}
""",
    "base/config.yaml": "{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {depth: '3', old: x}}",
    "base/more-env.yaml": """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {template: {spec: {containers: [{name: web, env: [{name: B, value: "3"}, {name: C, value: "4"}]}]}}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings}, data: {old: null, new: z}}
""",
    "more/kustomization.yaml": "resources: [train.yaml]\n",
    "more/train.yaml": """
apiVersion: kubeflow.org/v1
kind: TFJob
metadata: {name: train}
spec:
  tfReplicaSpecs:
    Worker: {replicas: 2, template: {spec: {containers: [{name: tensorflow, image: "acme/web:1.0", args: [a]}]}}}
""",
    "prod/kustomization.yaml": """
bases: [../base]
namePrefix: prod-
nameSuffix: -x
commonAnnotations: {owner: growth}
labels: [{pairs: {env: prod}}, {pairs: {zone: a}, includeTemplates: true}, {pairs: {all: "1"}, includeSelectors: true}]
replicas: [{name: web, count: 5}]
patches:
  - path: args.yaml
    target: {kind: TFJob}
  - patch: |-
      - {op: add, path: /spec/template/spec/containers/0/args, value: [--fast]}
      - {op: replace, path: /spec/template/spec/containers/0/env/0/value, value: "9"}
      - {op: remove, path: /spec/template/spec/initContainers}
      - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: D, value: "5"}}
      - {op: add, path: /spec/template/spec/containers/0/env/0, value: {name: E, value: "6"}}
    target: {kind: Deployment, name: web}
""",
    "prod/args.yaml": """
apiVersion: kubeflow.org/v1
kind: TFJob
metadata: {name: any}
spec: {tfReplicaSpecs: {Worker: {template: {spec: {containers: [{name: tensorflow, image: "acme/other:1"}]}}}}}
""",
}
# What is Kustomize's own, and how it is told.
REFUSED = {
    "configMapGenerator: [{name: a, literals: [b=c]}]": "`configMapGenerator` is something that only Kustomize does",
    "helmCharts: [{name: a}]": "`helmCharts` is something that only Kustomize does",
    "vars: [{name: A}]": "`vars` is something that only Kustomize does",
    "resources: [absent.yaml]": "there is no `absent.yaml` here",
    "resources: [/etc/passwd]": "there is no `/etc/passwd` here",
    "resources: ['https://example.com/x.yaml']": "there is no `https://example.com/x.yaml` here",
    "resources: [[]]": "there is no `` here",
    "resources: [.]": "there is no `.` here",
    "patches: [{path: absent.yaml}]": "there is no such patch here",
    "patches: [{patch: '[{op: add, path: /a, value: 1}]'}]": "this patch hits nothing that is read here",
    "patches: [{patch: '{', target: {kind: Job}}]": "this patch cannot be read",
    "resources: [x.yaml]\npatches: [{patch: '[{op: copy, from: /a, path: /b}]', target: {kind: Job}}]": (
        "`copy /b` cannot be done here"
    ),
    "resources: [x.yaml]\npatches: [{patch: '[{op: remove, path: /a/9/b}]', target: {kind: Job}}]": (
        "`remove /a/9/b` cannot be done here"
    ),
    "resources: [x.yaml]\npatches: [{patch: '{kind: Job, metadata: {name: x}, $patch: delete}'}]": (
        "`$patch` is a directive that only Kustomize follows"
    ),
    "resources: [x.yaml]\npatches: [{patch: '[]', target: {labelSelector: a=b}}]": (
        "a target by labels is something that only Kustomize finds"
    ),
    "resources: [x.yaml]\nreplicas: [{name: other, count: 2}]": "no object that is read here has this name",
}


def written(root: Path, files: dict[str, str]) -> Path:
    for file, text in files.items():
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(text, "utf-8")
    return root


def read(root: Path, folder: str) -> list[Source]:
    """The objects of the kustomization in ``folder``."""
    data = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.yaml")}
    files = kustomization.Files(data, {}, [])
    found = kustomization.objects(files, files.kustomization(folder))
    assert not files.problems
    return found


def in_order(objects: list[Any]) -> list[str]:
    return sorted(json.dumps(one, sort_keys=True) for one in objects)


def mnist() -> Imported:
    return imported("mnist", {name: read(MNIST, name) for name in ENVIRONMENTS})


@pytest.mark.parametrize("folder", ["base", "more", "prod"])
def test_it_is_read_as_kustomize_reads_it(tmp_path: Path, kustomize: Build, folder: str) -> None:
    root = written(tmp_path, EVERYTHING)
    theirs = kustomize(root / folder)
    assert in_order([one.body.plain() for one in read(root, folder)]) == in_order(theirs)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_mnist_is_read_as_kustomize_reads_it(kustomize: Build, name: str) -> None:
    theirs = kustomize(MNIST / name)
    assert in_order([one.body.plain() for one in read(MNIST, name)]) == in_order(theirs)


def test_mnist_becomes_one_spec_of_a_third_of_the_lines() -> None:
    lines = sum(len(path.read_text("utf-8").splitlines()) for path in MNIST.rglob("*.yaml"))
    assert len(mnist().text.splitlines()) <= lines / 3


def test_a_spec_of_three_environments_says_what_is_different_in_each() -> None:
    spec = yaml.safe_load(mnist().text)
    assert list(spec["environments"]) == list(ENVIRONMENTS)
    local = spec["environments"]["local"]["workloads"]["mnist-train"]
    assert local == {
        "workers": 2,
        "image": "gcr.io/kubeflow-examples/mnist/model:v20190111-v0.2-148-g313770f",
        "env": {"modelDir": "/mnt/model", "exportDir": "/mnt/export", "trainSteps": 200},
        "data": ["local-storage"],
    }


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_mnist_has_the_same_job_in_each_environment(kustomize: Build, name: str) -> None:
    """What Kustomize builds of the old files is in what mlgen builds, compared without the importer's eyes."""
    found = mnist()
    built = [each.built for each in found.proofs[name].proven]
    assert not [each.missing for each in found.proofs[name].proven if each.missing]
    assert len(built) == 1
    assert built[0] is not None
    old = kustomize(MNIST / name)[0]
    assert lacking(old["spec"], built[0].body["spec"]) == []


def lacking(old: Any, new: Any, place: str = "") -> list[str]:
    """The places of ``old`` that ``new`` does not say."""
    if isinstance(old, dict) and isinstance(new, dict):
        return [one for key, value in old.items() for one in lacking(value, new.get(key), f"{place}.{key}")]
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(item, dict) for item in old):
        known = {item.get("mountPath") or item["name"]: item for item in new}
        names = [item.get("mountPath") or item["name"] for item in old]
        pairs = zip(names, old, strict=True)
        return [one for name, item in pairs for one in lacking(item, known.get(name), f"{place}.{name}")]
    return [] if old == new else [place]


@pytest.mark.parametrize(("text", "said"), REFUSED.items(), ids=REFUSED)
def test_what_only_kustomize_does_is_refused_with_the_way_out(tmp_path: Path, text: str, said: str) -> None:
    job = "{apiVersion: batch/v1, kind: Job, metadata: {name: x}, spec: {template: {spec: {}}}}"
    root = written(tmp_path, {"kustomization.yaml": f"{text}\n", "x.yaml": job})
    done = mlgen(root, "import", ".", "--format", "concise")
    assert done.code == 2
    assert said in done.err
    assert done.err.endswith("mlgen: there is no object to import\n")


def test_a_kustomization_and_what_it_builds_on_are_one_environment(tmp_path: Path) -> None:
    root = repository(written(tmp_path, {f"old/{file}": text for file, text in EVERYTHING.items()}))
    done = mlgen(root, "import", "old/prod", "-o", "projects/shop/mlgen.yaml")
    assert done.code == 0, done.err
    spec = yaml.safe_load((root / "projects/shop/mlgen.yaml").read_text("utf-8"))
    assert spec["environments"] == {"dev": {}}
    assert list(spec["workloads"]) == ["train"]
    assert spec["workloads"]["train"]["image"] == "docker.io/acme/other:1"


@pytest.mark.parametrize("number", range(len(ODD)))
def test_nothing_odd_is_a_traceback(tmp_path: Path, number: int) -> None:
    root = written(tmp_path, EVERYTHING)
    data = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*.yaml")}
    for file, whole in data.items():
        for odd in with_odd(next(yaml.safe_load_all(whole)), ODD[number]):
            files = kustomization.Files({**data, file: json.dumps(odd).encode()}, {}, [])
            kustomization.roots(files, ["base/kustomization.yaml", "prod/kustomization.yaml"])
            with contextlib.suppress(MlgenError):
                kustomization.objects(files, "prod/kustomization.yaml")


def test_kustomizations_that_build_on_each_other_are_refused(tmp_path: Path) -> None:
    files = {f"{name}/kustomization.yaml": f"resources: [../{other}]\n" for name, other in (("a", "b"), ("b", "a"))}
    done = mlgen(written(tmp_path, files), "import", ".", "--format", "concise")
    assert done.code == 2
    assert "there is no `../" in done.err


def test_a_whole_object_that_not_every_environment_has_is_told(tmp_path: Path) -> None:
    limits = "{apiVersion: v1, kind: ConfigMap, metadata: {name: limits}, data: {depth: '3'}}"
    files = {
        "prod/limits.yaml": limits,
        "prod/kustomization.yaml": "resources: [limits.yaml, x.yaml]\n",
        "dev/kustomization.yaml": "resources: [x.yaml]\n",
        **dict.fromkeys(("dev/x.yaml", "prod/x.yaml"), limits.replace("limits", "x")),
    }
    done = mlgen(written(tmp_path, files), "import", ".", "--format", "concise")
    said = "ConfigMap/limits is in `prod` and not in `dev`, and `manifests` are in all"
    assert f"prod/limits.yaml:1:24: warning[not-the-same] {said}\n" in done.err
    assert done.code == 0


def test_of_folders_above_only_kustomizations_are_read(tmp_path: Path) -> None:
    root = written(tmp_path, {"k/kustomization.yaml": "resources: [..]\n", "secret.yaml": "{a: hush}"})
    done = mlgen(root / "k", "import", ".", "--format", "concise")
    assert done.code == 2
    assert "kustomization.yaml:1:13: error[not-importable] there is no `..` here" in done.err
