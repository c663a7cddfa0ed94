"""One spec on many platforms: the projects of tests/cases/platforms are the reference's, and never change.

The committed overlays are compared in cases_test; here stands what else must be so of them.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.cases_test import platform_of
from tests.custom_test import Manifest, Shape, closed, served

from mlgen import disk, engine, profiles
from mlgen.platform import load

ROOT = Path(__file__).parents[1]
CASE = ROOT / "tests" / "cases" / "platforms"
PROJECTS = ("churn", "mnist", "ranker")
# What stands in the case's environments, and what they show.
PLATFORMS = {
    "plain": "plain",
    "kubeflow-1-11": "kubeflow-1.11",
    "kubeflow-26-03": "kubeflow-26.03",
    "newest": "newest-2026-08",
    "ray": {"ray": "kuberay-1.4"},
    "kserve": {"serving": "kserve-0.20"},
    "apache-spark": {"spark": "apache-spark-operator-1.0"},
}
# Upstream's CRDs of a group are of the version that this key of `platform` says.
GROUPS = {
    "argoproj.io": "pipelines",
    "keda.sh": "autoscaler",
    "ray.io": "ray",
    "serving.kserve.io": "serving",
    "spark.apache.org": "spark",
    "sparkoperator.k8s.io": "spark",
    "trainer.kubeflow.org": "pytorch",
}
# The back-ends whose CRDs are upstream's newest, which custom_test has without a name.
NEWEST = frozenset(
    "apache-spark-operator-1.0 argo-workflows-4.1 keda-2.20 kserve-0.20 kubeflow-trainer-2.2 kuberay-1.4 "
    "spark-operator-2.5".split()
)
NATIVE = ("", "apps", "batch", "autoscaling", "policy", "networking.k8s.io", "rbac.authorization.k8s.io")


def document(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return found


@cache
def built() -> dict[tuple[str, str], list[Manifest]]:
    """The objects by environment and project, and those that a pipeline will make."""
    platform = platform_of(CASE)
    return {
        (str(place.environment["name"].value), project): [
            body for manifest in place.manifests for body in with_created(dict(manifest.body))
        ]
        for project in platform.projects
        for place in engine.places(platform, project)
    }


def with_created(body: Manifest) -> Iterator[Manifest]:
    """An object, and what Argo will make by it."""
    yield body
    if body["kind"] == "WorkflowTemplate":
        for template in body["spec"]["templates"]:
            if "resource" in template and "manifest" in template["resource"]:
                yield yaml.safe_load(template["resource"]["manifest"])


def test_environments_differ_in_their_platform_alone() -> None:
    found = {path.stem: document(path) for path in (CASE / "environments").glob("*.yaml") if path.stem != "base"}
    head = {"apiVersion": "mlgen.dev/v1", "kind": "Environment"}
    assert found == {name: {**head, "name": name, "platform": said} for name, said in PLATFORMS.items()}
    assert "platform" not in document(CASE / "environments" / "base.yaml")


@pytest.mark.parametrize("project", PROJECTS)
def test_the_projects_are_those_of_the_reference_platform(project: str) -> None:
    """But for where they run; and `ranker` has something for Ray."""
    ours, theirs = (document(root / "projects" / project / "mlgen.yaml") for root in (CASE, ROOT))
    assert ours.keys() == theirs.keys()
    assert ours["environments"].keys() == PLATFORMS.keys()
    for whole in (ours, theirs):
        del whole["environments"]
        whole["workloads"].pop("tune", None)
        for part in whole["workloads"].values():
            part.pop("environments", None)
    assert ours == theirs


@pytest.mark.parametrize("project", PROJECTS)
def test_a_project_runs_on_every_platform(project: str) -> None:
    kinds = {name: {str(body["kind"]) for body in built()[name, project]} for name in PLATFORMS}
    assert "InferenceService" in kinds["kubeflow-26-03"] & kinds["newest"] & kinds["kserve"]
    assert "Deployment" in kinds["plain"] & kinds["kubeflow-1-11"] & kinds["ray"]
    assert not kinds["plain"] & {"TFJob", "TrainJob", "RayJob", "SparkApplication", "InferenceService", "Notebook"}
    trained = {"churn": "TFJob", "mnist": "TFJob", "ranker": "TrainJob"}[project]
    assert trained in kinds["kubeflow-1-11"] & kinds["kubeflow-26-03"] & kinds["newest"]


def on(said: Any) -> dict[str, bytes]:
    """The case, where the environment `plain` has the platform ``said``."""
    files, problems = disk.read_inputs(CASE)
    assert problems == []
    plain = files["environments/plain.yaml"]
    return {**files, "environments/plain.yaml": plain.replace(b"platform: plain", f"platform: {said}".encode())}


@pytest.mark.parametrize("name", PLATFORMS)
def test_another_platform_is_one_changed_line(name: str) -> None:
    """No byte of a project is another; what is built is what the environment of that platform builds."""
    said = yaml.safe_dump(PLATFORMS[name], default_flow_style=True, width=1000).removesuffix("\n...\n").strip()
    here, there = on("plain"), on(said)
    changed = {path for path in here if here[path] != there[path]}
    assert changed == ({"environments/plain.yaml"} if name != "plain" else set())
    old, new = (files["environments/plain.yaml"].splitlines() for files in (here, there))
    assert len(old) == len(new)
    assert sum(one != other for one, other in zip(old, new, strict=True)) == len(changed)
    platform = load(there)
    for project in PROJECTS:
        place = engine.one(platform, project, "plain")
        assert place.problems == []
        said_of = document(CASE / "projects" / project / "mlgen.yaml")["environments"]
        if said_of[name] == said_of["plain"]:
            moved = [dict(one.body) for one in place.manifests]
            own = [body for body in built()[name, project] if "tune" not in str(body["metadata"])]  # not all have it
            assert renamed(moved, project, "plain") == renamed(own, project, name)


def renamed(objects: list[Manifest], project: str, environment: str) -> list[str]:
    """Objects as texts that do not say in which environment they are, nor hash that; without what is about them all."""
    texts = [str(body) for body in objects if body["kind"] not in ("PrometheusRule", "Namespace")]
    unhashed = [re.sub(r"-(r[ow])-[0-9a-f]{10}|(train)-[0-9a-f]{10}", r"\1\2", text) for text in texts]
    return sorted(text.replace(f"ml-{project}-{environment}", "NAMESPACE") for text in unhashed)


def version(environment: str, group: str) -> str:
    """The back-end whose version of the group's CRDs an environment has; nothing where its key has only one."""
    said: Any = PLATFORMS[environment]
    chosen = profiles.load(said).platform if isinstance(said, str) else said
    named = chosen.get(GROUPS.get(group, ""), "")
    return "" if named in NEWEST else str(named)


@cache
def crd(group: str, kind: str, api: str, operator: str) -> Shape:
    """The whole resource as upstream publishes it, closed. Raises KeyError where it is not at hand."""
    text = served()[group, kind, operator].read_text("utf-8")
    versions = yaml.load(text, yaml.CSafeLoader)["spec"]["versions"]
    whole = closed(next(one["schema"]["openAPIV3Schema"] for one in versions if one["name"] == api and one["served"]))
    whole["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {"type": "object"}}
    return whole


@pytest.mark.parametrize("environment", PLATFORMS)
def test_every_object_is_one_of_the_upstream_crd_of_that_version(environment: str) -> None:
    judged, missing = set(), set()
    for project in PROJECTS:
        for body in built()[environment, project]:
            group, _, api = str(body["apiVersion"]).rpartition("/")
            if group in NATIVE:
                continue
            operator = version(environment, group)
            try:
                whole = crd(group, str(body["kind"]), api, operator)
            except KeyError:
                missing.add(f"{body['kind']} of {operator or group}")
                continue
            jsonschema.Draft202012Validator(whole).validate(body)
            judged.add(str(body["kind"]))
    assert judged
    if missing:
        pytest.skip(f"held: {', '.join(sorted(judged))}; ../shared/crds has no {', '.join(sorted(missing))}")
