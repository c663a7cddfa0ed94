"""What a cluster's definitions show: each mark by itself, what they leave open, and the shortest entry for all."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.terminal import HEAD

from mlgen import detecting, profiles
from mlgen.detecting import shown
from mlgen.detecting.marks import BESIDE, Mark, marks
from mlgen.platform import load
from mlgen.schema import load as schema_of

CRDS = Path(__file__).parents[2] / "shared" / "crds"
PLAIN = profiles.filled(profiles.load(profiles.PLAIN))
OPEN = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
CRON, TRAINJOB = "cronworkflows.argoproj.io", "trainjobs.trainer.kubeflow.org"


def schema(*paths: str) -> dict[str, Any]:
    """A schema with just these fields."""
    whole: dict[str, Any] = {"type": "object", "properties": {"spec": {"type": "object"}}}
    for path in paths:
        node = whole
        for step in path.split("."):
            node = node.setdefault("properties", {}).setdefault(step, {"type": "object"})
    return whole


def definition(resource: str, kind: str, versions: dict[str, Any], label: str = "") -> dict[str, Any]:
    plural, _, group = resource.partition(".")
    served = [{"name": name, "served": True, "schema": {"openAPIV3Schema": one}} for name, one in versions.items()]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": resource, "labels": {"app.kubernetes.io/version": label} if label else {}},
        "spec": {"group": group, "names": {"kind": kind, "plural": plural}, "versions": served},
    }


def keys_of(mark: Mark) -> list[str]:
    """JobSets can be behind two keys."""
    return [other.key for other in marks() if other.backend == mark.backend and other.resource == mark.resource]


def detected(*bodies: dict[str, Any]) -> detecting.Detected:
    return detecting.detect({body["metadata"]["name"]: shown.definition(body) for body in bodies})


@pytest.mark.parametrize("mark", marks(), ids=lambda mark: f"{mark.key}-{mark.backend}")
def test_a_back_end_shows_by_its_mark(mark: Mark) -> None:
    found = detected(definition(mark.resource, "Thing", {mark.version: schema(*mark.has)}))
    assert {one.key: one.backends for one in found.found} == dict.fromkeys(keys_of(mark), (mark.backend,))
    assert found.untold == []
    because = {one.because for one in found.found}
    assert because == {f"Thing of {mark.resource.partition('.')[2]}/{mark.version} is there"} or "has `" in str(because)


@pytest.mark.parametrize("mark", marks(), ids=lambda mark: f"{mark.key}-{mark.backend}")
def test_a_mark_is_of_a_back_end_that_may_be_chosen(mark: Mark) -> None:
    text = f"{HEAD.format('Environment', 'base')}platform: {{{mark.key}: {mark.backend}}}\n"
    assert load({"environments/base.yaml": text.encode()}).problems == ()


def test_every_operator_has_a_mark() -> None:
    choices = schema_of("environment").root["definitions"]["complete"]["properties"]["platform"]["properties"]
    named = {(key, backend) for key, plain in PLAIN.items() for backend in choices[key]["enum"] if backend != plain}
    marked = {(mark.key, mark.backend) for mark in marks()}
    assert not named - marked, (
        f"say under `x-marks` of their schemas what shows {named - marked} in a cluster's definitions"
    )
    assert not marked - named


def test_what_is_served_in_another_version_is_told() -> None:
    found = detected(definition("mpijobs.kubeflow.org", "MPIJob", {"v2beta1": schema()}))
    assert (found.entry, found.found) == ("plain", [])
    assert found.untold == [
        "mpijobs.kubeflow.org is of a version that mlgen has no back-end for: it serves v2beta1 and not v1, which "
        "`kubeflow-training-1.9` needs"
    ]


def test_an_older_operator_is_told_by_what_it_lacks() -> None:
    found = detected(definition("rayjobs.ray.io", "RayJob", {"v1": schema("spec.rayClusterSpec")}))
    assert (found.entry, found.found) == ("plain", [])
    assert "RayJob has no `spec.rayClusterSpec.autoscalerOptions.version`, which `kuberay-1.4` needs" in found.untold[0]


def test_a_definition_without_fields_leaves_a_choice_and_a_label_takes_it() -> None:
    guess = detected(definition(CRON, "CronWorkflow", {"v1alpha1": {"properties": {"spec": OPEN}}}))
    (untold,) = guess.untold
    assert guess.entry == {"pipelines": "argo-workflows-4.1"}
    assert untold.endswith(
        "`argo-workflows-3.7` and `argo-workflows-4.1` cannot be told apart: `argo-workflows-4.1` is a guess"
    )
    for label, backend in (
        ("v3.7.2", "argo-workflows-3.7"),
        ("v4.0.1", "argo-workflows-3.7"),
        ("4.2.0", "argo-workflows-4.1"),
    ):
        told = detected(definition(CRON, "CronWorkflow", {"v1alpha1": {"properties": {"spec": OPEN}}}, label))
        assert (told.entry, told.untold) == ({"pipelines": backend}, [])
        assert told.found[0].because.endswith(f", labelled {label.removeprefix('v')}")


def test_what_a_profile_says_of_an_open_choice_is_taken() -> None:
    bodies = [definition(CRON, "CronWorkflow", {"v1alpha1": {"properties": {"spec": OPEN}}})]
    for backend in profiles.load("kubeflow-26.03").platform.values():
        for mark in marks():
            if mark.backend == backend and mark.resource != CRON:
                bodies.append(definition(mark.resource, "Thing", {mark.version: schema(*mark.has)}))
    found = detected(*bodies)
    assert found.entry == "kubeflow-26.03"
    assert next(one.backends for one in found.found if one.key == "pipelines")[0] == "argo-workflows-3.7"
    assert "`argo-workflows-3.7` is a guess" in found.untold[0]


def test_a_version_that_is_not_served_is_not_there() -> None:
    body = definition(TRAINJOB, "TrainJob", {"v1alpha1": schema("spec.runtimePatches")})
    body["spec"]["versions"][0]["served"] = False
    assert detected(body).entry == "plain"


def test_what_else_an_environment_may_say_is_said_once() -> None:
    every = [definition(resource, "Thing", {version: schema()}) for resource, version, _ in BESIDE]
    keys = [line.partition(":")[0] for line in detected(*every).beside]
    assert keys == ["queue", "scheduler", "secrets", "monitoring", "network"]
    assert detected(*every[1:2]).beside == ["queue: {from: kueue-0.14, cluster: NAME}"]


@pytest.mark.parametrize("line", [line for _, _, line in BESIDE])
def test_what_else_may_be_said_is_so_written(line: str) -> None:
    text = f"{HEAD.format('Environment', 'base')}{line}".replace("NAMESPACE", "gateways").replace("NAME", "ml")
    assert load({"environments/base.yaml": text.encode()}).problems == ()


CHOICES = {key: sorted({mark.backend for mark in marks() if mark.key == key}) for key in PLAIN}


@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.lists(st.sampled_from(backends), min_size=1, unique=True)
            for key, backends in CHOICES.items()
            if backends
        },
    )
)
def test_an_entry_says_what_was_found_and_nothing_else(found: dict[str, list[str]]) -> None:
    entry = detecting.shortest(found)
    text = yaml.safe_dump({"platform": entry})
    platform = load({"environments/base.yaml": f"{HEAD.format('Environment', 'base')}{text}".encode()})
    assert platform.problems == ()
    said = platform.environments["base"]["platform"]
    for key, plain in PLAIN.items():
        chosen = said.get(key)
        value = chosen.value if chosen is not None else None
        assert value in found.get(key, [plain]), (key, entry)


@pytest.mark.parametrize("name", profiles.names())
def test_a_profile_is_its_own_shortest_entry(name: str) -> None:
    assert detecting.shortest({key: [backend] for key, backend in profiles.load(name).platform.items()}) == name


# ---- what upstream publishes ------------------------------------------------------------------------------------

UPSTREAM = {
    "kserve/serving.kserve.io_inferenceservices.yaml": {"serving": "kserve-0.20"},
    "kserve-v0.16.0/serving.kserve.io_inferenceservices.yaml": {"serving": "kserve-0.16"},
    "trainer/trainer.kubeflow.org_trainjobs.yaml": {"pytorch": "kubeflow-trainer-2.2"},
    "trainer-v2.1.0/trainer.kubeflow.org_trainjobs.yaml": {"pytorch": "kubeflow-trainer-2.1"},
    "argo-workflows/argoproj.io_cronworkflows.yaml": {"pipelines": "argo-workflows-4.1"},
    "argo-workflows-v3.7/argoproj.io_cronworkflows.yaml": {"pipelines": "argo-workflows-3.7"},
    "training-operator/kubeflow.org_tfjobs.yaml": {"tensorflow": "kubeflow-training-1.9"},
    "training-operator/kubeflow.org_pytorchjobs.yaml": {"pytorch": "kubeflow-training-1.9"},
    "training-operator/kubeflow.org_mpijobs.yaml": {"mpi": "kubeflow-training-1.9"},
    "kubeflow-notebooks/kubeflow.org_notebooks.yaml": {"notebook": "kubeflow-notebooks-1.10"},
    "spark-operator/sparkoperator.k8s.io_sparkapplications.yaml": {"spark": "spark-operator-2.5"},
    "apache-spark-operator/sparkapplications.spark.apache.org-v1.yaml": {"spark": "apache-spark-operator-1.0"},
    "jobset/jobset.x-k8s.io_jobsets.yaml": {"pytorch": "jobset-0.12", "tensorflow": "jobset-0.12"},
    "kubeflow-katib/experiment.yaml": {"sweep": "katib-0.19"},
    "kuberay/ray.io_rayjobs.yaml": {"ray": "kuberay-1.4"},
    "keda/keda.sh_scaledobjects.yaml": {"autoscaler": "keda-2.20"},
}


@pytest.mark.parametrize("file", UPSTREAM)
def test_what_upstream_publishes_shows_what_it_is(file: str) -> None:
    if not CRDS.is_dir():
        pytest.skip("../shared is not here: no mark was held against a published definition")
    body = yaml.load((CRDS / file).read_text("utf-8"), yaml.CSafeLoader)
    found = detected(body)
    assert {one.key: one.backends[0] for one in found.found} == UPSTREAM[file]
    assert found.untold == []
