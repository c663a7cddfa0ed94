"""Pipelines become what runs them: the very objects that the workloads make by themselves, in order, with just their
rights; and what is wrong with such an object is told at the line that caused it."""

import json
import re
from typing import Any

import pytest
import yaml

from mlgen import engine
from mlgen.commands import address
from mlgen.meeting import Place
from mlgen.platform import load
from mlgen.problem import Problem, errors

HEAD = "apiVersion: mlgen.dev/v1\n"
SPEC = """\
kind: Project
name: demo
owner: ml
image: demo:1.0
data: {features: {claim: shared}}
workloads:
  features: {kind: spark, main: local:///a.py, executors: {count: 1}, data: [features]}
  train: {kind: tensorflow, workers: 2, env: {SEED: 1}, data: [features]}
  score: {kind: pytorch, workers: 2}
  notify: {kind: job, args: ["$(MLGEN_RUN)"]}
"""
PIPELINE = """\
pipelines:
  nightly:
    schedule: "30 1 * * *"
    timeZone: Europe/Berlin
    steps:
      features: {}
      train: {after: [features], retries: 2}
      score: {after: [features, train]}
    parameters: {DAY: "{{ scheduled.date }}", OWNER: "{{ project.owner }}"}
    onFailure: notify
"""
OPERATORS = "spark: spark-operator-2.5, tensorflow: kubeflow-training-1.9"
ENGINES = ["job", "argo-workflows-3.7", "argo-workflows-4.1"]
argo = pytest.mark.parametrize("engine_name", ENGINES[1:])
everywhere = pytest.mark.parametrize("engine_name", ENGINES)
DAY = (
    r"\{\{=date\(workflow\.scheduledTime \?\? workflow\.creationTimestamp\.RFC3339\)\.In\(timezone\('Europe/Berlin'\)\)"
)


def placed(engine_name: str, pipeline: str = PIPELINE, spec: str = SPEC, environment: str = "") -> Place:
    files = {
        "environments/base.yaml": f"{HEAD}kind: Environment\nname: base\nregistry: {{host: r.example.com}}\n",
        "environments/dev.yaml": f"{HEAD}kind: Environment\nname: dev\nexisting: {{claims: [shared]}}\n"
        f"platform: {{{OPERATORS}, pipelines: {engine_name}}}\n{environment}",
        "projects/demo/mlgen.yaml": f"{HEAD}{spec}{pipeline}environments: {{dev: {{}}}}\n",
    }
    platform = load({path: text.encode() for path, text in files.items()})
    assert not errors(platform.problems)
    return engine.one(platform, "demo", "dev")


def objects(place: Place) -> dict[str, Any]:
    return {f"{manifest.ref.kind}/{manifest.ref.name}": manifest.body for manifest in place.manifests}


def severe(place: Place) -> list[Problem]:
    return [problem for problem in place.problems if problem.severity == "error"]


def templates(place: Place) -> dict[str, Any]:
    return {one["name"]: one for one in objects(place)["WorkflowTemplate/nightly"]["spec"]["templates"]}


def texts(place: Place) -> dict[str, str]:
    """What each step creates, as the engine has it."""
    found = objects(place)
    if "ConfigMap/nightly" in found:
        data = found["ConfigMap/nightly"]["data"]
        return {
            key.removesuffix(".json"): text for key, text in data.items() if key not in ("plan.json", "pipeline.py")
        }
    return {name: one["resource"]["manifest"] for name, one in templates(place).items() if "resource" in one}


def alone(name: str) -> Any:
    """The run of a workload that no pipeline starts."""
    [run] = [
        one.body for one in placed("job", pipeline="").manifests if one.run and one.ref.name.startswith(f"{name}-")
    ]
    return run


@everywhere
@pytest.mark.parametrize("name", ["features", "train", "score", "notify"])
def test_a_step_creates_what_the_workload_makes_by_itself(engine_name: str, name: str) -> None:
    """But for its name, for what protects a run of git's, for the pipeline's label and its parameters."""
    text = texts(placed(engine_name))[name]
    expected = alone(name)
    run = expected["metadata"]["name"]
    written = re.sub(rf"\b{name}-\{{\{{=[^}}]*}}}}|<run>", run, text)
    found = yaml.safe_load(re.sub(r"<parameter\.(\w+)>|\{\{workflow\.parameters\.(\w+)}}", r"parameter \1\2", written))
    labels = found["metadata"]["labels"]
    assert labels.pop("mlgen.dev/pipeline") == "nightly"
    expected["metadata"].pop("annotations")
    for _, variables in [*_variables(found)]:
        given = {one["name"]: one for one in variables}
        assert given["DAY"]["value"] == "parameter DAY"
        assert given["OWNER"]["value"] == "parameter OWNER"
        variables[:] = [one for one in variables if one["name"] not in ("DAY", "OWNER")]
    for _, variables in [*_variables(expected)]:
        variables[:] = [one for one in variables if one["name"] != "DAY"]
    assert found == expected


def _variables(value: Any, path: str = "") -> Any:
    """Every list of variables in an object."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "env":
                yield path, inner
            yield from _variables(inner, f"{path}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _variables(item, f"{path}.{index}")


@everywhere
def test_what_a_pipeline_starts_has_no_run_of_its_own(engine_name: str) -> None:
    place = placed(engine_name)
    assert severe(place) == []
    assert not [manifest for manifest in place.manifests if manifest.run]
    assert {"ServiceAccount/train", "ServiceAccount/features", "Service/score"} <= set(objects(place))
    assert sorted(inner.ref.kind for inner in place.within) == ["Job", "Job", "SparkApplication", "TFJob"]


@argo
def test_a_dag_has_each_step_once_and_waits_as_the_spec_says(engine_name: str) -> None:
    found = templates(placed(engine_name))
    tasks = {task["name"]: task.get("depends") for task in found["nightly"]["dag"]["tasks"]}
    assert tasks == {
        "features": None,
        "train": "features.Succeeded",
        "score": "features.Succeeded && train.Succeeded",
    }
    assert found["train"]["retryStrategy"]["limit"] == "2"
    assert found["onFailure"]["steps"] == [
        [{"name": "notify", "template": "notify", "when": "{{workflow.status}} != Succeeded"}]
    ]


@argo
def test_parameters_are_the_workflows_and_the_day_is_that_of_the_schedules_zone(engine_name: str) -> None:
    spec = objects(placed(engine_name))["WorkflowTemplate/nightly"]["spec"]
    day, owner = spec["arguments"]["parameters"]
    assert owner == {"name": "OWNER", "value": "ml"}
    assert re.fullmatch(rf"{DAY}\.Format\('2006-01-02'\)}}}}", day["value"])
    cron = objects(placed(engine_name))["CronWorkflow/nightly"]["spec"]
    assert (cron["schedules"], cron["timezone"]) == (["30 1 * * *"], "Europe/Berlin")
    assert "schedule" not in cron, "4 knows it no more"
    assert cron["workflowSpec"] == {"workflowTemplateRef": {"name": "nightly"}}


def test_the_plan_says_what_the_spec_says() -> None:
    data = objects(placed("job"))["ConfigMap/nightly"]["data"]
    plan = json.loads(data["plan.json"])
    assert {one["name"]: (one["after"], one["retries"]) for one in plan["steps"]} == {
        "features": ([], 0),
        "train": (["features"], 2),
        "score": (["features", "train"], 0),
    }
    assert [one["name"] for one in plan["onFailure"]] == ["notify"]
    assert (plan["timeout"], plan["timeZone"]) == (86400, "Europe/Berlin")
    assert plan["parameters"] == {"DAY": "<scheduled.date>", "OWNER": "ml"}
    cron = objects(placed("job"))["CronJob/nightly"]["spec"]
    job = cron["jobTemplate"]["spec"]
    assert (cron["schedule"], cron["timeZone"], cron["concurrencyPolicy"]) == ("30 1 * * *", "Europe/Berlin", "Forbid")
    assert job["activeDeadlineSeconds"] > plan["timeout"], "the program stops by itself before it is stopped"


@pytest.mark.parametrize(
    ("engine_name", "more", "verbs"),
    [
        ("job", {}, ["create", "get", "delete"]),
        ("argo-workflows-4.1", {("argoproj.io", "workflowtaskresults"): ["create", "patch"]}, ["create", "get"]),
    ],
)
def test_the_account_may_do_what_the_engine_does_and_nothing_else(
    engine_name: str, more: dict[tuple[str, str], list[str]], verbs: list[str]
) -> None:
    found = objects(placed(engine_name))
    rules = {(rule["apiGroups"][0], rule["resources"][0]): rule["verbs"] for rule in found["Role/nightly"]["rules"]}
    kinds = [("sparkoperator.k8s.io", "sparkapplications"), ("kubeflow.org", "tfjobs"), ("batch", "jobs")]
    assert rules == {**dict.fromkeys(kinds, verbs), **more}
    assert found["RoleBinding/nightly"]["subjects"][0]["name"] == "nightly"


def test_a_job_that_starts_no_jobs_reads_its_own_and_makes_none() -> None:
    only = 'pipelines:\n  nightly: {schedule: "@daily", steps: [features]}\n'
    rules = objects(placed("job", only))["Role/nightly"]["rules"]
    assert {rule["resources"][0]: rule["verbs"] for rule in rules} == {
        "sparkapplications": ["create", "get", "delete"],
        "jobs": ["get"],
    }


@everywhere
def test_whatever_runs_a_pipeline_reaches_the_api_through_a_closed_network(engine_name: str) -> None:
    found = objects(placed(engine_name, environment="network: {default: deny}\n"))
    policy = found["NetworkPolicy/nightly"]["spec"]
    ports = [port["port"] for rule in policy["egress"] for port in rule.get("ports", [])]
    assert {443, 6443} <= set(ports)
    assert "ingress" not in policy
    chosen = policy["podSelector"]["matchLabels"]
    if engine_name == "job":
        pods = found["CronJob/nightly"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    else:
        pods = found["WorkflowTemplate/nightly"]["spec"]["podMetadata"]["labels"]
    assert chosen.items() <= pods.items()


PATCH = "  notify: {kind: job, patches: [{kind: Job, spec: {backofLimit: 3}}]}"


@everywhere
def test_a_fault_of_what_a_step_creates_is_told_at_its_line(engine_name: str) -> None:
    spec = SPEC.replace('  notify: {kind: job, args: ["$(MLGEN_RUN)"]}', PATCH)
    [problem] = severe(placed(engine_name, spec=spec))
    assert problem.rule == "kubernetes-unknown-field"
    assert (problem.span.file, problem.span.line) == ("projects/demo/mlgen.yaml", 11)


@everywhere
def test_images_of_steps_are_pinned_where_images_must_be(engine_name: str) -> None:
    found = severe(placed(engine_name, environment="protected: true\n"))
    assert {problem.rule for problem in found} == {"unpinned-image"}


@everywhere
def test_of_a_pipelines_steps_a_quota_counts_the_greatest(engine_name: str) -> None:
    spec = (
        SPEC
        + "  big: {kind: job, args: [a], resources: {cpu: 20}}\n"
        + "  bigger: {kind: job, args: [b], resources: {cpu: 30}}\n"
    )
    pipeline = 'pipelines:\n  nightly: {schedule: "@daily", steps: [big, bigger]}\n'
    fits, short = (placed(engine_name, pipeline, spec, f"quota: {{cpu: {cpu}, memory: 1Ti}}\n") for cpu in (45, 31))
    assert severe(fits) == []
    [problem] = severe(short)
    assert problem.rule == "over-quota"


@everywhere
def test_only_the_pipelines_own_alert_tells_of_a_failed_step(engine_name: str) -> None:
    found = objects(placed(engine_name, environment="monitoring: {from: prometheus-operator}\n"))
    rules = [key for key in found if key.startswith("PrometheusRule/")]
    assert rules == ["PrometheusRule/nightly"]
    alerts = [rule["alert"] for group in found[rules[0]]["spec"]["groups"] for rule in group["rules"]]
    assert alerts == (["CronJobMissed", "CronJobFailing"] if engine_name == "job" else ["PipelineFailed"])


def test_a_pipeline_may_ignore_a_rule_with_a_reason() -> None:
    image = "pipelines: {image: docker.io/library/python}\n"
    said, ignoring = (
        placed("job", PIPELINE + more, environment=image)
        for more in ("", "    ignore: {untagged-image: It only waits.}\n")
    )
    gone = {problem.rule for problem in said.problems} - {problem.rule for problem in ignoring.problems}
    assert gone == {"untagged-image"}


def test_explain_knows_what_a_step_creates() -> None:
    place = placed("argo-workflows-4.1")
    [found] = address.objects(place, address.Address("demo", "dev", "tfjob", "train", None))
    assert next(node.span.line for node in found.origins[("spec", "tfReplicaSpecs", "Worker", "replicas")]) == 9


def test_an_environment_changes_a_pipeline_as_it_changes_a_workload() -> None:
    changed = PIPELINE.replace("nightly:", "nightly:", 1)
    files = (
        changed
        + "environments:\n  dev:\n    pipelines:\n      nightly: {suspend: true, steps: {train: {retries: 0}}}\n"
    )
    text = f"{HEAD}{SPEC}{files}"
    base = f"{HEAD}kind: Environment\nname: base\nregistry: {{host: r.example.com}}\n"
    dev = f"{HEAD}kind: Environment\nname: dev\nexisting: {{claims: [shared]}}\nplatform: {{{OPERATORS}}}\n"
    named = {"environments/base.yaml": base, "environments/dev.yaml": dev, "projects/demo/mlgen.yaml": text}
    place = engine.one(load({path: one.encode() for path, one in named.items()}), "demo", "dev")
    assert severe(place) == []
    assert objects(place)["CronJob/nightly"]["spec"]["suspend"] is True
    plan = json.loads(objects(place)["ConfigMap/nightly"]["data"]["plan.json"])
    assert [one["retries"] for one in plan["steps"]] == [0, 0, 0]
