"""Training on JobSet: rows of pods that find each other by name, with PyTorch and with TensorFlow's roles."""

import json
import re
from typing import Any

import pytest
from tests.custom_test import accepted
from tests.kinds import pytorch_test, tensorflow_test
from tests.kinds.pytorch_test import GPUS, ROW
from tests.kinds.tensorflow_test import ALL, FOUR, with_
from tests.small import built, place, problems

from mlgen import operators
from mlgen.kubernetes import check

TORCH = f"platform: {{pytorch: jobset-0.12}}\n{GPUS}"
FLOW = f"platform: {{tensorflow: jobset-0.12}}\n{tensorflow_test.GPUS}"
BOTH = pytest.mark.parametrize(("spec", "environment"), [(ROW, TORCH), (FOUR, FLOW), (ALL, FLOW)])


def run_of(spec: str, environment: str) -> Any:
    return next(manifest.body for manifest in place(spec, environment).manifests if manifest.run)


def rows(body: Any) -> dict[str, Any]:
    """The spec of each row's Job by its role."""
    return {job["name"]: job["template"]["spec"] for job in body["spec"]["replicatedJobs"]}


def hosts(body: Any) -> set[str]:
    """What JobSet calls the pods: `<jobset>-<role>-<job>-<index>`, below a Service of the JobSet's name."""
    name = body["metadata"]["name"]
    return {
        f"{name}-{role}-0-{index}.{name}" for role, job in rows(body).items() for index in range(job["completions"])
    }


def environment_of(job: Any, index: int) -> dict[str, str]:
    """The variables of a row's pod with the number ``index``, expanded as the kubelet does: what stands before."""
    found: dict[str, str] = {}
    number = job["template"]["spec"]["containers"][0]["env"]
    for entry in number:
        value = str(index) if "valueFrom" in entry else entry["value"]
        found[entry["name"]] = re.sub(r"\$\(([^)]+)\)", lambda name: found.get(name[1], name[0]), value)
    return found


@BOTH
def test_what_is_built_is_what_the_crd_and_the_webhook_take(spec: str, environment: str) -> None:
    body = run_of(spec, environment)
    assert (body["apiVersion"], body["kind"]) == ("jobset.x-k8s.io/v1alpha2", "JobSet")
    assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor)] == []
    assert list(operators.check(body)) == []
    assert accepted(body)


@BOTH
def test_each_row_is_tried_again_and_ended_as_the_jobs_of_a_plain_cluster_are(spec: str, environment: str) -> None:
    """A JobSet has no deadline, and what restarts all of its Jobs would give each of them its time anew."""
    body = run_of(spec, environment)
    assert "failurePolicy" not in body["spec"]
    for job in rows(body).values():
        assert (job["backoffLimitPerIndex"], job["maxFailedIndexes"], job["podReplacementPolicy"]) == (2, 0, "Failed")
        assert job["activeDeadlineSeconds"] == 86400
        assert job["completions"] == job["parallelism"]
        assert job["template"]["spec"]["restartPolicy"] == "Never"
        assert "subdomain" not in job["template"]["spec"], "the operator sets it"


@BOTH
def test_a_tracked_run_has_no_time_to_live_and_leaves_suspension_to_a_queue(spec: str, environment: str) -> None:
    assert not {"ttlSecondsAfterFinished", "suspend"} & set(run_of(spec, environment)["spec"])


def test_pods_of_pytorch_meet_at_the_first() -> None:
    body = run_of(ROW, TORCH)
    assert list(rows(body)) == ["node"]
    found = environment_of(rows(body)["node"], 3)
    assert found["PET_MASTER_ADDR"] == found["MASTER_ADDR"]
    assert found["MASTER_ADDR"] in hosts(body)
    assert found["MASTER_ADDR"].endswith(f"-0-0.{body['metadata']['name']}")
    assert (found["PET_NODE_RANK"], found["RANK"], found["WORLD_SIZE"], found["PET_NNODES"]) == ("3", "3", "8", "4")


def test_every_pod_of_tensorflow_knows_all_and_itself() -> None:
    """The evaluator is one that nobody talks to: TensorFlow wants it outside of the cluster."""
    body = run_of(ALL, FLOW)
    jobs = rows(body)
    assert {role: job["completions"] for role, job in jobs.items()} == {
        "chief": 1,
        "worker": 2,
        "ps": 2,
        "evaluator": 1,
    }
    for role, job in jobs.items():
        for index in range(job["completions"]):
            config = json.loads(environment_of(job, index)["TF_CONFIG"])
            assert config["task"] == {"type": role, "index": index}
            sizes = {known: len(addresses) for known, addresses in config["cluster"].items()}
            assert sizes == {"chief": 1, "worker": 2, "ps": 2}
            told = {address for addresses in config["cluster"].values() for address in addresses}
            assert told == {f"{host}:2222" for host in hosts(body) if "-evaluator-" not in host}


def test_a_run_is_over_when_its_chief_is_or_all_workers_are() -> None:
    """Servers run for ever: without a policy they would be waited for."""
    assert run_of(ALL, FLOW)["spec"]["successPolicy"] == {"operator": "All", "targetReplicatedJobs": ["chief"]}
    servers = with_(FOUR, "ps: 2")
    assert run_of(servers, FLOW)["spec"]["successPolicy"]["targetReplicatedJobs"] == ["worker"]
    assert "successPolicy" not in run_of(ROW, TORCH)["spec"]


def test_parameter_servers_get_no_gpu_and_no_place_among_them() -> None:
    found = rows(run_of(ALL, FLOW))
    servers, worker = (found[role]["template"]["spec"] for role in ("ps", "worker"))
    assert "nvidia.com/gpu" not in servers["containers"][0]["resources"]["limits"]
    assert "nodeSelector" not in servers
    assert worker["nodeSelector"] == {"accelerator": "a100"}


@pytest.mark.parametrize(("total", "enough"), [(8, True), (7, False)])
def test_gpus_are_counted_for_all_pods(total: int, enough: bool) -> None:
    for spec, environment in ((ROW, TORCH), (ALL, FLOW)):
        found = problems(spec, environment.replace("total: 16", f"total: {total}"))
        assert {problem.rule for problem in found} == (set() if enough else {"too-many-gpus"})


@pytest.mark.parametrize(
    ("spec", "environment"), [(pytorch_test.ONE, TORCH), (tensorflow_test.ONE, FLOW)], ids=["pytorch", "tensorflow"]
)
def test_one_pod_is_a_plain_job(spec: str, environment: str) -> None:
    assert run_of(spec, environment)["kind"] == "Job"


@BOTH
def test_pods_may_talk_to_each_other_on_any_port(spec: str, environment: str) -> None:
    objects = built(spec, f"{environment}network: {{default: deny}}\n")
    workload = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "train"}
    assert {"from": [{"podSelector": {"matchLabels": workload}}]} in objects["NetworkPolicy/train"]["spec"]["ingress"]
    for job in rows(run_of(spec, environment)).values():
        assert workload.items() <= job["template"]["metadata"]["labels"].items()


@BOTH
def test_the_jobs_that_come_of_it_are_watched(spec: str, environment: str) -> None:
    objects = built(spec, f"{environment}monitoring: {{from: prometheus-operator}}\n")
    [run] = [body["metadata"]["name"] for body in objects.values() if body["kind"] == "JobSet"]
    [group] = objects["PrometheusRule/train"]["spec"]["groups"]
    assert f'job_name=~"{run}-.*"' in group["rules"][0]["expr"]


def test_a_name_that_leaves_no_room_for_its_pods_is_told_at_the_workload() -> None:
    """JobSet's webhook counts `<run>-evaluator-0-0-abcde`."""
    longest = "t" * (63 - len("-0123456789-evaluator-0-0-abcde"))
    assert problems(ALL.replace("train:", f"{longest}:", 1), FLOW) == []
    found = problems(ALL.replace("train:", f"{longest}t:", 1), FLOW)
    assert {problem.rule for problem in found} == {"job-set"}
    assert {(problem.span.file, problem.span.line) for problem in found} == {("projects/demo/mlgen.yaml", 6)}


def test_mlgen_sets_the_number_itself_whatever_runs_it() -> None:
    (problem,) = problems(with_(tensorflow_test.ONE, "env: {TF_INDEX: 1}"))
    assert problem.rule == "variable-collision"
