"""PyTorch: pods that find each other without an operator, and the same command on one."""

from typing import Any

import pytest
from tests.custom_test import SHARED, accepted
from tests.kubernetes_test import documents
from tests.small import built, place, problems

from mlgen.gathered import Gathered, Setting
from mlgen.kinds import pytorch
from mlgen.kubernetes import check
from mlgen.links import name_too_long

ONE = """\
workloads:
  train: {kind: pytorch, image: ghcr.io/acme/train:1, command: [torchrun, -m, train], timeout: 6h}
"""
ROW = """\
workloads:
  train:
    kind: pytorch
    image: ghcr.io/acme/train:1
    command: [torchrun, -m, train]
    workers: 4
    resources: {cpu: 8, memory: 32Gi, gpu: {a100: 2}}
"""
GPUS = """\
gpus:
  a100: {resource: nvidia.com/gpu, total: 16}
"""
# Where pod security is restricted, the operator's own init container would be refused.
OPERATOR = f"podSecurity: baseline\nplatform: {{pytorch: kubeflow-training-1.9}}\n{GPUS}"


def run_of(spec: str, environment: str = GPUS) -> Any:
    manifests = place(spec, environment).manifests
    return next(manifest.body for manifest in manifests if manifest.run)


def pod_of(spec: str, environment: str = GPUS) -> Any:
    return run_of(spec, environment)["spec"]["template"]["spec"]


def variables(spec: str) -> dict[str, Any]:
    """The environment of a run's container, in its order."""
    found = pod_of(spec)["containers"][0]["env"]
    return {entry["name"]: entry.get("value", entry.get("valueFrom")) for entry in found}


def test_on_a_plain_cluster_several_pods_are_an_indexed_job() -> None:
    spec = run_of(ROW)["spec"]
    assert {key: spec[key] for key in ("completionMode", "completions", "parallelism")} == {
        "completionMode": "Indexed",
        "completions": 4,
        "parallelism": 4,
    }
    assert spec["template"]["spec"]["restartPolicy"] == "Never"


def test_each_pod_has_its_own_retries_and_one_without_any_left_ends_the_run() -> None:
    """Otherwise the others would wait for it until the deadline."""
    spec = run_of(ROW.replace("workers: 4", "workers: 4\n    retries: 3"))["spec"]
    assert (spec["backoffLimitPerIndex"], spec["maxFailedIndexes"]) == (3, 0)
    assert "backoffLimit" not in spec


def test_a_pod_takes_over_a_name_only_when_the_old_one_is_gone() -> None:
    assert run_of(ROW)["spec"]["podReplacementPolicy"] == "Failed"


def test_pods_are_found_by_their_names_before_they_are_ready() -> None:
    """The host name of a pod is `<job>-<index>`, and DNS knows it below the Service that is its subdomain."""
    objects = built(ROW, GPUS)
    service = objects["Service/train"]["spec"]
    assert (service["clusterIP"], service["publishNotReadyAddresses"]) == ("None", True)
    template = run_of(ROW)["spec"]["template"]
    assert template["spec"]["subdomain"] == "train"
    assert service["selector"].items() <= template["metadata"]["labels"].items()
    assert service["ports"] == [{"name": "rendezvous", "port": 29500, "targetPort": "rendezvous"}]


def test_two_runs_at_a_time_share_the_service_and_not_their_host_names() -> None:
    other = ROW.replace("torchrun, -m, train", "torchrun, -m, train, --more")
    assert run_of(ROW)["metadata"]["name"] != run_of(other)["metadata"]["name"]
    assert built(ROW, GPUS)["Service/train"] == built(other, GPUS)["Service/train"]


def test_torchrun_finds_everything_in_its_own_variables() -> None:
    """Of MASTER_ADDR it knows nothing: the defaults of its flags come from PET_<FLAG>."""
    found = variables(ROW)
    assert found["PET_MASTER_ADDR"] == "$(MLGEN_RUN)-0.train"
    assert (found["PET_MASTER_PORT"], found["PET_NNODES"], found["PET_NPROC_PER_NODE"]) == ("29500", "4", "2")


def test_scripts_that_torchrun_does_not_start_find_everything_too() -> None:
    found = variables(ROW)
    assert found["MASTER_ADDR"] == "$(MLGEN_RUN)-0.train"
    assert (found["MASTER_PORT"], found["WORLD_SIZE"]) == ("29500", "8")
    assert found["RANK"] == found["PET_NODE_RANK"]


def test_a_pods_number_comes_from_its_annotation() -> None:
    """JOB_COMPLETION_INDEX is appended to the list by the Job controller: `$(...)` would not reach it."""
    path = "metadata.annotations['batch.kubernetes.io/job-completion-index']"
    assert variables(ROW)["PET_NODE_RANK"] == {"fieldRef": {"fieldPath": path}}
    assert "JOB_COMPLETION_INDEX" not in variables(ROW)


def test_the_runs_name_stands_before_what_refers_to_it() -> None:
    assert next(iter(variables(ROW))) == "MLGEN_RUN"


def test_a_runs_content_does_not_hold_its_name() -> None:
    body = run_of(ROW)
    name = body["metadata"]["name"]
    assert str(body["spec"]).count(name) == 1, "only in MLGEN_RUN, which the hash leaves out"
    assert run_of(f"# a comment\n{ROW}")["metadata"]["name"] == name


@pytest.mark.parametrize("environment", ["", "platform: {pytorch: kubeflow-training-1.9}\n"])
def test_one_worker_is_a_plain_job_that_meets_itself(environment: str) -> None:
    body = run_of(ONE, environment)
    assert (body["kind"], body["spec"]["backoffLimit"]) == ("Job", 2)
    assert not {"completionMode", "backoffLimitPerIndex"} & set(body["spec"])
    assert "subdomain" not in body["spec"]["template"]["spec"]
    assert "Service/train" not in built(ONE, environment)
    found = {entry["name"]: entry["value"] for entry in body["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert found == {
        "MLGEN_RUN": body["metadata"]["name"],
        "MASTER_ADDR": "localhost",
        "MASTER_PORT": "29500",
        "WORLD_SIZE": "1",
        "RANK": "0",
        "PET_MASTER_ADDR": "localhost",
        "PET_MASTER_PORT": "29500",
        "PET_NNODES": "1",
        "PET_NODE_RANK": "0",
        "PET_NPROC_PER_NODE": "1",
    }


@pytest.mark.parametrize("name", pytorch.VARIABLES)
def test_what_mlgen_sets_nobody_else_sets(name: str) -> None:
    (problem,) = problems(ONE.replace("kind: pytorch,", f"kind: pytorch, env: {{{name}: x}},"))
    assert (problem.rule, problem.message) == ("variable-collision", f"mlgen sets `{name}` itself")


def test_nor_may_a_secret() -> None:
    spec = "secrets: {s: [RANK]}\n" + ONE.replace("kind: pytorch,", "kind: pytorch, secrets: [s],")
    (problem,) = problems(spec)
    assert problem.message == "the secret `s` sets `RANK`, which mlgen sets itself"


# ---- shared memory -----------------------------------------------------------------------------------------------


def shared(spec: str) -> Any:
    (volume,) = (volume for volume in pod_of(spec)["volumes"] if volume["name"] == "dev-shm")
    assert {"name": "dev-shm", "mountPath": "/dev/shm"} in pod_of(spec)["containers"][0]["volumeMounts"]
    return volume["emptyDir"]


@pytest.mark.parametrize("spec", [ROW, ROW.replace("workers: 4", "workers: 1")])
def test_shared_memory_is_half_of_the_memory_unless_the_spec_says_more(spec: str) -> None:
    """A container's own /dev/shm has 64 MiB: too little for the batches of one data loader."""
    assert shared(spec) == {"medium": "Memory", "sizeLimit": "16Gi"}
    assert shared(spec.replace("workers:", "sharedMemory: 20Gi\n    workers:"))["sizeLimit"] == "20Gi"


@pytest.mark.parametrize(("size", "wrong"), [("31.9Gi", False), ("32Gi", True), ("32768Mi", True), ("33G", False)])
def test_shared_memory_counts_as_memory_of_the_pod(size: str, wrong: bool) -> None:
    found = problems(ROW.replace("workers:", f"sharedMemory: {size}\n    workers:"), GPUS)
    assert [problem.rule for problem in found] == (["too-much-shared-memory"] if wrong else [])


def test_nothing_else_is_mounted_there() -> None:
    data = "data: {fast: {claim: fast, path: /dev/shm/fast}}\n"
    (problem,) = problems(data + ONE.replace("kind: pytorch,", "kind: pytorch, data: [fast],"))
    assert problem.rule == "mount-collision"


# ---- the operator ------------------------------------------------------------------------------------------------


def test_a_pytorch_job_has_exactly_one_master_and_the_others_are_workers() -> None:
    """`Master` and `Worker` are all that the webhook takes, and one master."""
    body = run_of(ROW, OPERATOR)
    assert (body["apiVersion"], body["kind"]) == ("kubeflow.org/v1", "PyTorchJob")
    found = body["spec"]["pytorchReplicaSpecs"]
    assert {sort: replica["replicas"] for sort, replica in found.items()} == {"Master": 1, "Worker": 3}


def test_the_container_of_every_replica_is_named_exactly_pytorch() -> None:
    for replica in run_of(ROW, OPERATOR)["spec"]["pytorchReplicaSpecs"].values():
        (container,) = replica["template"]["spec"]["containers"]
        assert container["name"] == "pytorch"
        assert container["ports"] == [{"name": "pytorchjob-port", "containerPort": 29500}]


def test_restart_policies_and_limits_sit_where_the_operator_reads_them() -> None:
    spec = run_of(ROW, OPERATOR)["spec"]
    for replica in spec["pytorchReplicaSpecs"].values():
        assert replica["restartPolicy"] == "OnFailure"
        assert "restartPolicy" not in replica["template"]["spec"]
    assert spec["runPolicy"] == {"cleanPodPolicy": "Running", "backoffLimit": 9, "activeDeadlineSeconds": 86400}


@pytest.mark.parametrize(("gpu", "processes"), [("gpu: {a100: 2}", "2"), ("", "1")])
def test_a_process_runs_for_each_gpu(gpu: str, processes: str) -> None:
    """As text, and only here: `elasticPolicy.nProcPerNode` beside it would be refused."""
    spec = run_of(ROW.replace("gpu: {a100: 2}", gpu), OPERATOR)["spec"]
    assert spec["nprocPerNode"] == processes
    assert "elasticPolicy" not in spec


def test_the_operator_sets_the_variables_itself() -> None:
    for replica in run_of(ROW, OPERATOR)["spec"]["pytorchReplicaSpecs"].values():
        assert [entry["name"] for entry in replica["template"]["spec"]["containers"][0]["env"]] == ["MLGEN_RUN"]


def test_the_operator_makes_the_services_itself() -> None:
    assert "Service/train" not in built(ROW, OPERATOR)
    template = run_of(ROW, OPERATOR)["spec"]["pytorchReplicaSpecs"]["Master"]["template"]
    assert "subdomain" not in template["spec"]


def test_every_pod_template_has_labels_shared_memory_and_restricted_security() -> None:
    for replica in run_of(ROW, OPERATOR)["spec"]["pytorchReplicaSpecs"].values():
        template = replica["template"]
        assert template["metadata"]["labels"]["mlgen.dev/workload"] == "train"
        assert template["spec"]["volumes"][0]["emptyDir"]["medium"] == "Memory"
        assert template["spec"]["securityContext"]["runAsNonRoot"] is True


def test_what_is_built_is_what_the_crd_takes() -> None:
    body = run_of(ROW, OPERATOR)
    assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor)] == []
    assert accepted(body)


def test_upstream_examples_pass() -> None:
    paths = [path for path in SHARED.glob("samples/*/*.y*ml") if "kind: PyTorchJob" in path.read_text("utf-8")]
    found = [body for path in paths for body in documents(path)] or pytest.skip("../shared is not here")
    jobs = [body for body in found if body.get("kind") == "PyTorchJob" and body["apiVersion"] == "kubeflow.org/v1"]
    assert jobs
    faults = [fault for body in jobs for fault in check(body, "1.34")]
    assert [fault for fault in faults if fault.path != ("spec", "elasticPolicy", "metrics")] == []


# ---- both --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("environment", [GPUS, OPERATOR])
def test_pods_may_talk_to_each_other_on_any_port(environment: str) -> None:
    policy = built(ROW, f"{environment}network: {{default: deny}}\n")["NetworkPolicy/train"]["spec"]
    workload = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "train"}
    assert {"from": [{"podSelector": {"matchLabels": workload}}]} in policy["ingress"]


@pytest.mark.parametrize("environment", [GPUS, OPERATOR])
@pytest.mark.parametrize(("total", "enough"), [(8, True), (7, False)])
def test_gpus_are_counted_for_all_workers(total: int, enough: bool, environment: str) -> None:
    found = problems(ROW, environment.replace("total: 16", f"total: {total}"))
    assert [problem.rule for problem in found] == ([] if enough else ["too-many-gpus"])


@pytest.mark.parametrize(
    ("environment", "workers", "longest"),
    [(GPUS, 1, 63), (GPUS, 4, 61), (GPUS, 10, 61), (GPUS, 11, 60), (GPUS, 1000, 59), (OPERATOR, 1000, 52)],
)
def test_the_name_of_a_run_leaves_room_for_the_host_names_of_its_pods(
    environment: str, workers: int, longest: int
) -> None:
    """An indexed pod is called `<run>-<index>`, a Service of the operator `<run>-worker-<index>`: at most 63."""
    spec = ROW.replace("workers: 4", f"workers: {workers}").replace("gpu: {a100: 2}", "")
    run = next(manifest for manifest in place(spec, environment).manifests if manifest.run)

    def called(name: str) -> Gathered:
        return Gathered([{**run.body, "metadata": {"name": name}}])

    assert list(name_too_long.check(called("t" * longest), Setting("1.34"))) == []
    (finding,) = name_too_long.check(called("t" * (longest + 1)), Setting("1.34"))
    assert f"{longest} are allowed" in finding.fault.message


def test_a_pytorch_training_has_a_tensorboard_too() -> None:
    spec = "data: {models: {claim: models, access: write}}\n" + ROW.replace(
        "workers: 4", "workers: 4\n    data: [models]\n    tensorboard: models/runs"
    )
    objects = built(spec, GPUS)
    assert objects["Service/train-tensorboard"]["spec"]["ports"][0]["port"] == 6006
    assert objects["Service/train"]["spec"]["clusterIP"] == "None"
    assert objects["Service/train"]["spec"]["selector"] != objects["Service/train-tensorboard"]["spec"]["selector"]


@pytest.mark.parametrize("environment", [GPUS, OPERATOR])
def test_metrics_are_shown_on_a_port_of_their_own(environment: str) -> None:
    spec = ROW.replace("workers: 4", "workers: 4\n    metrics: {port: 9100}")
    body = run_of(spec, environment)
    templates = body["spec"].get("pytorchReplicaSpecs", {"": body["spec"]})
    for replica in templates.values():
        ports = replica["template"]["spec"]["containers"][0]["ports"]
        assert ports[-1] == {"name": "metrics", "containerPort": 9100}


@pytest.mark.parametrize("level", ["restricted", "baseline"])
@pytest.mark.parametrize("backend", ["job", "kubeflow-training-1.9"])
@pytest.mark.parametrize("workers", [1, 2])
def test_an_operators_init_container_without_a_security_context_is_refused_by_a_restricted_namespace(
    level: str, backend: str, workers: int
) -> None:
    """Only the workers have it, and a PyTorchJob cannot say what is in it."""
    environment = GPUS + ("podSecurity: baseline\n" if level == "baseline" else "")
    environment += f"platform: {{pytorch: {backend}}}\n" if backend != "job" else ""
    found = place(ROW.replace("workers: 4", f"workers: {workers}"), environment).problems
    told = level == "restricted" and backend != "job" and workers > 1
    assert [(problem.rule, problem.severity) for problem in found] == [("refused-init-container", "warning")] * told
