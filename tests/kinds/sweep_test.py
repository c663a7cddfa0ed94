"""Sweeps on a plain cluster: one indexed Job, and a ConfigMap that says what each of its pods tries."""

import json
from typing import Any

import pytest
from tests.small import built, place, platform, problems

from mlgen.kubernetes import check

SPEC = """\
data: {clicks: {claim: clicks}}
workloads:
  tune:
    kind: sweep
    image: ghcr.io/acme/tune:1
    command: [python, -m, tune, --config, $(MLGEN_PARAMETERS)]
    parameters:
      rate: [0.1, 0.01]
      depth: {min: 2, max: 4}
      loss: [l1, l2]
    objective: {metric: accuracy}
    env: {EPOCHS: 3}
    data: [clicks]
    resources: {cpu: 2, memory: 8Gi, gpu: {a100: 1}}
"""
GPUS = "gpus: {a100: {resource: nvidia.com/gpu, nodeSelector: {accelerator: a100}, total: 16}}\n"
RANDOM = SPEC.replace("{min: 2, max: 4}", "{min: 2, max: 40}").replace(
    "    objective", "    algorithm: random\n    objective"
)


def objects(spec: str = SPEC, environment: str = GPUS) -> tuple[Any, Any]:
    """The Job and the ConfigMap."""
    found = {manifest.ref.kind: manifest.body for manifest in place(spec, environment).manifests}
    return found["Job"], found["ConfigMap"]


def pod(job: Any) -> Any:
    return job["spec"]["template"]["spec"]


def seen_by(number: int, job: Any, sets: Any) -> Any:
    """What the pod of that number finds where MLGEN_PARAMETERS points, as the kubelet mounts it."""
    [container] = pod(job)["containers"]
    env = {entry["name"]: entry for entry in container["env"]}
    path = "metadata.annotations['batch.kubernetes.io/job-completion-index']"
    assert env["MLGEN_TRIAL"]["valueFrom"]["fieldRef"]["fieldPath"] == path
    [mount] = [one for one in container["volumeMounts"] if one["mountPath"] == env["MLGEN_PARAMETERS"]["value"]]
    [volume] = [one for one in pod(job)["volumes"] if one["name"] == mount["name"]]
    assert volume["configMap"]["name"] == sets["metadata"]["name"]
    return json.loads(sets["data"][mount["subPathExpr"].replace("$(MLGEN_TRIAL)", str(number))])


def test_what_is_built_is_what_kubernetes_takes() -> None:
    for body in objects():
        assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor)] == []
    assert problems(SPEC, GPUS) == []


def test_each_pod_finds_its_own_parameters_and_together_they_are_the_grid() -> None:
    job, sets = objects()
    assert (job["spec"]["completionMode"], job["spec"]["completions"]) == ("Indexed", 12)
    found = [seen_by(number, job, sets) for number in range(12)]
    assert found[0] == {"rate": 0.1, "depth": 2, "loss": "l1"}
    assert found[-1] == {"rate": 0.01, "depth": 4, "loss": "l2"}
    assert len({tuple(one.values()) for one in found}) == len(sets["data"]) == 12


def test_no_shell_is_asked_of_the_image() -> None:
    [container] = pod(objects()[0])["containers"]
    assert container["command"] == ["python", "-m", "tune", "--config", "$(MLGEN_PARAMETERS)"]
    assert "initContainers" not in pod(objects()[0])


def test_a_sample_has_as_many_trials_as_asked_for_and_the_seed_makes_another() -> None:
    spec = RANDOM.replace("    objective", "    trials: 30\n    objective")
    job, sets = objects(spec)
    assert job["spec"]["completions"] == len(sets["data"]) == 30
    other = objects(spec.replace("trials: 30", "trials: 30\n    seed: 1"))[1]
    assert other["data"] != sets["data"]
    fewer = objects(spec.replace("trials: 30", "trials: 7"))[1]["data"]
    assert fewer.items() <= sets["data"].items()


@pytest.mark.parametrize(("more", "parallel"), [("", 4), ("    parallel: 8\n", 8), ("    parallel: 100\n", 12)])
def test_some_run_at_a_time_and_never_more_than_there_are(more: str, parallel: int) -> None:
    assert objects(SPEC + more)[0]["spec"]["parallelism"] == parallel


@pytest.mark.parametrize(("total", "enough"), [(4, True), (3, False)])
def test_gpus_are_counted_for_the_trials_that_run_at_a_time(total: int, enough: bool) -> None:
    found = problems(SPEC, GPUS.replace("total: 16", f"total: {total}"))
    assert [problem.rule for problem in found] == ([] if enough else ["too-many-gpus"])


def test_gpus_are_counted_for_no_more_trials_than_there_are() -> None:
    two = SPEC.replace("depth: {min: 2, max: 4}", "depth: [2]").replace("loss: [l1, l2]", "loss: [l1]")
    assert problems(two, GPUS.replace("total: 16", "total: 2")) == []


def test_a_trial_that_fails_is_tried_again_and_takes_no_other_with_it() -> None:
    spec = objects()[0]["spec"]
    assert spec["backoffLimitPerIndex"] == 2
    assert not {"backoffLimit", "maxFailedIndexes", "ttlSecondsAfterFinished"} & set(spec)
    assert objects(f"{SPEC}    failures: 3\n")[0]["spec"]["maxFailedIndexes"] == 3
    assert objects(f"{SPEC}    failures: 300\n")[0]["spec"]["maxFailedIndexes"] == 12


def test_the_time_limit_is_that_of_one_attempt() -> None:
    job, _ = objects(f"{SPEC}    timeout: 6h\n")
    assert pod(job)["activeDeadlineSeconds"] == 6 * 3600
    assert "activeDeadlineSeconds" not in job["spec"]


def test_other_values_are_another_run_and_the_old_sets_stay() -> None:
    job, sets = objects()
    other, changed = objects(SPEC.replace("[l1, l2]", "[l1, l3]"))
    assert job["metadata"]["name"] != other["metadata"]["name"]
    assert sets["metadata"]["name"] != changed["metadata"]["name"]
    assert sets["immutable"] is True
    assert sets["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"


def test_a_range_and_the_list_of_its_values_are_one_run() -> None:
    assert objects()[0] == objects(SPEC.replace("{min: 2, max: 4}", "[2, 3, 4]"))[0]


def test_the_program_is_told_what_to_print() -> None:
    [container] = pod(objects()[0])["containers"]
    env = {entry["name"]: entry.get("value") for entry in container["env"]}
    assert (env["MLGEN_OBJECTIVE"], env["MLGEN_GOAL"], env["EPOCHS"]) == ("accuracy", "maximize", "3")
    assert "MLGEN_RUN" in env


def test_what_a_trial_has_beside_its_parameters() -> None:
    job, _ = objects()
    [container] = pod(job)["containers"]
    assert {"/data/clicks", "/dev/shm"} <= {mount["mountPath"] for mount in container["volumeMounts"]}
    assert container["resources"]["limits"] == {"memory": "8Gi", "nvidia.com/gpu": "1"}
    assert pod(job)["nodeSelector"] == {"accelerator": "a100"}


def test_in_a_queue_it_waits_as_any_job() -> None:
    queue = "queue: {from: kueue-0.19, cluster: research}\nexisting: {clusterQueues: [research]}\n"
    assert objects(environment=GPUS + queue)[0]["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "demo"


def test_every_problem_of_a_search_is_said_at_once() -> None:
    spec = SPEC.replace("{min: 2, max: 4}", "{min: 9, max: 4}").replace("loss: [l1, l2]", "loss: {min: 0.1, max: 0.2}")
    assert [problem.rule for problem in problems(spec, GPUS)] == ["bad-range", "bad-range"]


@pytest.mark.parametrize("end", [".inf", ".nan", "1.0e+400", "1.0e+300", "'4'", "true"])
def test_odd_numbers_are_problems(end: str) -> None:
    assert platform(SPEC.replace("max: 4", f"max: {end}"), GPUS).problems


def test_a_pipeline_starts_the_very_same_job() -> None:
    pipeline = "pipelines: {nightly: {schedule: '@daily', steps: [tune], parameters: {DAY: '1'}}}\n"
    found = built(SPEC + pipeline, f"{GPUS}pipelines: {{image: docker.io/library/python:3.13-slim}}\n")
    plan = json.loads(found["ConfigMap/nightly"]["data"]["tune.json"])
    alone, _ = objects()
    assert plan["spec"]["completions"] == alone["spec"]["completions"]
    names = {name for name in found if name.startswith("ConfigMap/tune-parameters-")}
    [name] = {volume["configMap"]["name"] for volume in pod(plan)["volumes"] if "configMap" in volume}
    assert names == {f"ConfigMap/{name}"}
