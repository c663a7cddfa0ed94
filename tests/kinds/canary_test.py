"""A canary: another version beside the stable one, which gets its share of the requests and no more."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.small import built, problems

from mlgen.demand import canary_share
from mlgen.node import Node
from mlgen.problem import Span

GATEWAY = """\
domain: ml.example.com
network: {gateway: {name: ml, namespace: gateways}}
servers: {tensorflow-serving: docker.io/tensorflow/serving:2.19.0, triton: ghcr.io/acme/triton:25.08}
"""
MODEL = """\
data:
  models: {claim: models}
workloads:
  serve:
    kind: serving
    server: %s
    model: {data: models, name: churn, version: 42}
    host: churn
    replicas: {min: 4, max: 30}
    canary: {version: 43, weight: %d}
"""
CUSTOM = """\
workloads:
  api:
    kind: serving
    server: custom
    image: ghcr.io/acme/api%s
    host: api
    canary: {image: "ghcr.io/acme/api%s", weight: 5}
"""
DIGEST = "@sha256:" + "0" * 64


def image(objects: dict[str, Any], name: str) -> str:
    return str(objects[f"Deployment/{name}"]["spec"]["template"]["spec"]["containers"][0]["image"])


@pytest.mark.parametrize("weight", [0, 10, 100])
def test_http_route_weights_give_a_plain_deployment_a_canary(weight: int) -> None:
    (rule,) = built(MODEL % ("triton", weight), GATEWAY)["HTTPRoute/serve"]["spec"]["rules"]
    assert rule["backendRefs"] == [
        {"name": "serve", "port": 8000, "weight": 100 - weight},
        {"name": "serve-canary", "port": 8000, "weight": weight},
    ]


def test_without_a_canary_the_route_has_no_weight() -> None:
    spec = "\n".join(line for line in (MODEL % ("triton", 10)).splitlines() if "canary" not in line) + "\n"
    (rule,) = built(spec, GATEWAY)["HTTPRoute/serve"]["spec"]["rules"]
    assert rule["backendRefs"] == [{"name": "serve", "port": 8000}]


def test_no_selector_of_one_takes_a_pod_of_the_other() -> None:
    objects = built(MODEL % ("triton", 10), GATEWAY)
    pods = {
        name: objects[f"Deployment/{name}"]["spec"]["template"]["metadata"]["labels"]
        for name in ("serve", "serve-canary")
    }
    for name in pods:
        selectors = [
            objects[f"Service/{name}"]["spec"]["selector"],
            objects[f"Deployment/{name}"]["spec"]["selector"]["matchLabels"],
        ]
        for selector in selectors:
            assert [other for other, labels in pods.items() if selector.items() <= labels.items()] == [name]


def test_a_canary_changes_nothing_about_the_stable_one() -> None:
    """Its selector would not even be allowed to: to add a canary is no rollout, to take it away is none."""
    spec = MODEL % ("tensorflow-serving", 10)
    beside = built(spec, GATEWAY)
    alone = built("\n".join(line for line in spec.splitlines() if "canary" not in line) + "\n", GATEWAY)
    changed = {name for name in alone if alone[name] != beside[name]}
    assert changed == {"HTTPRoute/serve"}
    assert all("serve-canary" in name for name in beside.keys() - alone.keys())


def test_it_serves_its_own_version() -> None:
    objects = built(MODEL % ("tensorflow-serving", 10), GATEWAY)
    for name, version in (("serve", 42), ("serve-canary", 43)):
        volumes = objects[f"Deployment/{name}"]["spec"]["template"]["spec"]["volumes"]
        (config,) = [volume["configMap"]["name"] for volume in volumes if "configMap" in volume]
        assert f"versions: {version}" in objects[f"ConfigMap/{config}"]["data"]["models.config"]


def test_it_has_its_share_of_the_pods() -> None:
    objects = built(MODEL % ("triton", 10), GATEWAY)
    scaler = objects["HorizontalPodAutoscaler/serve-canary"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (1, 3)
    assert scaler["scaleTargetRef"]["name"] == "serve-canary"
    assert objects["HorizontalPodAutoscaler/serve"]["spec"]["maxReplicas"] == 30
    assert "PodDisruptionBudget/serve-canary" not in objects, "a budget for one pod would stop a drain"


@given(st.integers(1, 1000), st.integers(0, 100))
def test_a_share_of_pods_carries_that_share_of_requests(pods: int, weight: int) -> None:
    share = canary_share(pods, Node(weight, Span("f", 1, 1, 1, 2)))
    assert 1 <= share <= pods
    assert share * 100 >= pods * weight
    assert share == max(1, math.ceil(pods * weight / 100))


def test_a_release_pins_the_stable_image_and_leaves_a_canary_with_a_tag_alone() -> None:
    releases = f'environments: {{dev: {{images: {{ghcr.io/acme/api: "1.0{DIGEST}"}}}}}}\n'
    objects = built(CUSTOM % ("", ":1.1"), GATEWAY, releases)
    assert image(objects, "api") == f"ghcr.io/acme/api:1.0{DIGEST}"
    assert image(objects, "api-canary") == "ghcr.io/acme/api:1.1"


def test_a_release_may_pin_the_canarys_image_too() -> None:
    releases = "environments: {dev: {images: {ghcr.io/acme/api: v1, ghcr.io/acme/api-next: v2}}}\n"
    objects = built(CUSTOM % ("", "-next"), GATEWAY, releases)
    assert (image(objects, "api"), image(objects, "api-canary")) == (
        "ghcr.io/acme/api:v1",
        "ghcr.io/acme/api-next:v2",
    )


def test_a_closed_network_lets_the_gateway_reach_it() -> None:
    closed = GATEWAY.replace("network: {", "network: {default: deny, ")
    policy = built(MODEL % ("triton", 10), closed)["NetworkPolicy/serve-canary"]["spec"]
    assert policy["podSelector"]["matchLabels"]["mlgen.dev/workload"] == "serve-canary"
    callers = [peer for rule in policy["ingress"] for peer in rule["from"] if "namespaceSelector" in peer]
    assert callers == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "gateways"}}}]


def test_behind_an_ingress_both_files_are_named() -> None:
    ingress = GATEWAY.replace("gateway: {name: ml, namespace: gateways}", "ingress: {class: nginx}")
    (problem,) = problems(MODEL % ("triton", 10), ingress)
    assert problem.rule == "canary-needs-gateway"
    assert problem.span.file == "projects/demo/mlgen.yaml"
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]
