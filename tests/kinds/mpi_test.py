"""MPI: a launcher that reaches its workers with kubectl, and what each of them gets."""

from typing import Any

import pytest
from tests.custom_test import SHARED, accepted
from tests.kubernetes_test import documents
from tests.small import built, place, problems

from mlgen import operators
from mlgen.kubernetes import check

SPEC = """\
workloads:
  train:
    kind: mpi
    image: ghcr.io/acme/train:1
    command: [mpirun, python, -m, train]
    args: [--fast]
    workers: 4
    launcher: {cpu: 1, memory: 2Gi}
    resources: {cpu: 8, memory: 32Gi, gpu: {a100: 2}}
"""
OPERATOR = """\
podSecurity: baseline
platform: {mpi: kubeflow-training-1.9}
gpus:
  a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}, total: 16}
"""


def run_of(spec: str = SPEC) -> Any:
    return next(manifest.body for manifest in place(spec, OPERATOR).manifests if manifest.run)


def pods(spec: str = SPEC) -> tuple[Any, Any]:
    """The specs of the launcher's pod and of a worker's."""
    found = run_of(spec)["spec"]["mpiReplicaSpecs"]
    assert list(found) == ["Launcher", "Worker"]
    return found["Launcher"]["template"]["spec"], found["Worker"]["template"]["spec"]


def test_what_is_built_is_what_the_crd_takes() -> None:
    body = run_of()
    assert (body["apiVersion"], body["kind"]) == ("kubeflow.org/v1", "MPIJob")
    assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor)] == []
    assert list(operators.check(body)) == []
    assert accepted(body)


def test_upstream_examples_pass() -> None:
    paths = [path for path in SHARED.glob("samples/*/*.y*ml") if "kind: MPIJob" in path.read_text("utf-8")]
    found = [body for path in paths for body in documents(path)] or pytest.skip("../shared is not here")
    jobs = [body for body in found if body.get("kind") == "MPIJob" and body["apiVersion"] == "kubeflow.org/v1"]
    assert jobs
    assert [fault for body in jobs for fault in (*check(body, "1.34"), *operators.check(body))] == []


def test_the_launcher_runs_the_command_and_workers_wait_for_it() -> None:
    """A worker without a command is one that the operator lets sleep."""
    launcher, worker = pods()
    assert (launcher["containers"][0]["command"], launcher["containers"][0]["args"]) == (
        ["mpirun", "python", "-m", "train"],
        ["--fast"],
    )
    assert not {"command", "args"} & set(worker["containers"][0])
    counts = {role: replica["replicas"] for role, replica in run_of()["spec"]["mpiReplicaSpecs"].items()}
    assert counts == {"Launcher": 1, "Worker": 4}


def test_gpus_and_their_nodes_are_the_workers() -> None:
    launcher, worker = pods()
    assert launcher["containers"][0]["resources"] == {
        "requests": {"cpu": "1", "memory": "2Gi"},
        "limits": {"memory": "2Gi"},
    }
    assert "nodeSelector" not in launcher
    assert worker["containers"][0]["resources"]["limits"] == {"memory": "32Gi", "nvidia.com/gpu": "2"}
    assert worker["nodeSelector"] == {"accelerator": "a100"}


def test_only_the_launcher_speaks_to_the_api() -> None:
    """It reaches the workers with `kubectl exec`; the operator gives its account the right to."""
    launcher, worker = pods()
    assert (launcher["automountServiceAccountToken"], worker["automountServiceAccountToken"]) == (True, False)
    assert launcher["serviceAccountName"] == "train"
    policy = built(SPEC, f"{OPERATOR}network: {{default: deny}}\n")["NetworkPolicy/train"]["spec"]
    workload = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "train"}
    assert {"from": [{"podSelector": {"matchLabels": workload}}]} in policy["ingress"]
    assert any({"protocol": "TCP", "port": 6443} in rule.get("ports", []) for rule in policy["egress"])


@pytest.mark.parametrize(
    ("old", "new", "slots"),
    [("", "", 2), ("gpu: {a100: 2}", "", 1), ("workers: 4", "workers: 4\n    slots: 8", 8)],
)
def test_a_process_runs_for_each_gpu_unless_the_spec_says_more(old: str, new: str, slots: int) -> None:
    assert run_of(SPEC.replace(old, new) if old else SPEC)["spec"]["slotsPerWorker"] == slots


def test_processes_of_one_worker_talk_through_shared_memory() -> None:
    launcher, worker = pods()
    assert "volumes" not in launcher
    [volume] = worker["volumes"]
    assert volume["emptyDir"] == {"medium": "Memory", "sizeLimit": "16Gi"}


@pytest.mark.parametrize(("retries", "limit"), [(0, 0), (1, 2), (5, 6)])
def test_only_the_launcher_is_tried_again(retries: int, limit: int) -> None:
    """The operator gives up when the restarts reach the limit, not when they pass it."""
    spec = run_of(SPEC.replace("workers: 4", f"workers: 4\n    retries: {retries}"))["spec"]
    assert spec["runPolicy"]["backoffLimit"] == limit
    assert {replica["restartPolicy"] for replica in spec["mpiReplicaSpecs"].values()} == {"OnFailure"}


def test_restricted_pod_security_refuses_what_the_operator_puts_into_the_launcher() -> None:
    (problem,) = problems(SPEC, OPERATOR.replace("baseline", "restricted").replace("podSecurity: restricted\n", ""))
    assert (problem.rule, problem.severity) == ("refused-init-container", "error")


def test_a_plain_cluster_has_nothing_that_runs_it() -> None:
    (problem,) = problems(SPEC.replace("gpu: {a100: 2}", ""))
    assert problem.rule == "no-backend"


@pytest.mark.parametrize(("total", "enough"), [(8, True), (7, False)])
def test_gpus_are_counted_for_all_workers(total: int, enough: bool) -> None:
    found = problems(SPEC, OPERATOR.replace("total: 16", f"total: {total}"))
    assert [problem.rule for problem in found] == ([] if enough else ["too-many-gpus"])


@pytest.mark.parametrize("path", ["/dev/shm", "/etc/mpi", "/opt/kube/x"])
def test_nothing_is_mounted_where_the_operator_or_shared_memory_is(path: str) -> None:
    data = f"data: {{fast: {{claim: fast, path: {path}}}}}\n"
    (problem,) = problems(data + SPEC.replace("workers: 4", "workers: 4\n    data: [fast]"), OPERATOR)
    assert problem.rule == "mount-collision"


def test_of_the_run_the_pods_are_watched() -> None:
    objects = built(SPEC, f"{OPERATOR}monitoring: {{from: prometheus-operator}}\n")
    [group] = objects["PrometheusRule/train"]["spec"]["groups"]
    assert [rule["alert"] for rule in group["rules"]] == ["RunFailed"]
