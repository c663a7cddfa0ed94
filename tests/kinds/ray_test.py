"""Ray: a cluster of its own for each run, and the pod that hands the program over."""

from typing import Any

import pytest
from tests.custom_test import SHARED, accepted
from tests.entrypoint_test import arriving
from tests.kubernetes_test import documents
from tests.small import built, place, problems

from mlgen import operators
from mlgen.kubernetes import check

SPEC = """\
data: {clicks: {claim: clicks}}
secrets: {maps: [MAPS_KEY]}
workloads:
  tune:
    kind: ray
    image: ghcr.io/acme/tune:1
    command: [python, -m, tune, "--space={a: 1}"]
    args: [--fast]
    env: {EPOCHS: 3}
    data: [clicks]
    secrets: [maps]
    workers: 4
    head: {cpu: 2, memory: 8Gi}
    resources: {cpu: 8, memory: 32Gi, gpu: {a100: 2}}
"""
OPERATOR = """\
platform: {ray: kuberay-1.4}
gpus:
  a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}, total: 16}
"""
CLOSED = f"{OPERATOR}network: {{default: deny}}\noperators: {{ray: kuberay}}\n"


def run_of(spec: str = SPEC, environment: str = OPERATOR) -> Any:
    return next(manifest.body for manifest in place(spec, environment).manifests if manifest.run)


def templates(spec: str = SPEC) -> dict[str, Any]:
    """The pods by the names of their containers."""
    run = run_of(spec)["spec"]
    cluster = run["rayClusterSpec"]
    [group] = cluster["workerGroupSpecs"]
    every = [run["submitterPodTemplate"], cluster["headGroupSpec"]["template"], group["template"]]
    return {template["spec"]["containers"][0]["name"]: template for template in every}


def pods(spec: str = SPEC) -> tuple[Any, Any, Any]:
    """The specs of the submitter, the head and a worker."""
    submitter, head, worker = (template["spec"] for template in templates(spec).values())
    return submitter, head, worker


def test_what_is_built_is_what_the_crd_takes() -> None:
    body = run_of()
    assert (body["apiVersion"], body["kind"]) == ("ray.io/v1", "RayJob")
    assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor)] == []
    assert list(operators.check(body)) == []
    assert accepted(body)


def test_upstream_examples_pass() -> None:
    paths = [path for path in SHARED.glob("samples/*/*ray-job*.y*ml") if "kind: RayJob" in path.read_text("utf-8")]
    found = [body for path in paths for body in documents(path)] or pytest.skip("../shared is not here")
    jobs = [body for body in found if body.get("kind") == "RayJob" and body["apiVersion"] == "ray.io/v1"]
    assert jobs
    errors = [fault for body in jobs for fault in operators.check(body) if fault.severity == "error"]
    assert errors == []


def test_the_program_is_a_line_that_arrives_as_the_words_of_the_command() -> None:
    words = ["python", "-m", "tune", "--space={a: 1}", "--fast"]
    assert arriving(words) == words
    assert run_of()["spec"]["entrypoint"].startswith("python -m tune ")
    for template in templates().values():
        assert not {"command", "args"} & set(template["spec"]["containers"][0]), "KubeRay writes its own"


def test_the_cluster_goes_with_the_run_and_the_run_stays() -> None:
    spec = run_of()["spec"]
    assert spec["shutdownAfterJobFinishes"] is True
    assert not {"ttlSecondsAfterFinished", "suspend"} & set(spec)
    assert (spec["backoffLimit"], spec["activeDeadlineSeconds"]) == (2, 86400)


def test_the_workers_are_as_many_as_asked_for_and_their_number_is_fixed() -> None:
    """min and max are asked for where a cluster does not scale itself."""
    [group] = run_of()["spec"]["rayClusterSpec"]["workerGroupSpecs"]
    assert [group[key] for key in ("replicas", "minReplicas", "maxReplicas")] == [4, 4, 4]


def test_no_task_runs_on_the_head_and_it_has_no_gpu() -> None:
    start = run_of()["spec"]["rayClusterSpec"]["headGroupSpec"]["rayStartParams"]
    assert start["num-cpus"] == "0"
    _, head, worker = pods()
    assert head["containers"][0]["resources"]["limits"] == {"memory": "8Gi"}
    assert "nodeSelector" not in head
    assert worker["containers"][0]["resources"]["limits"] == {"memory": "32Gi", "nvidia.com/gpu": "2"}
    assert worker["nodeSelector"] == {"accelerator": "a100"}


def test_head_and_workers_have_what_the_program_needs_and_the_submitter_has_nothing() -> None:
    submitter, head, worker = pods()
    for pod in (head, worker):
        names = {entry["name"] for entry in pod["containers"][0]["env"]}
        assert {"MLGEN_RUN", "EPOCHS", "MAPS_KEY"} <= names
        assert "/data/clicks" in {mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]}
    assert not {"env", "volumeMounts"} & set(submitter["containers"][0])
    assert submitter["restartPolicy"] == "Never"


def test_every_pod_is_restricted_and_has_the_labels() -> None:
    """By itself KubeRay would make a submitter that a restricted namespace refuses."""
    for template in templates().values():
        assert template["metadata"]["labels"]["mlgen.dev/workload"] == "tune"
        assert template["spec"]["securityContext"]["runAsNonRoot"] is True
        assert template["spec"]["containers"][0]["securityContext"]["allowPrivilegeEscalation"] is False


def test_in_a_closed_network_the_operator_asks_the_head_and_pods_reach_each_other() -> None:
    policy = built(SPEC, CLOSED)["NetworkPolicy/tune"]["spec"]
    workload = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "tune"}
    assert {"from": [{"podSelector": {"matchLabels": workload}}]} in policy["ingress"]
    operator = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kuberay"}}}
    assert {"from": [operator], "ports": [{"protocol": "TCP", "port": 8265}]} in policy["ingress"]


def test_a_closed_network_without_the_operators_namespace_is_refused() -> None:
    (problem,) = problems(SPEC, CLOSED.replace("operators: {ray: kuberay}\n", ""))
    assert (problem.rule, problem.span.file) == ("unreached-head", "environments/dev.yaml")


def test_ray_shows_its_metrics_by_itself() -> None:
    objects = built(SPEC, f"{OPERATOR}monitoring: {{from: prometheus-operator}}\n")
    [endpoint] = objects["PodMonitor/tune"]["spec"]["podMetricsEndpoints"]
    assert endpoint["port"] == "metrics"
    for name, template in templates().items():
        ports = {port["name"]: port["containerPort"] for port in template["spec"]["containers"][0].get("ports", [])}
        assert ports.get("metrics") == (None if "submitter" in name else 8080)


@pytest.mark.parametrize(("total", "enough"), [(8, True), (7, False)])
def test_gpus_are_counted_for_all_workers(total: int, enough: bool) -> None:
    found = problems(SPEC, OPERATOR.replace("total: 16", f"total: {total}"))
    assert [problem.rule for problem in found] == ([] if enough else ["too-many-gpus"])


def test_a_name_that_kuberay_would_cut_is_refused() -> None:
    """47 characters: it adds hashes to the names of what it makes."""
    name = "t" * (47 - len("-0123456789"))
    assert problems(SPEC.replace("tune:", f"{name}:", 1), OPERATOR) == []
    assert {one.rule for one in problems(SPEC.replace("tune:", f"{name}t:", 1), OPERATOR)} == {"name-too-long"}


def test_a_plain_cluster_has_nothing_that_runs_it() -> None:
    (problem,) = problems(SPEC.replace(", gpu: {a100: 2}", ""))
    assert problem.rule == "no-backend"
