"""Serving on KServe: one spec, the container that it has anyway, and what each version has for a canary."""

from typing import Any

import jsonschema
import pytest
from tests.custom_test import SHARED, accepted
from tests.kinds.canary_test import GATEWAY, MODEL
from tests.kinds.serving_test import CUSTOM, INGRESS
from tests.kubernetes_test import documents
from tests.small import built, place

from mlgen import health, operators
from mlgen.footprint import footprint
from mlgen.gathered import Gathered
from mlgen.kubernetes import check
from mlgen.labelled import labelled

VERSIONS = ("0.16", "0.20")
ONE = MODEL.replace("    canary: {version: 43, weight: %d}\n", "")
WATCHED = "monitoring: {from: prometheus-operator, dashboards: true}\n"
CLOSED = GATEWAY.replace("network: {", "network: {default: deny, ")
versions = pytest.mark.parametrize("version", VERSIONS)


def on(version: str, more: str = GATEWAY) -> str:
    return f"platform: {{serving: kserve-{version}}}\n{more}"


def predictors(objects: dict[str, Any]) -> dict[str, Any]:
    """What answers, by its workload's label, wherever the version has it."""
    found: dict[str, Any] = {}
    for name, body in objects.items():
        if name.startswith("InferenceService/"):
            every = [body["spec"]["predictor"], *(one["predictor"] for one in body["spec"].get("canary", ()))]
            found |= {one["labels"]["mlgen.dev/workload"]: one for one in every}
    return found


@versions
def test_an_inference_service_is_what_its_own_version_takes(version: str) -> None:
    objects = built(MODEL % ("triton", 10), on(version, GATEWAY + "registry: {host: r.example, pullSecret: acr}\n"))
    bodies = [body for name, body in objects.items() if name.startswith("InferenceService/")]
    for body in bodies:
        own = frozenset({f"kserve-{version}"})
        assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor, own)] == []
        assert list(operators.check(body)) == []
    if version == "0.20":
        assert all(accepted(body) for body in bodies)
        assert list(check(bodies[0], "1.34", frozenset({"kserve-0.16"}))) != [], "it had no canary"


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the CRD of 0.16, which lies beside the project")
def test_the_crd_of_the_older_version_takes_it() -> None:
    [crd] = documents(SHARED / "crds" / "kserve-v0.16.0" / "serving.kserve.io_inferenceservices.yaml")
    shape = crd["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]
    for name, body in built(MODEL % ("triton", 10), on("0.16")).items():
        if name.startswith("InferenceService/"):
            jsonschema.Draft202012Validator(shape).validate(body["spec"])
            assert set(body["spec"]["predictor"]) <= set(shape["properties"]["predictor"]["properties"])


@versions
def test_the_mode_is_stated_and_the_way_in_is_ours(version: str) -> None:
    objects = built(ONE % "triton", on(version))
    metadata = objects["InferenceService/serve"]["metadata"]
    assert metadata["annotations"]["serving.kserve.io/deploymentMode"] == "Standard"
    assert metadata["labels"]["networking.kserve.io/visibility"] == "cluster-local"
    assert objects["HTTPRoute/serve"]["spec"]["rules"] == [{"backendRefs": [{"name": "serve", "port": 8000}]}]


@versions
def test_its_address_is_that_of_a_deployment(version: str) -> None:
    """Whoever asks it inside the cluster asks the same host and port, whatever an environment runs it with."""
    spec = ONE % "tensorflow-serving"
    plain, ours = built(spec, GATEWAY), built(spec, on(version))
    assert ours["Service/serve"] == plain["Service/serve"]
    assert ours["HTTPRoute/serve"] == plain["HTTPRoute/serve"]
    selector = ours["Service/serve"]["spec"]["selector"]
    assert selector.items() <= predictors(ours)["serve"]["labels"].items()


@versions
@pytest.mark.parametrize("server", ["tensorflow-serving", "triton"])
def test_the_container_is_that_of_a_deployment(version: str, server: str) -> None:
    spec = ONE % server
    pod = built(spec, GATEWAY)["Deployment/serve"]["spec"]["template"]["spec"]
    found = predictors(built(spec, on(version)))["serve"]
    [ours], [theirs] = found["containers"], pod["containers"]
    assert ours["name"] == "kserve-container"
    assert ours["ports"][0]["name"] == "http", "KServe's Service has the first one on port 80"
    assert sorted(map(str, ours["ports"])) == sorted(map(str, theirs["ports"]))
    assert ours["resources"]["limits"]["cpu"] == theirs["resources"]["requests"]["cpu"], "the webhook would write 1"
    apart = ("name", "ports", "resources")
    assert {**ours, **dict.fromkeys(apart)} == {**theirs, **dict.fromkeys(apart)}
    rest = pod.keys() - {"containers"}
    assert {key: found[key] for key in rest} == {key: pod[key] for key in rest}


@versions
def test_kserves_autoscaler_has_both_bounds(version: str) -> None:
    scaled = predictors(built(ONE % "triton", on(version)))["serve"]
    bounds = ("minReplicas", "maxReplicas", "scaleMetric", "scaleTarget")
    assert [scaled.get(key) for key in bounds] == [4, 30, "cpu", 70]
    fixed = predictors(built(CUSTOM % ", replicas: {min: 2}", on(version, "")))["api"]
    assert [fixed.get(key) for key in bounds] == [2, 2, None, None]


@versions
def test_an_operators_objects_are_not_ours(version: str) -> None:
    objects = built(ONE % "triton", on(version))
    assert not [name for name in objects if name.partition("/")[0] in ("Deployment", "HorizontalPodAutoscaler")]
    assert objects["PodDisruptionBudget/serve"]["spec"]["maxUnavailable"] == 1


def test_a_canary_of_the_older_version_is_a_service_of_its_own() -> None:
    objects = built(MODEL % ("triton", 10), on("0.16"))
    assert {"InferenceService/serve", "InferenceService/serve-canary"} <= set(objects)
    canary = objects["InferenceService/serve-canary"]["spec"]["predictor"]
    assert (canary["minReplicas"], canary["maxReplicas"]) == (1, 3)


def test_a_canary_of_the_newer_version_is_a_part_of_it() -> None:
    objects = built(MODEL % ("triton", 10), on("0.20"))
    assert "InferenceService/serve-canary" not in objects
    [canary] = objects["InferenceService/serve"]["spec"]["canary"]
    assert canary["trafficPercent"] == 10
    assert canary["predictor"]["name"] == "canary"
    assert canary["predictor"]["minReplicas"] == 1
    assert not {"maxReplicas", "scaleTarget", "scaleMetric", "autoScaling"} & set(canary["predictor"]), "refused there"


@versions
def test_the_route_shares_requests_out(version: str) -> None:
    objects = built(MODEL % ("triton", 10), on(version))
    (rule,) = objects["HTTPRoute/serve"]["spec"]["rules"]
    assert [(one["name"], one["weight"]) for one in rule["backendRefs"]] == [("serve", 90), ("serve-canary", 10)]
    pods = {name: one["labels"] for name, one in predictors(objects).items()}
    for name in ("serve", "serve-canary"):
        selector = objects[f"Service/{name}"]["spec"]["selector"]
        assert [other for other, labels in pods.items() if selector.items() <= labels.items()] == [name]


@versions
def test_policies_and_monitors_find_its_pods(version: str) -> None:
    objects = built(MODEL % ("triton", 10), on(version, CLOSED + WATCHED))
    for name, predictor in predictors(objects).items():
        policy = objects[f"NetworkPolicy/{name}"]["spec"]
        monitor = objects[f"PodMonitor/{name}"]["spec"]
        declared = {port["name"]: port["containerPort"] for port in predictor["containers"][0]["ports"]}
        for selector in (policy["podSelector"], monitor["selector"]):
            assert selector["matchLabels"].items() <= predictor["labels"].items()
        assert monitor["podMetricsEndpoints"][0]["port"] in declared
        assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} <= set(declared.values())
        assert "ServiceMonitor" not in {one.partition("/")[0] for one in objects}, "KServe's Service has its labels too"


@versions
def test_alerts_and_dashboards_are_about_what_kserve_makes(version: str) -> None:
    objects = built(MODEL % ("triton", 10), on(version, GATEWAY + WATCHED))
    rules = str(objects["PrometheusRule/serve"])
    assert 'deployment="serve-predictor"' in rules
    assert 'horizontalpodautoscaler="serve-predictor"' in rules
    assert 'deployment="serve-canary-predictor"' in str(objects["PrometheusRule/serve-canary"])
    [drawn] = objects["ConfigMap/serve-dashboard"]["data"].values()
    assert "serve-predictor-[a-z0-9]+-[a-z0-9]{5}" in drawn
    assert "service=" not in drawn, "metrics of pods have no Service"


@versions
def test_its_pods_are_known_and_counted(version: str) -> None:
    found = place(MODEL % ("triton", 10), on(version))
    bodies = [one.body for one in found.manifests if one.ref.kind == "InferenceService"]
    labels = [pods.labels for index, body in enumerate(bodies) for pods in labelled(index, body)]
    assert {str(one["mlgen.dev/workload"]) for one in labels if one} == {"serve", "serve-canary"}
    assert sum(share.most for share in footprint(Gathered(bodies))) == 30 + (3 if version == "0.16" else 1)


@versions
def test_an_ingress_reaches_it_by_its_own_service(version: str) -> None:
    objects = built(CUSTOM % ", host: api", on(version, INGRESS))
    [path] = objects["Ingress/api"]["spec"]["rules"][0]["http"]["paths"]
    assert path["backend"] == {"service": {"name": "api", "port": {"name": "http"}}}
    assert "http" in [port["name"] for port in objects["Service/api"]["spec"]["ports"]]


@versions
def test_flux_waits_for_its_deployment(version: str) -> None:
    """Its own status has observed the generation of that Deployment, which is another count."""
    gitops = 'gitops: {engine: flux, repository: "https://git.example.com/acme/ml.git"}\n'
    found: dict[str, Any] = {one.ref.kind: one.body for one in place(CUSTOM % "", on(version, gitops)).pointers}
    spec = found["Kustomization"]["spec"]
    wanted = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api-predictor", "namespace": "ml-demo-dev"}
    assert spec["healthChecks"] == [wanted]
    assert "healthCheckExprs" not in spec
    assert ("serving.kserve.io", "InferenceService") in health.EVERY
