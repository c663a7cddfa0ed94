"""TensorFlow: one pod is a plain Job, several are a TFJob, and TensorBoard reads what they write."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.custom_test import SHARED, accepted
from tests.kubernetes_test import documents
from tests.small import built, place, problems

from mlgen.commands.render import render
from mlgen.kinds import KINDS, tensorflow
from mlgen.kubernetes import check

ONE = """\
workloads:
  train: {kind: tensorflow, image: ghcr.io/acme/train:1, command: [python, -m, train], retries: 3, timeout: 6h}
"""
FOUR = """\
workloads:
  train: {kind: tensorflow, image: ghcr.io/acme/train:1, workers: 4, resources: {cpu: 8, memory: 32Gi, gpu: {a100: 1}}}
"""
ALL = """\
workloads:
  train:
    kind: tensorflow
    image: ghcr.io/acme/train:1
    workers: 3
    chief: true
    ps: 2
    evaluator: true
    resources: {cpu: 8, memory: 32Gi, gpu: {a100: 2}}
"""
LOGS = """\
data:
  features: {claim: features}
  models: {claim: models, access: write, path: /mnt/models}
workloads:
  train:
    kind: tensorflow
    image: ghcr.io/acme/train:1
    command: [python, -m, train]
    env: {EPOCHS: 20}
    data: [features, models]
    resources: {cpu: 8, memory: 32Gi, gpu: {a100: 1}}
    tensorboard: models/logs/churn
"""
GPUS = """\
gpus:
  a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}, total: 16}
"""
OPERATOR = f"platform: {{tensorflow: kubeflow-training-1.9}}\n{GPUS}"


def run_of(spec: str, environment: str = OPERATOR) -> Any:
    manifests = place(spec, environment).manifests
    return next(manifest.body for manifest in manifests if manifest.run)


def replicas(spec: str) -> Any:
    return run_of(spec)["spec"]["tfReplicaSpecs"]


def with_(spec: str, more: str) -> str:
    """``spec`` with more in its one workload."""
    return spec.replace("kind: tensorflow,", f"kind: tensorflow, {more},")


@pytest.mark.parametrize("environment", ["", OPERATOR])
def test_one_worker_is_a_plain_job_whatever_the_environment_has(environment: str) -> None:
    body = run_of(ONE, environment)
    assert (body["apiVersion"], body["kind"]) == ("batch/v1", "Job")
    assert body["spec"]["backoffLimit"] == 3
    assert body["spec"]["activeDeadlineSeconds"] == 6 * 3600
    pod = body["spec"]["template"]["spec"]
    assert pod["restartPolicy"] == "Never"
    assert "ports" not in pod["containers"][0]


def test_a_chief_alone_is_one_pod() -> None:
    assert run_of(with_(ONE, "chief: true"))["kind"] == "Job"


@pytest.mark.parametrize(
    ("more", "shown", "less"),
    [
        ("workers: 4", "workers: 4", "workers: 1"),
        ("ps: 2", "ps: 2", "ps: null"),
        ("evaluator: true", "evaluator: true", "evaluator: null"),
        ("workers: 2, ps: 1, evaluator: true", "workers: 2", "workers: 1, ps: null, evaluator: null"),
    ],
)
def test_several_pods_need_an_operator(more: str, shown: str, less: str) -> None:
    (problem,) = problems(with_(ONE, more))
    assert problem.rule == "needs-operator"
    assert problem.message == f"`{shown}` is distributed TensorFlow, and nothing in `dev` runs that"
    assert f"`workloads: {{train: {{{less}}}}}`" in problem.help
    assert [span.file for span in (problem.span, problem.related[0][0])] == [
        "projects/demo/mlgen.yaml",
        "environments/dev.yaml",
    ]


def test_the_operator_that_is_asked_for_is_one_that_may_be_chosen() -> None:
    assert tensorflow.OPERATOR in KINDS["tensorflow"]


def test_what_help_says_helps() -> None:
    spec = with_(ONE, "workers: 2, ps: 1") + "environments: {dev: {workloads: {train: {workers: 1, ps: null}}}}\n"
    assert [problem for problem in problems(spec) if problem.severity == "error"] == []


def test_workers_are_the_training_pods_in_all_and_none_is_the_chief_unless_asked() -> None:
    found = replicas(FOUR)
    assert {sort: replica["replicas"] for sort, replica in found.items()} == {"Worker": 4}


def test_the_chief_is_one_of_the_workers() -> None:
    found = replicas(ALL)
    assert {sort: replica["replicas"] for sort, replica in found.items()} == {
        "Chief": 1,
        "Worker": 2,
        "PS": 2,
        "Evaluator": 1,
    }
    lone = replicas(with_(ONE, "chief: true, ps: 1"))
    assert list(lone) == ["Chief", "PS"]


def test_the_container_of_every_replica_is_named_exactly_tensorflow() -> None:
    """The webhook wants one of that name in each, and an image on every container."""
    for replica in replicas(ALL).values():
        (container,) = replica["template"]["spec"]["containers"]
        assert container["name"] == "tensorflow"
        assert container["image"] == "ghcr.io/acme/train:1"
        assert container["ports"] == [{"name": "tfjob-port", "containerPort": 2222}]


def test_the_restart_policy_sits_on_the_replica_and_not_in_the_pod_template() -> None:
    for replica in replicas(ALL).values():
        assert replica["restartPolicy"] == "OnFailure"
        assert "restartPolicy" not in replica["template"]["spec"]


def test_limits_sit_in_the_run_policy() -> None:
    spec = run_of(with_(FOUR, "timeout: 2d"))["spec"]
    assert spec["runPolicy"]["activeDeadlineSeconds"] == 2 * 24 * 3600
    assert spec["runPolicy"]["cleanPodPolicy"] == "Running"
    assert set(spec) == {"runPolicy", "successPolicy", "tfReplicaSpecs"}


@pytest.mark.parametrize(("retries", "limit"), [(0, 0), (1, 5), (2, 9)])
def test_the_operator_adds_up_restarts_and_stops_when_the_sum_reaches_the_limit(retries: int, limit: int) -> None:
    """Four pods that each crash `retries` times are within it; once more is not."""
    policy = run_of(with_(FOUR, f"retries: {retries}"))["spec"]["runPolicy"]
    assert policy["backoffLimit"] == limit


def test_parameter_servers_and_the_evaluator_are_pods_that_restart_too() -> None:
    assert run_of(ALL)["spec"]["runPolicy"]["backoffLimit"] == 2 * (3 + 2 + 1) + 1


def test_without_a_chief_all_workers_are_waited_for() -> None:
    """By default the operator is done when worker 0 is, and removes the others."""
    assert run_of(FOUR)["spec"]["successPolicy"] == "AllWorkers"
    assert "successPolicy" not in run_of(ALL)["spec"]


def test_a_tracked_run_has_no_time_to_live_and_leaves_suspension_to_a_queue() -> None:
    body = run_of(FOUR)
    assert not {"ttlSecondsAfterFinished", "suspend"} & set(body["spec"]["runPolicy"])
    assert body["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"


def test_every_pod_template_has_the_labels() -> None:
    """Kustomize's labels transformer does not reach those of custom resources."""
    for replica in replicas(ALL).values():
        labels = replica["template"]["metadata"]["labels"]
        assert labels["mlgen.dev/workload"] == "train"
        assert labels["app.kubernetes.io/name"] == "demo"


def test_every_pod_keeps_to_the_restricted_standard_and_knows_its_run() -> None:
    body = run_of(ALL)
    for replica in body["spec"]["tfReplicaSpecs"].values():
        pod = replica["template"]["spec"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["containers"][0]["securityContext"]["capabilities"] == {"drop": ["ALL"]}
        assert pod["containers"][0]["env"] == [{"name": "MLGEN_RUN", "value": body["metadata"]["name"]}]


def test_parameter_servers_get_no_gpu_and_no_place_among_them() -> None:
    found = replicas(ALL)
    servers, worker = (found[sort]["template"]["spec"] for sort in ("PS", "Worker"))
    assert "nvidia.com/gpu" not in servers["containers"][0]["resources"]["limits"]
    assert "nodeSelector" not in servers
    assert worker["containers"][0]["resources"]["limits"] == {"memory": "32Gi", "nvidia.com/gpu": "2"}
    assert worker["nodeSelector"] == {"accelerator": "a100"}


@pytest.mark.parametrize(("total", "enough"), [(8, True), (7, False)])
def test_gpus_are_counted_for_the_workers_and_the_evaluator(total: int, enough: bool) -> None:
    environment = OPERATOR.replace("total: 16", f"total: {total}")
    found = [problem for problem in problems(ALL, environment) if problem.rule == "too-many-gpus"]
    assert not found if enough else "4 pods ask for 2 GPUs of class `a100` each" in found[0].message


def test_the_name_of_a_run_is_a_dns_label_and_leaves_room_for_its_pods() -> None:
    """The webhook wants DNS-1035, and each pod gets a Service named `<run>-evaluator-0` or so."""
    name = "t" * 40
    assert problems(FOUR.replace("train:", f"{name}:", 1), OPERATOR) == []
    short = run_of(FOUR.replace("train:", f"{name}:", 1))["metadata"]["name"]
    assert short[0].isalpha()
    assert len(f"{short}-evaluator-0") <= 63
    shared = f"namespace: {{existing: shared}}\n{OPERATOR}"
    (problem,) = problems(FOUR.replace("train:", f"{name}:", 1), shared)
    assert problem.rule == "name-too-long"
    assert "the TFJob `demo-" in problem.message


@pytest.mark.parametrize(("spec", "environment", "peers"), [(ONE, "", False), (FOUR, OPERATOR, True)])
def test_pods_may_talk_to_each_other_on_any_port_where_there_are_several(
    spec: str, environment: str, peers: bool
) -> None:
    policy = built(spec, f"{environment}network: {{default: deny}}\n")["NetworkPolicy/train"]
    workload = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "train"}
    rule = {"from": [{"podSelector": {"matchLabels": workload}}]}
    assert (rule in policy["spec"].get("ingress", [])) is peers


def test_who_sets_tf_config_is_the_operator() -> None:
    (problem,) = problems(with_(ONE, "env: {TF_CONFIG: none}"))
    assert (problem.rule, problem.message) == ("variable-collision", "mlgen sets `TF_CONFIG` itself")


def test_what_is_built_is_what_the_crd_takes() -> None:
    for spec in (FOUR, ALL):
        body = run_of(spec)
        assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor)] == []
        assert accepted(body)


def test_upstream_examples_pass() -> None:
    paths = [path for path in SHARED.glob("samples/*/*.y*ml") if "kind: TFJob" in path.read_text("utf-8")]
    found = [body for path in paths for body in documents(path)] or pytest.skip("../shared is not here")
    jobs = [body for body in found if body.get("kind") == "TFJob" and body["apiVersion"] == "kubeflow.org/v1"]
    assert jobs
    assert [fault for body in jobs for fault in check(body, "1.34")] == []


def test_who_renders_is_told_how_to_follow_the_pod_that_leads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`kubectl logs tfjob/NAME` knows no pods: they are found by the operator's labels."""
    case = ROOT / "tests" / "cases" / "tensorflow"
    for folder in ("environments", "projects"):
        shutil.copytree(case / folder, tmp_path / folder)
    assert render(tmp_path, [], environment=None, force=False, form="text", strict=False, fail_on_change=False) == 0
    labels = "training.kubeflow.org/job-name=embed-[0-9a-f]{10},training.kubeflow.org/job-role=master"
    shown = capsys.readouterr()
    assert re.search(f"kubectl logs -n ml-churn-prod --follow -l {labels}$", shown.out + shown.err, re.MULTILINE)


# ---- TensorBoard -------------------------------------------------------------------------------------------------


def test_a_tensorboard_reads_the_folder_of_the_logs() -> None:
    objects = built(LOGS, GPUS)
    pod = objects["Deployment/train-tensorboard"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["command"] == [
        "tensorboard",
        "--logdir=/mnt/models/logs/churn",
        "--host=0.0.0.0",
        "--port=6006",
    ]
    assert container["image"] == "ghcr.io/acme/train:1"
    assert container["volumeMounts"] == [{"name": "models", "mountPath": "/mnt/models", "readOnly": True}]
    assert pod["volumes"] == [{"name": "models", "persistentVolumeClaim": {"claimName": "models", "readOnly": True}}]


def test_a_tensorboard_is_small_and_has_nothing_else_of_the_training() -> None:
    pod = built(LOGS, GPUS)["Deployment/train-tensorboard"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert "env" not in container
    assert container["resources"] == {"requests": {"cpu": "100m", "memory": "1Gi"}, "limits": {"memory": "1Gi"}}
    assert "nodeSelector" not in pod
    assert pod["serviceAccountName"] == "train-tensorboard"


def test_the_whole_of_some_data_may_be_shown() -> None:
    spec = LOGS.replace("models/logs/churn", "models")
    pod = built(spec, GPUS)["Deployment/train-tensorboard"]["spec"]["template"]["spec"]
    assert "--logdir=/mnt/models" in pod["containers"][0]["command"]


def test_a_tensorboards_service_does_not_select_the_pods_that_train() -> None:
    objects = built(LOGS, GPUS)
    service = objects["Service/train-tensorboard"]["spec"]
    assert service["ports"] == [{"name": "http", "port": 6006, "targetPort": "http"}]
    viewer = objects["Deployment/train-tensorboard"]["spec"]["template"]["metadata"]["labels"]
    trainer = run_of(LOGS, GPUS)["spec"]["template"]["metadata"]["labels"]
    assert service["selector"].items() <= viewer.items()
    assert not service["selector"].items() <= trainer.items()


def test_a_tensorboard_is_let_through_the_network() -> None:
    policy = built(LOGS, f"{GPUS}network: {{default: deny}}\n")["NetworkPolicy/train-tensorboard"]["spec"]
    assert policy["ingress"][0]["ports"] == [{"protocol": "TCP", "port": 6006}]
    assert policy["podSelector"]["matchLabels"]["mlgen.dev/workload"] == "train-tensorboard"


def test_another_tensorboard_is_no_other_run() -> None:
    name = run_of(LOGS, GPUS)["metadata"]["name"]
    assert run_of(LOGS.replace("logs/churn", "other"), GPUS)["metadata"]["name"] == name


def test_the_name_of_a_tensorboard_may_not_be_taken() -> None:
    other = "  train-tensorboard: {kind: job, image: ghcr.io/acme/train:1}\n"
    (problem,) = problems(LOGS + other, GPUS)
    assert (problem.rule, problem.span.line) == ("name-collision", 16)
