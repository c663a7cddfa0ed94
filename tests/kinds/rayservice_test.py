"""Ray Serve: a Deployment on a plain cluster, and a RayService on KubeRay, at one address."""

import json
from typing import Any

import pytest
from tests.custom_test import SHARED, accepted
from tests.kubernetes_test import documents
from tests.small import built, problems

from mlgen import operators
from mlgen.kubernetes import check

SPEC = """\
data: {models: {claim: models}}
secrets: {maps: [MAPS_KEY]}
workloads:
  answer:
    kind: serving
    server: ray
    image: ghcr.io/acme/answer:1
    application: answer.serve:app
    data: [models]
    secrets: [maps]
    env: {MODEL: /data/models/7}
    replicas: {min: 2}
    resources: {cpu: 4, memory: 16Gi, gpu: {a100: 1}}
"""
GPUS = "gpus: {a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}, total: 16}}\n"
KUBERAY = f"{GPUS}platform: {{serving: kuberay-1.4}}\n"
CLOSED = f"{KUBERAY}network: {{default: deny}}\noperators: {{ray: kuberay}}\n"
GROWS = SPEC.replace("{min: 2}", "{min: 2, max: 6}")


def service(spec: str = SPEC, environment: str = KUBERAY) -> Any:
    return built(spec, environment)["RayService/answer"]


def cluster(spec: str = SPEC) -> Any:
    return service(spec)["spec"]["rayClusterConfig"]


def test_what_is_built_is_what_the_crd_takes() -> None:
    for spec in (SPEC, GROWS):
        body = service(spec)
        assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor)] == []
        assert list(operators.check(body)) == []
        assert accepted(body)


def test_upstream_examples_pass() -> None:
    paths = list(SHARED.glob("samples/*kuberay*/*service*.y*ml")) or pytest.skip("../shared is not here")
    bodies = [body for path in paths for body in documents(path) if body.get("kind") == "RayService"]
    assert len(bodies) > 5
    assert [fault for body in bodies for fault in operators.check(body) if fault.severity == "error"] == []


def test_ray_is_told_of_the_same_application_on_both() -> None:
    expected = [{"name": "answer", "route_prefix": "/", "import_path": "answer.serve:app"}]
    assert json.loads(service()["spec"]["serveConfigV2"]) == {"applications": expected}
    plain = built(SPEC, GPUS)
    [config] = [body for name, body in plain.items() if name.startswith("ConfigMap/")]
    whole = json.loads(config["data"]["serve.json"])
    assert whole["applications"] == expected
    assert whole["http_options"] == {"host": "0.0.0.0", "port": 8000}, "by itself Ray answers the pod alone"
    [container] = plain["Deployment/answer"]["spec"]["template"]["spec"]["containers"]
    assert container["command"] == ["serve", "run", "/etc/mlgen/serve.json"]
    assert {"/etc/mlgen", "/dev/shm", "/data/models"} == {one["mountPath"] for one in container["volumeMounts"]}
    assert container["readinessProbe"]["httpGet"] == {"path": "/-/healthz", "port": "http"}


def test_the_address_is_the_same_on_both() -> None:
    plain = built(SPEC, GPUS)["Service/answer"]
    assert [port["port"] for port in plain["spec"]["ports"]] == [8000]
    theirs = service()["spec"]["serveService"]
    assert theirs["metadata"]["name"] == plain["metadata"]["name"] == "answer"
    assert theirs["spec"]["ports"] == [{"name": "serve", "port": 8000}]
    ports = cluster()["headGroupSpec"]["template"]["spec"]["containers"][0]["ports"]
    assert {"name": "serve", "containerPort": 8000} in ports, "without it KubeRay makes no Service"


def test_a_way_in_leads_to_kuberays_service() -> None:
    way = "domain: example.com\nnetwork: {gateway: {name: ml, namespace: gateways}}\n"
    objects = built(f"{SPEC}    host: answer\n", KUBERAY + way)
    [rule] = objects["HTTPRoute/answer"]["spec"]["rules"]
    assert [(one["name"], one["port"]) for one in rule["backendRefs"]] == [("answer", 8000)]


def test_no_request_and_no_replica_goes_to_the_head() -> None:
    assert service()["spec"]["excludeHeadPodFromServeSvc"] is True
    assert cluster()["headGroupSpec"]["rayStartParams"]["num-cpus"] == "0"
    head = cluster()["headGroupSpec"]["template"]["spec"]
    assert head["containers"][0]["resources"]["limits"] == {"memory": "4Gi"}
    assert "nodeSelector" not in head


def test_workers_are_as_many_as_replicas_and_scaled_only_where_that_changes() -> None:
    [group] = cluster()["workerGroupSpecs"]
    assert [group[key] for key in ("replicas", "minReplicas", "maxReplicas")] == [2, 2, 2]
    assert not {"enableInTreeAutoscaling", "autoscalerOptions"} & set(cluster())
    assert cluster()["headGroupSpec"]["template"]["spec"]["automountServiceAccountToken"] is False
    [group] = cluster(GROWS)["workerGroupSpecs"]
    assert [group[key] for key in ("replicas", "minReplicas", "maxReplicas")] == [2, 2, 6]
    assert cluster(GROWS)["enableInTreeAutoscaling"] is True
    assert cluster(GROWS)["headGroupSpec"]["template"]["spec"]["automountServiceAccountToken"] is True


def test_what_scales_the_cluster_is_restricted_too() -> None:
    """KubeRay puts it beside the head, and by itself without a security context."""
    options = cluster(GROWS)["autoscalerOptions"]
    assert options["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}
    assert options["resources"]["limits"] == {"cpu": "500m", "memory": "512Mi"}


def test_head_and_workers_have_what_the_application_needs() -> None:
    for group in (cluster()["headGroupSpec"], *cluster()["workerGroupSpecs"]):
        [container] = group["template"]["spec"]["containers"]
        assert {"MODEL", "MAPS_KEY"} <= {entry["name"] for entry in container["env"]}
        assert "/data/models" in {mount["mountPath"] for mount in container["volumeMounts"]}
        assert not {"command", "args"} & set(container), "KubeRay writes its own"
        assert group["template"]["spec"]["securityContext"]["runAsNonRoot"] is True


def test_in_a_closed_network_the_operator_asks_the_head_and_each_pod_that_answers() -> None:
    policy = built(SPEC, CLOSED)["NetworkPolicy/answer"]["spec"]
    operator = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kuberay"}}}
    ports = [{"protocol": "TCP", "port": number} for number in (8265, 8000)]
    assert {"from": [operator], "ports": ports} in policy["ingress"]
    callers = {"podSelector": {"matchLabels": {"mlgen.dev/project": "demo"}}}
    assert {"from": [callers], "ports": [{"protocol": "TCP", "port": 8000}]} in policy["ingress"]


def test_a_closed_network_without_the_operators_namespace_is_refused() -> None:
    (problem,) = problems(SPEC, CLOSED.replace("operators: {ray: kuberay}\n", ""))
    assert problem.rule == "unreached-head"
    assert problems(SPEC, f"{GPUS}network: {{default: deny}}\n") == [], "a Deployment has no operator"


@pytest.mark.parametrize(("total", "enough"), [(6, True), (5, False)])
def test_gpus_are_counted_as_far_as_it_grows(total: int, enough: bool) -> None:
    found = problems(GROWS, KUBERAY.replace("total: 16", f"total: {total}"))
    assert (found == []) is enough


def test_every_other_server_is_what_it_is_anywhere() -> None:
    spec = """\
workloads:
  answer: {kind: serving, server: custom, image: "ghcr.io/acme/answer:1", replicas: {min: 2, max: 4}}
"""
    assert built(spec, "platform: {serving: kuberay-1.4}\n") == built(spec)


def test_metrics_and_the_alert_when_nobody_answers() -> None:
    objects = built(SPEC, f"{KUBERAY}monitoring: {{from: prometheus-operator}}\n")
    [endpoint] = objects["PodMonitor/answer"]["spec"]["podMetricsEndpoints"]
    assert endpoint["port"] == "metrics"
    [alert] = objects["PrometheusRule/answer"]["spec"]["groups"][0]["rules"]
    assert (alert["alert"], alert["for"]) == ("ServingDown", "1200s")
    assert 'pod=~"answer-.*-workers-.*"' in alert["expr"]


def test_a_canary_is_a_cluster_of_its_own() -> None:
    way = "domain: example.com\nnetwork: {gateway: {name: ml, namespace: gateways}}\n"
    canary = "    host: answer\n    canary: {image: 'ghcr.io/acme/answer:2', weight: 10}\n"
    objects = built(SPEC + canary, KUBERAY + way)
    other = objects["RayService/answer-canary"]["spec"]
    assert other["serveService"]["metadata"]["name"] == "answer-canary"
    [group] = other["rayClusterConfig"]["workerGroupSpecs"]
    assert group["template"]["spec"]["containers"][0]["image"] == "ghcr.io/acme/answer:2"
    [rule] = objects["HTTPRoute/answer"]["spec"]["rules"]
    assert [(one["name"], one["weight"]) for one in rule["backendRefs"]] == [("answer", 90), ("answer-canary", 10)]
