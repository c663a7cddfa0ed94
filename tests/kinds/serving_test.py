"""Serving: what answers, how many, from where it is reached, and which version of the model."""

from tests.small import built

CUSTOM = "workloads:\n  api: {kind: serving, server: custom, image: ghcr.io/acme/api:1, health: /healthz%s}\n"
MODEL = """\
data:
  models: {claim: models}
workloads:
  serve: {kind: serving, server: tensorflow-serving, model: {data: models, name: churn, version: %d}}
"""
SERVER = "servers: {tensorflow-serving: docker.io/tensorflow/serving:2.19.0}\n"
INGRESS = "domain: ml.example.com\nnetwork: {ingress: {class: nginx, tlsSecret: tls}}\n"
GATEWAY = "domain: ml.example.com\nnetwork: {gateway: {name: ml, namespace: gateways}}\n"


def test_a_fixed_number_of_replicas_has_no_autoscaler() -> None:
    objects = built(CUSTOM % "")
    assert objects["Deployment/api"]["spec"]["replicas"] == 1
    assert "HorizontalPodAutoscaler/api" not in objects
    assert "PodDisruptionBudget/api" not in objects


def test_an_autoscaler_owns_the_number_of_replicas() -> None:
    objects = built(CUSTOM % ", replicas: {min: 2, max: 6, cpu: 60%}")
    assert "replicas" not in objects["Deployment/api"]["spec"]
    scaler = objects["HorizontalPodAutoscaler/api"]["spec"]
    assert (scaler["minReplicas"], scaler["maxReplicas"]) == (2, 6)
    assert scaler["scaleTargetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "api"}
    assert scaler["metrics"][0]["resource"]["target"] == {"type": "Utilization", "averageUtilization": 60}


def test_a_disruption_budget_never_blocks_a_drain() -> None:
    budget = built(CUSTOM % ", replicas: {min: 2}")["PodDisruptionBudget/api"]["spec"]
    assert budget["maxUnavailable"] == 1
    assert budget["unhealthyPodEvictionPolicy"] == "AlwaysAllow"


def test_the_selectors_never_change_with_name_or_version() -> None:
    objects = built(CUSTOM % "")
    selector = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "api"}
    assert objects["Deployment/api"]["spec"]["selector"] == {"matchLabels": selector}
    assert objects["Service/api"]["spec"]["selector"] == selector


def test_a_host_is_routed_by_an_ingress_with_its_certificate() -> None:
    ingress = built(CUSTOM % ", host: api", INGRESS)["Ingress/api"]["spec"]
    assert ingress["ingressClassName"] == "nginx"
    assert ingress["tls"] == [{"hosts": ["api.ml.example.com"], "secretName": "tls"}]
    assert ingress["rules"][0]["http"]["paths"][0]["backend"] == {"service": {"name": "api", "port": {"name": "http"}}}


def test_a_host_is_routed_by_a_gateway() -> None:
    route = built(CUSTOM % ", host: api, port: 9000", GATEWAY)["HTTPRoute/api"]["spec"]
    assert route["parentRefs"] == [{"name": "ml", "namespace": "gateways"}]
    assert route["hostnames"] == ["api.ml.example.com"]
    assert route["rules"] == [{"backendRefs": [{"name": "api", "port": 9000}]}]


def test_a_model_has_its_version_pinned_and_a_new_one_is_a_rollout() -> None:
    names = set()
    for version in (42, 43):
        objects = built(MODEL % version, SERVER)
        config = next(body for name, body in objects.items() if name.startswith("ConfigMap/"))
        assert f"versions: {version}" in config["data"]["models.config"]
        volumes = objects["Deployment/serve"]["spec"]["template"]["spec"]["volumes"]
        assert {"name": "config", "configMap": {"name": config["metadata"]["name"]}} in volumes
        names.add(config["metadata"]["name"])
    assert len(names) == 2


def test_a_release_pins_the_version() -> None:
    releases = "environments: {dev: {models: {churn: 44}}}\n"
    objects = built(MODEL % 42, SERVER, releases)
    config = next(body for name, body in objects.items() if name.startswith("ConfigMap/"))
    assert "versions: 44" in config["data"]["models.config"]


def test_a_server_reads_its_models_and_never_writes_them() -> None:
    spec = (MODEL % 42).replace("claim: models", "claim: models, access: write")
    pod = built(spec, SERVER)["Deployment/serve"]["spec"]["template"]["spec"]
    mount = next(mount for mount in pod["containers"][0]["volumeMounts"] if mount["name"] == "models")
    assert mount == {"name": "models", "mountPath": "/data/models", "readOnly": True}


def test_loading_may_take_as_long_as_the_spec_says() -> None:
    container = built(CUSTOM % ", startup: 20m")["Deployment/api"]["spec"]["template"]["spec"]["containers"][0]
    probe = container["startupProbe"]
    assert probe["periodSeconds"] * probe["failureThreshold"] == 20 * 60
    assert probe["httpGet"] == {"path": "/healthz", "port": "http"}
