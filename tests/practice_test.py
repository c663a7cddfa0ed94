"""Good practice: whatever an object is, a rule never stumbles over it; and what mlgen builds is good."""

import json
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import ROOT

from mlgen import disk, document, engine, practice
from mlgen.body import Body
from mlgen.gathered import Gathered, Setting
from mlgen.linted import lint
from mlgen.platform import load
from mlgen.problem import in_order
from mlgen.rules.rule import Rule

LINT = Setting("1.34")
PLATFORMS = [ROOT, *sorted(path.parent for path in ROOT.glob("tests/cases/*/environments"))]
DEPLOYMENT: Body = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "serve", "namespace": "ml", "labels": {"app": "serve"}},
    "spec": {
        "selector": {"matchLabels": {"app": "serve"}},
        "template": {
            "metadata": {"labels": {"app": "serve"}},
            "spec": {
                "automountServiceAccountToken": False,
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [
                    {
                        "name": "server",
                        "image": "ghcr.io/acme/serve:1.0",
                        "args": ["--port=8080", "--workers=2"],
                        "env": [{"name": f"SETTING_{index}", "value": str(index)} for index in range(8)],
                        "ports": [{"name": "http", "containerPort": 8080}],
                        "resources": {"requests": {"cpu": "1", "memory": "2Gi"}, "limits": {"memory": "2Gi"}},
                        "readinessProbe": {"httpGet": {"path": "/ready", "port": "http"}},
                        "livenessProbe": {"tcpSocket": {"port": "http"}, "periodSeconds": 20},
                        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                        "volumeMounts": [{"name": "data", "mountPath": "/data", "readOnly": True}],
                    }
                ],
                "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data", "readOnly": True}}],
            },
        },
    },
}


def found(*bodies: Any, setting: Setting = LINT) -> list[str]:
    return [finding.fault.rule for finding in practice.check(Gathered(bodies), setting)]


@pytest.mark.parametrize("root", PLATFORMS, ids=[root.name for root in PLATFORMS])
def test_what_mlgen_builds_is_good_practice(root: Path) -> None:
    files, unread = disk.read_inputs(root)
    platform = load(files, tuple(unread))
    assert in_order(engine.check(platform, sorted(platform.projects))) == []


def test_a_sound_deployment_is_left_alone() -> None:
    assert found(DEPLOYMENT) == []


@pytest.mark.parametrize("rule", practice.RULES, ids=lambda rule: rule.id)
def test_a_rule_can_be_ignored_and_says_where_it_is_from(rule: Rule) -> None:
    assert rule.ignorable
    assert rule.source
    assert rule.bad
    assert len(f"ignore.{rule.id}") <= 63, "the name of an annotation"


def test_nothing_is_an_error_where_nobody_said_which_environment() -> None:
    for file in sorted((ROOT / "tests" / "manifests").glob("*/*.bad.yaml")):
        ids = {rule.id for rule in practice.RULES}
        said = [one for one in lint({file.name: file.read_bytes()}, LINT).problems if one.rule in ids]
        assert {one.severity for one in said} <= {"warning"}


Odd = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def manifests() -> list[Body]:
    found: list[Body] = [DEPLOYMENT]
    for file in sorted((ROOT / "tests" / "manifests").glob("*/*.yaml")):
        for root in document.parse(file.read_bytes(), file=file.name, dialect="kubernetes").documents:
            plain = root.plain()
            if isinstance(plain, dict) and plain.get("kind") != "Environment":
                found.append(plain)
    return found


MANIFESTS = manifests()


def places(value: Any) -> list[Any]:
    """Every map and list below, with what may be replaced in it."""
    if isinstance(value, dict):
        return [(value, key) for key in value] + [place for below in value.values() for place in places(below)]
    if isinstance(value, list):
        return [(value, index) for index in range(len(value))] + [place for below in value for place in places(below)]
    return []


@given(st.data())
def test_a_rule_never_stumbles(data: st.DataObject) -> None:
    body = json.loads(json.dumps(data.draw(st.sampled_from(MANIFESTS))))
    for _ in range(data.draw(st.integers(1, 3))):
        every = places(body)
        if every:
            parent, key = data.draw(st.sampled_from(every))
            parent[key] = data.draw(Odd)
    offer = load({"environments/dev.yaml": b"apiVersion: mlgen.dev/v1\nkind: Environment\nname: dev\n"})
    for setting in (LINT, Setting("1.34", offer.environments["dev"])):
        for finding in practice.check(Gathered([body, DEPLOYMENT]), setting):
            assert finding.fault.message


def test_real_manifests_are_read_without_stumbling(shared: Path) -> None:
    for file in sorted((shared / "samples").rglob("*.yaml")) + sorted((shared / "accepted").rglob("*.yaml")):
        documents = document.parse(file.read_bytes(), file=file.name, dialect="kubernetes").documents
        bodies = [plain for root in documents if isinstance(plain := root.plain(), dict)]
        for finding in practice.check(Gathered(bodies), LINT):
            assert documents[0] is not None
            assert finding.fault.message


def test_the_model_of_an_inference_service() -> None:
    spec = {"predictor": {"model": {"modelFormat": {"name": "onnx"}, "storageUri": "gs://models/churn/latest"}}}
    service = {"apiVersion": "serving.kserve.io/v1beta1", "kind": "InferenceService", "spec": spec}
    assert found(service) == ["moving-model"]


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 0 30 2 *", ["never-runs"]),
        ("0 0 31 2,4,6,9,11 *", ["never-runs"]),
        ("0 0 31 2-3 *", []),
        ("0 0 30 2 mon", ["odd-schedule"]),
        ("0 0 */2 * mon", ["odd-schedule"]),
        ("*/61 * * * *", ["odd-schedule"]),
        ("61 * * * *", []),  # others refuse it
        ("@every 5m", []),
        ("CRON_TZ=UTC 0 0 31 feb ?", ["never-runs"]),
        ("0 0 0 0 0", []),
        ("", []),
    ],
)
def test_schedules(schedule: str, expected: list[str]) -> None:
    flow = {"apiVersion": "argoproj.io/v1alpha1", "kind": "CronWorkflow", "spec": {"schedules": [schedule]}}
    assert found(flow) == expected


def test_a_thousand_deployments_take_no_time() -> None:
    many = [json.loads(json.dumps(DEPLOYMENT)) for _ in range(1000)]
    for index, body in enumerate(many):
        body["metadata"]["name"] = f"serve-{index}"
    start = process_time()
    assert found(*many) == []
    assert process_time() - start < 2, "0.2 ms each on a usual machine"
