"""Sweeps on Katib: an Experiment, whose trials see what those on a plain cluster would."""

import json
import subprocess
import sys
from typing import Any

import pytest
from tests.kinds.sweep_test import GPUS, SPEC, objects
from tests.small import built, place, problems

from mlgen import operators
from mlgen.kubernetes import check
from mlgen.logs import follow

KATIB = f"{GPUS}podSecurity: baseline\nplatform: {{sweep: katib-0.19}}\n"
CLOSED = f"{KATIB}network: {{default: deny}}\noperators: {{sweep: kubeflow}}\n"
QUEUE = "queue: {from: kueue-0.19, cluster: research}\nexisting: {clusterQueues: [research]}\n"
RANGES = SPEC.replace("rate: [0.1, 0.01]", "rate: {min: 0.0001, max: 0.1, scale: log}").replace(
    "    objective", "    algorithm: tpe\n    trials: 20\n    seed: 7\n    objective"
)


def experiment(spec: str = SPEC, environment: str = KATIB) -> Any:
    return whole(spec, environment)["spec"]


def whole(spec: str, environment: str) -> Any:
    return next(one.body for one in place(spec, environment).manifests if one.ref.kind == "Experiment")


def job(spec: Any, **values: str) -> Any:
    """The Job of a trial, as Katib makes it: it replaces marks in the text of the template.

    (katib 0.19, pkg/controller.v1beta1/experiment/manifest/generator.go: applyParameters.)
    """
    template = spec["trialTemplate"]
    text = json.dumps(template["trialSpec"])
    for parameter in template["trialParameters"]:
        name, source = parameter["name"], parameter["reference"]
        value = "tune-0a1b2c3d4e-x7k2m9qp" if source == "${trialSpec.Name}" else values[source]
        assert f"${{trialParameters.{name}}}" in text, "its webhook asks for that"
        text = text.replace(f"${{trialParameters.{name}}}", value)
    assert "${trialParameters." not in text
    return json.loads(text) | {"metadata": {"name": "tune-0a1b2c3d4e-x7k2m9qp", "namespace": "ml-demo-dev"}}


def container(body: Any) -> Any:
    [one] = body["spec"]["template"]["spec"]["containers"]
    return one


def seen(body: Any) -> Any:
    """What a trial finds where MLGEN_PARAMETERS points, as the kubelet mounts it."""
    env = {entry["name"]: entry.get("value") for entry in container(body)["env"]}
    [mount] = [one for one in container(body)["volumeMounts"] if one["mountPath"] == env["MLGEN_PARAMETERS"]]
    [volume] = [one for one in body["spec"]["template"]["spec"]["volumes"] if one["name"] == mount["name"]]
    [item] = volume["downwardAPI"]["items"]
    assert item["path"] == mount["subPath"]
    _, _, key = item["fieldRef"]["fieldPath"].partition("metadata.annotations[")
    return json.loads(body["spec"]["template"]["metadata"]["annotations"][key.strip("']")])


def test_what_is_built_is_what_the_operator_reads_and_a_trial_is_a_job() -> None:
    for spec in (SPEC, RANGES):
        found = whole(spec, KATIB)
        assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(found, minor)] == []
        assert list(operators.check(found)) == []
        trial = job(found["spec"], rate="0.01", depth="2", loss="l1")
        assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(trial, minor)] == []
        assert problems(spec, KATIB) == []


def test_a_trial_sees_what_it_would_see_on_a_plain_cluster() -> None:
    plain = objects(SPEC, GPUS)[1]
    trial = job(experiment(), rate="0.1", depth="2", loss="l1")
    assert seen(trial) == json.loads(plain["data"]["0.json"]) == {"rate": 0.1, "depth": 2, "loss": "l1"}


def test_a_grid_has_the_very_values_that_a_plain_cluster_tries() -> None:
    found = {one["name"]: one for one in experiment()["parameters"]}
    assert {name: one["feasibleSpace"]["list"] for name, one in found.items()} == {
        "rate": ["0.1", "0.01"],
        "depth": ["2", "3", "4"],
        "loss": ["l1", "l2"],
    }
    assert [one["parameterType"] for one in found.values()] == ["discrete", "discrete", "categorical"]
    assert experiment()["maxTrialCount"] == 12


def test_ranges_stay_ranges_where_results_decide() -> None:
    found = {one["name"]: one for one in experiment(RANGES)["parameters"]}
    assert found["rate"] == {
        "name": "rate",
        "parameterType": "double",
        "feasibleSpace": {"min": "0.0001", "max": "0.1", "distribution": "logUniform"},
    }
    assert (found["depth"]["parameterType"], found["depth"]["feasibleSpace"]) == ("int", {"min": "2", "max": "4"})
    spec = experiment(RANGES)
    assert spec["algorithm"] == {
        "algorithmName": "tpe",
        "algorithmSettings": [{"name": "random_state", "value": "7"}],
    }
    assert spec["maxTrialCount"] == 20


def test_a_step_is_a_list_for_each_algorithm_makes_something_else_of_one() -> None:
    spec = RANGES.replace("{min: 2, max: 4}", "{min: 0.1, max: 0.4, step: 0.1}")
    [depth] = [one for one in experiment(spec)["parameters"] if one["name"] == "depth"]
    assert depth["feasibleSpace"] == {"list": ["0.1", "0.2", "0.3", "0.4"]}


@pytest.mark.parametrize("words", [["--name", "it's"], ["a b", "$HOME", "*"], ['"x"', "`id`", ""], ["\\n", ";", "é"]])
def test_the_words_of_the_command_arrive_through_katibs_shell(words: list[str]) -> None:
    """As its webhook makes one line of them (katib 0.19, pkg/webhook/v1beta1/pod/utils.go: wrapWorkerContainer)."""
    program = [sys.executable, "-c", "import json, sys; print(json.dumps(sys.argv[1:]))", *words]
    spec = SPEC.replace("[python, -m, tune, --config, $(MLGEN_PARAMETERS)]", json.dumps(program))
    command = container(job(experiment(spec), rate="1", depth="2", loss="l1"))["command"]
    assert command[:2] == ["sh", "-c"], "by which Katib knows that it need add no shell"
    line = " ".join([*command[2:], "2>&1", "&&", "echo completed"])
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, text=True)
    assert done.stdout.splitlines() == [json.dumps(words), "completed"]


def test_a_program_that_fails_is_a_trial_that_has_failed() -> None:
    command = container(job(experiment(SPEC.replace("python, -m", "'false', -m")), rate="1", depth="2", loss="l1"))
    line = " ".join([*command["command"][2:], "2>&1", "&&", "echo completed"])
    assert subprocess.run(["sh", "-c", line], capture_output=True, check=False).returncode != 0


def test_what_tells_a_trial_from_the_others() -> None:
    env = {
        entry["name"]: entry["value"] for entry in container(job(experiment(), rate="1", depth="2", loss="l1"))["env"]
    }
    assert env["MLGEN_TRIAL"] == "tune-0a1b2c3d4e-x7k2m9qp"
    assert (env["MLGEN_OBJECTIVE"], env["MLGEN_GOAL"]) == ("accuracy", "maximize")
    assert env["MLGEN_RUN"].startswith("tune-")


@pytest.mark.parametrize(("more", "most"), [("", 12), ("    failures: 0\n", 1), ("    failures: 3\n", 4)])
def test_it_is_given_up_when_one_more_has_failed_than_may_and_no_success_if_all_have(more: str, most: int) -> None:
    """Katib gives up when so many have failed, and takes a sweep whose trials all failed for a success."""
    assert experiment(SPEC + more)["maxFailedTrialCount"] == most


def test_the_objective_and_when_trials_end_early() -> None:
    spec = SPEC.replace("{metric: accuracy}", "{metric: loss, goal: minimize, target: 0.05}\n    earlyStopping: median")
    found = experiment(spec)
    assert found["objective"] == {"type": "minimize", "goal": 0.05, "objectiveMetricName": "loss"}
    assert found["earlyStopping"] == {"algorithmName": "medianstop"}


def test_jobs_of_trials_stay_with_their_logs_and_nothing_else_does() -> None:
    assert experiment()["trialTemplate"]["retain"] is True
    assert experiment()["resumePolicy"] == "Never"


def test_a_trial_on_a_spot_node_that_is_taken_away_is_tried_again() -> None:
    spot = "spot: {nodeSelector: {pool: spot}, tolerations: [{key: spot, operator: Exists}]}\n"
    body = job(experiment(f"{SPEC}    spot: true\n", KATIB + spot), rate="1", depth="2", loss="l1")
    assert body["spec"]["podFailurePolicy"]["rules"][0]["action"] == "Ignore"
    assert list(check(body, "1.34")) == []


def test_all_trials_are_followed_through_the_container_that_shows_what_they_print() -> None:
    [run] = [one.ref for one in place(SPEC, KATIB).manifests if one.run]
    words = follow(run).split()
    assert f"katib.kubeflow.org/experiment={run.name}" in words
    assert words[words.index("-c") + 1] == "metrics-logger-and-collector"
    assert int(words[words.index("--max-log-requests") + 1]) >= 1000, "trials stay, and kubectl follows five by itself"


def test_in_a_queue_the_trials_wait_and_what_suggests_them_does_not() -> None:
    """Katib hands the Experiment's labels on to the Deployment that suggests: Kueue would hold that back, too."""
    body = whole(SPEC, KATIB + QUEUE)
    label = "kueue.x-k8s.io/queue-name"
    assert label not in body["metadata"]["labels"]
    assert body["spec"]["trialTemplate"]["trialSpec"]["metadata"]["labels"][label] == "demo"


def test_the_namespace_has_the_label_without_which_katib_reads_nothing() -> None:
    label = "katib.kubeflow.org/metrics-collector-injection"
    assert built(SPEC, KATIB)["Namespace/ml-demo-dev"]["metadata"]["labels"][label] == "enabled"
    for spec, environment in ((SPEC, GPUS), ("workloads: {a: {kind: job, image: ghcr.io/a/b:1}}\n", KATIB)):
        assert label not in built(spec, environment)["Namespace/ml-demo-dev"]["metadata"]["labels"]


def test_in_a_closed_network_trials_and_katib_reach_each_other() -> None:
    policy = built(SPEC, CLOSED)["NetworkPolicy/tune"]["spec"]
    katib = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kubeflow"}}}
    way = [{"protocol": "TCP", "port": 6789}]
    assert {"from": [katib], "ports": way} in policy["ingress"]
    assert {"to": [katib], "ports": way} in policy["egress"]
    peers = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "tune"}
    assert {"from": [{"podSelector": {"matchLabels": peers}}]} in policy["ingress"]


@pytest.mark.parametrize(("more", "calls"), [("", False), ("    earlyStopping: median\n", True)])
def test_only_what_stops_trials_early_calls_the_api(more: str, calls: bool) -> None:
    policy = built(SPEC + more, CLOSED)["NetworkPolicy/tune"]["spec"]
    ports = [port["port"] for rule in policy["egress"] for port in rule.get("ports", [])]
    assert (6443 in ports) is calls


@pytest.mark.parametrize(("total", "enough"), [(4, True), (3, False)])
def test_gpus_are_counted_for_the_trials_that_run_at_a_time(total: int, enough: bool) -> None:
    found = problems(SPEC, KATIB.replace("total: 16", f"total: {total}"))
    assert [problem.rule for problem in found] == ([] if enough else ["too-many-gpus"])


@pytest.mark.parametrize(("gpus", "enough"), [(4, True), (3, False)])
def test_a_quota_counts_them_too(gpus: int, enough: bool) -> None:
    found = problems(SPEC, f"{KATIB}quota: {{gpu: {{a100: {gpus}}}}}\n")
    assert (found == []) is enough


def test_a_name_that_katib_would_refuse_is_refused() -> None:
    """40 characters, its webhook says."""
    name = "t" * (40 - len("-0123456789"))
    assert problems(SPEC.replace("tune:", f"{name}:", 1), KATIB) == []
    assert {one.rule for one in problems(SPEC.replace("tune:", f"{name}t:", 1), KATIB)} == {"name-too-long"}


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("    objective: {metric: accuracy}\n", "", "no-objective"),
        ("[l1, l2]", "[l1, 0.5]", "bad-value"),
        ("[l1, l2]", "[l1, 'say \"no\"']", "bad-value"),
        ("[l1, l2]", "[l1, '$(PATH)']", "bad-value"),
        ("algorithm: tpe", "algorithm: cmaes", "bad-range"),
        ("depth: {min: 2, max: 4}", "depth: {min: 0.001, max: 4, step: 0.001}", "bad-range"),
    ],
)
def test_what_katib_cannot_search_is_refused_at_its_place(old: str, new: str, rule: str) -> None:
    spec = (RANGES if old in RANGES else SPEC).replace(old, new)
    assert {problem.rule for problem in problems(spec, KATIB)} == {rule}


def test_what_only_one_of_its_algorithms_does() -> None:
    bayes = RANGES.replace("algorithm: tpe", "algorithm: bayesianoptimization")
    assert problems(bayes, KATIB) == []
    linear = bayes.replace("{min: 0.0001, max: 0.1, scale: log}", "{min: 0, max: 0.5}")
    assert [problem.rule for problem in problems(linear, KATIB)] == ["bad-range"]
    two = RANGES.replace("algorithm: tpe", "algorithm: cmaes").replace(", scale: log", "")
    assert problems(two, KATIB) == []


def test_alerts_are_about_the_jobs_of_its_trials() -> None:
    rule = built(SPEC, f"{KATIB}monitoring: {{from: prometheus-operator}}\n")["PrometheusRule/tune"]
    [alert] = rule["spec"]["groups"][0]["rules"]
    assert 'kube_job_failed{namespace="ml-demo-dev",job_name=~"tune-' in alert["expr"]
