"""Gotchas of the kinds that no other test is named after: what a cluster would tell too late."""

from typing import Any

import pytest
from tests.small import built, platform, problems, refused

IMAGE = "image: ghcr.io/acme/a:1"


def of_kind(objects: dict[str, Any], kind: str) -> Any:
    return next(body for name, body in objects.items() if name.startswith(f"{kind}/"))


def test_a_name_that_is_too_long_for_a_cron_job_is_refused() -> None:
    """Kubernetes appends 11 characters to it for each job."""
    spec = "workloads: {%s: {kind: job, image: ghcr.io/acme/a:1, schedule: '@daily'}}\n"
    assert f"CronJob/{'a' * 40}" in built(spec % ("a" * 40))
    assert [problem.rule for problem in platform(spec % ("a" * 53)).problems] == ["too-many"]


def beside(api_version: str, kind: str, name: str, spec: str) -> str:
    """A spec with a whole object in it."""
    body = f"{{apiVersion: {api_version}, kind: {kind}, metadata: {{name: {name}}}, spec: {spec}}}"
    return f"workloads: {{it: {{kind: job, {IMAGE}}}}}\nmanifests: [{body}]\n"


@pytest.mark.parametrize(("length", "told"), [(52, False), (53, True)])
def test_a_cron_job_has_52_characters_whoever_names_it(length: int, told: bool) -> None:
    pod = f"{{restartPolicy: Never, containers: [{{name: a, {IMAGE}}}]}}"
    spec = f"{{schedule: '@daily', jobTemplate: {{spec: {{template: {{spec: {pod}}}}}}}}}"
    found = refused(beside("batch/v1", "CronJob", "c" * length, spec))
    assert [problem.rule for problem in found] == ["bad-name"] * told


def test_no_limit_is_known_by_a_kind_alone() -> None:
    """Two operators of Spark have a SparkApplication each, and only one makes a Service of its name."""
    found = refused(beside("spark.apache.org/v1", "SparkApplication", "c" * 57, "{anything: true}"))
    assert "name-too-long" not in {problem.rule for problem in found}


def test_suspend_is_never_written() -> None:
    """A queue flips it, and Argo CD would flip it back."""
    assert "suspend" not in of_kind(built(f"workloads: {{it: {{kind: job, {IMAGE}}}}}\n"), "Job")["spec"]


def test_an_ingress_says_its_path_type() -> None:
    """It is required by networking.k8s.io/v1."""
    spec = f"workloads: {{it: {{kind: serving, server: custom, {IMAGE}, host: it}}}}\n"
    environment = "domain: ml.example.com\nnetwork: {ingress: {class: nginx, tlsSecret: tls}}\n"
    ingress = of_kind(built(spec, environment), "Ingress")
    assert ingress["apiVersion"] == "networking.k8s.io/v1"
    assert ingress["spec"]["rules"][0]["http"]["paths"][0]["pathType"] == "Prefix"


def test_an_application_runs_in_its_own_namespace() -> None:
    """The webhook demands that spark.kubernetes.namespace be the object's, so that nobody may set it."""
    spec = f"""\
workloads:
  it:
    kind: spark
    {IMAGE}
    main: local:///a.py
    executors: {{count: 2}}
    conf: {{spark.kubernetes.namespace: other}}
"""
    found = problems(spec, "platform: {spark: spark-operator-2.5}\n")
    assert [problem.rule for problem in found] == ["denied-conf"]


OPERATORS = "podSecurity: baseline\nplatform: {pytorch: kubeflow-training-1.9, tensorflow: kubeflow-training-1.9}\n"


@pytest.mark.parametrize(
    ("kind", "made", "port"),
    [
        ("tensorflow", "TFJob", {"name": "tfjob-port", "containerPort": 2222}),
        ("pytorch", "PyTorchJob", {"name": "pytorchjob-port", "containerPort": 29500}),
    ],
)
def test_ports_have_the_names_that_the_operator_looks_for_so_that_its_defaults_do_not_matter(
    kind: str, made: str, port: dict[str, Any]
) -> None:
    """Without such a port it would add one of its own, 2222 or 23456."""
    spec = of_kind(built(f"workloads: {{it: {{kind: {kind}, {IMAGE}, workers: 3}}}}\n", OPERATORS), made)["spec"]
    [replicas] = [value for key, value in spec.items() if key.endswith("ReplicaSpecs")]
    for replica in replicas.values():
        [container] = replica["template"]["spec"]["containers"]
        assert container["ports"] == [port]


def test_a_priority_class_is_referred_to_by_a_patch() -> None:
    """The class itself is the platform's: it belongs to the cluster, and its value never changes."""
    patch = "{kind: Deployment, spec: {template: {spec: {priorityClassName: ml-serving}}}}"
    spec = f"workloads: {{it: {{kind: serving, server: custom, {IMAGE}, patches: [{patch}]}}}}\n"
    objects = built(spec, "existing: {priorityClasses: [ml-serving]}\n")
    assert of_kind(objects, "Deployment")["spec"]["template"]["spec"]["priorityClassName"] == "ml-serving"


def test_claims_of_devices_are_a_patch_too_and_held_to_the_clusters_version() -> None:
    """Gotcha: a request for devices has its fields under `exactly` in resource.k8s.io/v1, which 1.34 brought."""
    devices = "{spec: {devices: {requests: [{name: gpu, exactly: {deviceClassName: gpu.nvidia.com}}]}}}"
    claims = "resourceClaims: [{name: gpu, resourceClaimTemplateName: one}], "
    patch = f"{{kind: Job, spec: {{template: {{spec: {{{claims}containers: [{{name: main, tty: true}}]}}}}}}}}"
    spec = f"""\
workloads: {{it: {{kind: job, {IMAGE}, patches: [{patch}]}}}}
manifests: [{{apiVersion: resource.k8s.io/v1, kind: ResourceClaimTemplate, metadata: {{name: one}}, spec: {devices}}}]
"""
    objects = built(spec)
    assert of_kind(objects, "Job")["spec"]["template"]["spec"]["resourceClaims"][0]["name"] == "gpu"
    old = problems(spec, 'kubernetes: "1.33"\n')
    assert {problem.rule for problem in old} == {"kubernetes-api-unavailable"}
    nested = problems(spec.replace("exactly: {deviceClassName: gpu.nvidia.com}", "deviceClassName: gpu.nvidia.com"))
    assert {problem.rule for problem in nested} == {"kubernetes-unknown-field"}


def test_a_notebook_has_the_image_that_trains() -> None:
    """So that what worked in a notebook works in the training."""
    spec = "image: ghcr.io/acme/churn:1\nworkloads: {lab: {kind: notebook, users: [anna]}, train: {kind: job}}\n"
    objects = built(spec)
    images = [
        of_kind(objects, kind)["spec"]["template"]["spec"]["containers"][0]["image"] for kind in ("StatefulSet", "Job")
    ]
    assert images == ["ghcr.io/acme/churn:1"] * 2


@pytest.mark.parametrize("data", ["{blob: features/daily}", "{claim: features}"])
def test_what_a_notebook_reads_it_cannot_write_unless_the_spec_says_so(data: str) -> None:
    storage = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}}\n"
    lab = f"{{kind: notebook, {IMAGE}, users: [anna], data: [features]}}"
    spec = f"data: {{features: {data}}}\nworkloads: {{lab: {lab}}}\n"
    [container] = of_kind(built(spec, storage), "StatefulSet")["spec"]["template"]["spec"]["containers"]
    [mount] = [mount for mount in container["volumeMounts"] if mount["name"] == "features"]
    assert mount["readOnly"] is True


def test_tensorflow_serving_shows_no_metrics_unless_it_is_told_where() -> None:
    """It needs --monitoring_config_file, and the path that Prometheus asks is the one in that file."""
    storage = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}}\n"
    server = "servers: {tensorflow-serving: 'docker.io/tensorflow/serving:2.19.0'}\n"
    model = "server: tensorflow-serving, model: {data: models, name: churn, version: 42}"
    spec = f"data: {{models: {{blob: churn/models}}}}\nworkloads: {{it: {{kind: serving, {model}}}}}\n"
    objects = built(spec, f"{storage}{server}monitoring: {{from: prometheus-operator}}\n")
    [container] = of_kind(objects, "Deployment")["spec"]["template"]["spec"]["containers"]
    [option] = [one for one in container["args"] if one.startswith("--monitoring_config_file=")]
    text = of_kind(objects, "ConfigMap")["data"][option.rpartition("/")[2]]
    [endpoint] = of_kind(objects, "ServiceMonitor")["spec"]["endpoints"]
    assert f'path: "{endpoint["path"]}"' in text


def test_a_volume_of_a_data_lake_keeps_its_options_apart_from_those_of_nfs() -> None:
    """`--use-adls` is blobfuse2's word: NFS takes words of mount(8) only, and another driver has another schema."""
    storage = (
        "storage: {blob: {driver: azure-blob-nfs, account: acmeml, resourceGroup: ml, hierarchicalNamespace: true}}\n"
    )
    [problem] = platform(f"workloads: {{it: {{kind: job, {IMAGE}}}}}\n", storage).problems
    assert problem.rule == "unknown-key"
    assert problem.help.startswith("every account that NFS mounts has one")
