"""Whom the pods of a workload may reach, and who may reach them, where the network is closed."""

from typing import Any

import pytest
from tests.small import built, place, platform, problems

from mlgen import beside, engine
from mlgen.beside.needs import Needs
from mlgen.manifest import finish
from mlgen.resolve import resolve

DENY = "network: {default: deny}\n"
JOB = "workloads: {train: {kind: job, image: ghcr.io/acme/a:1%s}}\n"
API = "workloads: {api: {kind: serving, server: custom, image: ghcr.io/acme/a:1%s}}\n"
DNS_PORTS = [{"protocol": "UDP", "port": 53}, {"protocol": "TCP", "port": 53}]
PROJECT = {"podSelector": {"matchLabels": {"mlgen.dev/project": "demo"}}}
DOMAIN = "domain: ml.example.com\n"


def namespace(name: str) -> dict[str, Any]:
    return {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": name}}}


def tcp(*ports: int) -> list[dict[str, Any]]:
    return [{"protocol": "TCP", "port": port} for port in ports]


def policy(spec: str, environment: str = DENY, name: str = "train") -> Any:
    return built(spec, environment)[f"NetworkPolicy/{name}"]["spec"]


def drawn(needs: Needs, environment: str = DENY) -> Any:
    """The policy of a workload that needs ``needs``, whatever its kind."""

    found = platform(JOB % "", environment)
    [workload] = resolve(found.projects["demo"], found.environments["dev"], None)[0].workloads
    [one] = [finish(one) for one in beside.objects(workload, needs) if one.body["kind"] == "NetworkPolicy"]
    return one.body["spec"]


def test_an_open_network_has_no_policies() -> None:
    assert not [name for name in built(JOB % "") if name.startswith("NetworkPolicy/")]


def test_a_job_reaches_dns_and_its_project_and_nothing_else() -> None:
    """And nobody reaches it."""
    spec = policy(JOB % "")
    assert spec["policyTypes"] == ["Ingress", "Egress"]
    assert "ingress" not in spec
    dns, project = spec["egress"]
    assert dns == {"to": [namespace("kube-system"), {"ipBlock": {"cidr": "169.254.0.0/16"}}], "ports": DNS_PORTS}
    assert project == {"to": [PROJECT]}


def test_a_policy_is_about_the_pods_of_its_workload() -> None:
    """By labels that never change and that every pod template has, those of custom resources included."""
    objects = built(JOB % "", DENY)
    [job] = [body for name, body in objects.items() if name.startswith("Job/")]
    wanted = objects["NetworkPolicy/train"]["spec"]["podSelector"]["matchLabels"]
    assert wanted.items() <= job["spec"]["template"]["metadata"]["labels"].items()
    assert all(key.startswith("mlgen.dev/") for key in wanted)


def test_declared_egress_is_let_through_and_nothing_beside_it() -> None:
    spec = policy(JOB % ', egress: ["10.0.0.0/16:5432", {namespace: mlops, port: 5000}]')
    assert spec["egress"][2:] == [
        {"to": [{"ipBlock": {"cidr": "10.0.0.0/16"}}], "ports": tcp(5432)},
        {"to": [namespace("mlops")], "ports": tcp(5000)},
    ]


def test_blob_storage_is_mounted_on_the_node_and_needs_no_egress() -> None:
    """The CSI driver and its FUSE process run in the node's network: a policy for the pod says nothing of them."""
    blob = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: key}}\n"
    with_data = JOB % ", data: [features]" + "data: {features: {blob: churn/features}}\n"
    assert policy(with_data, DENY + blob) == policy(JOB % "")


def test_a_server_is_reached_by_its_project_on_its_own_ports_only() -> None:
    assert policy(API % ", port: 9000", name="api")["ingress"] == [{"from": [PROJECT], "ports": tcp(9000)}]


@pytest.mark.parametrize(
    ("way", "peer"),
    [
        ("gateway: {name: ml, namespace: gateways}", namespace("gateways")),
        ("gateway: {name: ml, namespace: gateways, proxies: envoy-gateway-system}", namespace("envoy-gateway-system")),
        ("gateway: {name: ml, namespace: gateways, proxies: 10.1.0.0/24}", {"ipBlock": {"cidr": "10.1.0.0/24"}}),
        ("ingress: {class: nginx, proxies: ingress-nginx}", namespace("ingress-nginx")),
        ("ingress: {class: azure-application-gateway, proxies: 10.2.0.4}", {"ipBlock": {"cidr": "10.2.0.4/32"}}),
    ],
)
def test_a_host_is_reached_by_whoever_brings_the_requests(way: str, peer: Any) -> None:
    environment = DOMAIN + f"network: {{default: deny, {way}}}\n"
    assert policy(API % ", host: api", environment, "api")["ingress"][1:] == [{"from": [peer], "ports": tcp(8080)}]
    assert len(policy(API % "", environment, "api")["ingress"]) == 1, "without a host nobody comes from outside"


def test_only_the_port_of_the_host_is_open_to_the_outside() -> None:
    """TensorFlow Serving also answers gRPC, and no route goes there."""
    spec = """\
data: {models: {claim: models}}
workloads:
  serve: {kind: serving, server: tensorflow-serving, model: {data: models, name: m, version: 1}, host: m}
"""
    environment = DOMAIN + "servers: {tensorflow-serving: docker.io/tensorflow/serving:2.19.0}\n"
    environment += "network: {default: deny, gateway: {name: ml, namespace: gateways}}\n"
    inside, outside = policy(spec, environment, "serve")["ingress"]
    assert inside["ports"] == tcp(8500, 8501)
    assert outside["ports"] == tcp(8501)


def test_prometheus_reaches_the_metrics_and_nothing_else() -> None:
    environment = DENY + "monitoring: {from: prometheus-operator, namespace: observability}\n"
    spec = policy(JOB % ", metrics: {port: 9090}", environment)
    assert spec["ingress"] == [{"from": [namespace("observability")], "ports": tcp(9090)}]
    assert "ingress" not in policy(JOB % ", metrics: {port: 9090}"), "nobody watches here"


def test_a_notebook_is_reached_by_nobody() -> None:
    """`kubectl port-forward` comes from the kubelet, inside the pod's own network."""
    lab = "workloads: {lab: {kind: notebook, image: ghcr.io/a/b:1, users: [anna, ben]}}\n"
    spec = policy(lab, name="lab")
    assert "ingress" not in spec
    assert spec["podSelector"]["matchLabels"] == {"mlgen.dev/project": "demo", "mlgen.dev/workload": "lab"}


def test_pods_that_train_together_talk_on_any_port() -> None:
    """Distributed training and Spark choose ports at random: without this rule they hang silently."""
    spec = drawn(Needs(peers=True))
    mine = {"podSelector": {"matchLabels": {"mlgen.dev/project": "demo", "mlgen.dev/workload": "train"}}}
    assert spec["ingress"] == [{"from": [mine]}]
    assert {"to": [PROJECT]} in spec["egress"]


def test_only_who_calls_the_api_server_reaches_it() -> None:
    """A Spark driver does. The server has no label and no address that a manifest could know, only ports."""
    [rule] = drawn(Needs(api_server=True))["egress"][2:]
    assert rule["ports"] == tcp(443, 6443)
    assert {peer["ipBlock"]["cidr"] for peer in rule["to"]} == {"0.0.0.0/0", "::/0"}
    assert len(drawn(Needs())["egress"]) == 2


def test_in_a_shared_namespace_policies_carry_the_project() -> None:
    objects = built(JOB % "", DENY + "namespace: {existing: shared}\n")
    assert objects["NetworkPolicy/demo-train"]["metadata"]["namespace"] == "shared"
    assert "NetworkPolicy/default-deny" not in objects


def test_every_policy_is_one_that_every_version_of_kubernetes_takes() -> None:

    for minor in (30, 31, 32, 33, 35, 36, 37):  # 1.34 is the default
        assert place(JOB % ", egress: [internet]", DENY + f'kubernetes: "1.{minor}"\n').problems == []


def test_an_ingress_class_has_no_namespace_so_somebody_must_say_where_requests_come_from() -> None:
    [problem] = problems(API % "", DOMAIN + "network: {default: deny, ingress: {class: nginx}}\n")
    assert problem.rule == "unknown-proxies"
    assert problem.span.file == "environments/dev.yaml"


def test_what_base_leaves_open_another_environment_may_say() -> None:

    base = DOMAIN + "network: {default: deny, ingress: {class: nginx}}\n"
    found = platform(API % ", host: a", "network: {ingress: {proxies: ingress-nginx}}\n", base=base)
    assert engine.check(found, ["demo"]) == []
