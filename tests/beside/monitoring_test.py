"""Monitors, alerts and dashboards, where somebody watches."""

import json
import re
from typing import Any

import pytest
from tests.small import built, place

WATCHED = "monitoring: {from: prometheus-operator, labels: {release: kube-prometheus-stack}, dashboards: true}\n"
JOB = "workloads: {train: {kind: job, image: ghcr.io/acme/a:1%s}}\n"
API = "workloads: {api: {kind: serving, server: custom, image: ghcr.io/acme/a:1%s}}\n"
LAB = "workloads: {lab: {kind: notebook, image: ghcr.io/acme/a:1, users: [anna, ben]}}\n"
SERVE = """\
data: {models: {claim: models}}
workloads:
  serve: {kind: serving, server: tensorflow-serving, model: {data: models, name: m, version: 1}, replicas: {max: 4}}
"""
SERVER = "servers: {tensorflow-serving: docker.io/tensorflow/serving:2.19.0}\n"
MONITORING = ("ServiceMonitor", "PodMonitor", "PrometheusRule")


def alerts(spec: str, environment: str = WATCHED) -> dict[str, dict[str, Any]]:
    rules = [body for body in built(spec, environment).values() if body["kind"] == "PrometheusRule"]
    return {rule["alert"]: rule for body in rules for group in body["spec"]["groups"] for rule in group["rules"]}


def dashboard(spec: str, name: str, environment: str = WATCHED) -> Any:
    [(_, text)] = built(spec, environment)[f"ConfigMap/{name}-dashboard"]["data"].items()
    return json.loads(text)


def queries(panels: Any) -> dict[str, list[str]]:
    return {panel["title"]: [target["expr"] for target in panel["targets"]] for panel in panels["panels"]}


def test_nothing_watches_where_the_environment_offers_nothing() -> None:
    for spec in (JOB % ", metrics: {port: 9090}", API % ", metrics: {}", LAB):
        assert not [name for name in built(spec) if name.startswith(MONITORING) or name.endswith("-dashboard")]


def test_dashboards_are_there_only_where_they_are_asked_for() -> None:
    assert "ConfigMap/lab-dashboard" not in built(LAB, "monitoring: {from: prometheus-operator}\n")


@pytest.mark.parametrize("spec", [JOB % ", metrics: {port: 9090}", API % ", metrics: {}"])
def test_prometheus_finds_monitors_and_rules_by_the_environments_labels(spec: str) -> None:
    """Which label it looks for is the choice of whoever installed it."""
    found = [body for body in built(spec, WATCHED).values() if body["kind"] in MONITORING]
    assert len(found) == 2
    assert {body["metadata"]["labels"]["release"] for body in found} == {"kube-prometheus-stack"}


def test_the_port_of_a_monitor_is_a_name() -> None:
    """A number is refused."""
    objects = built(SERVE, WATCHED + SERVER)
    [endpoint] = objects["ServiceMonitor/serve"]["spec"]["endpoints"]
    assert endpoint == {"port": "http", "path": "/monitoring/prometheus/metrics", "interval": "30s"}
    assert endpoint["port"] in [port["name"] for port in objects["Service/serve"]["spec"]["ports"]]


def test_a_service_monitor_selects_the_service_by_its_labels() -> None:
    objects = built(SERVE, WATCHED + SERVER)
    wanted = objects["ServiceMonitor/serve"]["spec"]["selector"]["matchLabels"]
    assert wanted.items() <= objects["Service/serve"]["metadata"]["labels"].items()


def test_a_custom_server_shows_metrics_where_it_says() -> None:
    objects = built(API % ", metrics: {}", WATCHED)
    assert objects["ServiceMonitor/api"]["spec"]["endpoints"] == [
        {"port": "http", "path": "/metrics", "interval": "30s"}
    ]
    objects = built(API % ", metrics: {port: 9100, path: /m}", WATCHED)
    assert objects["ServiceMonitor/api"]["spec"]["endpoints"] == [{"port": "metrics", "path": "/m", "interval": "30s"}]
    assert {port["name"]: port["port"] for port in objects["Service/api"]["spec"]["ports"]} == {
        "http": 8080,
        "metrics": 9100,
    }
    assert "ServiceMonitor/api" not in built(API % "", WATCHED)


def test_a_job_is_watched_pod_by_pod() -> None:
    """No Service stands before it; every pod template has the labels, and the port by its name."""
    objects = built(JOB % ", metrics: {port: 9090}", WATCHED)
    spec = objects["PodMonitor/train"]["spec"]
    assert spec["podMetricsEndpoints"] == [{"port": "metrics", "path": "/metrics", "interval": "30s"}]
    [job] = [body for name, body in objects.items() if name.startswith("Job/")]
    template = job["spec"]["template"]
    assert spec["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert template["spec"]["containers"][0]["ports"] == [{"name": "metrics", "containerPort": 9090}]


def test_an_alert_of_a_run_is_about_the_run_that_is_wanted_now() -> None:
    """A run that failed stays in the cluster: its alert ends when another run takes its place."""
    objects = built(JOB % "", WATCHED)
    [run] = [body["metadata"]["name"] for body in objects.values() if body["kind"] == "Job"]
    [expression] = [rule["expr"] for rule in alerts(JOB % "").values()]
    assert f'job_name="{run}"' in expression
    assert alerts(JOB % ", args: [x]")["JobFailed"]["expr"] != expression


@pytest.mark.parametrize(
    ("spec", "names"),
    [
        (JOB % "", {"JobFailed"}),
        (JOB % ', schedule: "@daily"', {"CronJobMissed", "CronJobFailing"}),
        (LAB, {"HomeNearlyFull"}),
        (API % "", {"ServingDown", "ServingStartsSlowly"}),
        (API % ", replicas: {max: 4}", {"ServingDown", "ServingStartsSlowly", "ServingAtItsMost"}),
    ],
)
def test_each_kind_has_the_alerts_that_mean_something(spec: str, names: set[str]) -> None:
    found = alerts(spec)
    assert set(found) == names
    for rule in found.values():
        assert rule["labels"].items() >= {"owner": "team", "project": "demo"}.items(), "somebody answers for it"
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"].startswith("demo/")


TFJOB = """\
workloads:
  train: {kind: tensorflow, image: ghcr.io/acme/a:1, command: [train], workers: 2}
"""
SPARK = """\
workloads:
  features: {kind: spark, image: ghcr.io/acme/a:1, main: "local:///opt/a.py", executors: {count: 2}}
"""
OPERATORS = "platform: {tensorflow: kubeflow-training-1.9, spark: spark-operator-2.5}\n"


@pytest.mark.parametrize(("spec", "kind"), [(TFJOB, "TFJob"), (SPARK, "SparkApplication")])
def test_of_a_run_by_an_operator_the_pods_are_watched(spec: str, kind: str) -> None:
    """Nobody tells kube-state-metrics of custom resources, but it knows pods."""
    objects = built(spec, WATCHED + OPERATORS)
    [run] = [body["metadata"]["name"] for body in objects.values() if body["kind"] == kind]
    found = alerts(spec, WATCHED + OPERATORS)
    assert list(found) == ["RunFailed"]
    assert f'pod=~"{run}-.*"' in found["RunFailed"]["expr"]


def test_the_driver_of_spark_is_watched_and_reached_even_in_a_closed_network() -> None:
    """Spark names the port of its page itself."""
    objects = built(SPARK, WATCHED + OPERATORS + "network: {default: deny}\n")
    [endpoint] = objects["PodMonitor/features"]["spec"]["podMetricsEndpoints"]
    assert endpoint["port"] == "spark-ui"
    prometheus, _ = objects["NetworkPolicy/features"]["spec"]["ingress"]
    assert prometheus["ports"] == [{"protocol": "TCP", "port": 4040}]


def test_users_notice_when_nothing_answers() -> None:
    found = alerts(API % "")
    assert {name: rule["labels"]["severity"] for name, rule in found.items()} == {
        "ServingDown": "critical",
        "ServingStartsSlowly": "warning",
    }


def test_a_server_is_slow_only_after_the_time_that_it_may_take() -> None:
    assert alerts(API % ", startup: 30m")["ServingStartsSlowly"]["for"] == "2400s"


def test_an_alert_is_about_this_namespace_only() -> None:
    for spec in (JOB % "", LAB, API % ", replicas: {max: 4}"):
        for rule in alerts(spec).values():
            series = re.findall(r"(?:kube|kubelet)_\w+(\{[^}]*\})?", rule["expr"])
            assert series
            assert all('namespace="ml-demo-dev"' in labels for labels in series), rule["expr"]


def test_the_homes_of_all_users_are_watched() -> None:
    assert 'persistentvolumeclaim=~"lab-anna-home|lab-ben-home"' in alerts(LAB)["HomeNearlyFull"]["expr"]


def balanced(text: str) -> bool:
    """Whether every bracket outside of quotes has its partner."""
    depth: list[str] = []
    for one in re.sub(r'"(?:\\.|[^"\\])*"', "", text):
        if one in "([{":
            depth.append({"(": ")", "[": "]", "{": "}"}[one])
        elif one in ")]}" and (not depth or depth.pop() != one):
            return False
    return not depth


def test_every_expression_closes_what_it_opens() -> None:
    for spec in (JOB % "", JOB % ", schedule: '@daily'", LAB, API % ", replicas: {max: 4}"):
        assert all(balanced(rule["expr"]) for rule in alerts(spec).values())
    assert all(
        balanced(one) for found in queries(dashboard(SERVE, "serve", WATCHED + SERVER)).values() for one in found
    )


def test_grafana_finds_a_dashboard_by_its_label() -> None:
    """A label is text; Flux, were it let, would fill in the data source as a variable of its own."""
    metadata = built(LAB, WATCHED)["ConfigMap/lab-dashboard"]["metadata"]
    assert metadata["labels"]["grafana_dashboard"] == "1"
    assert metadata["annotations"] == {"kustomize.toolkit.fluxcd.io/substitute": "disabled"}


def test_dashboards_of_two_namespaces_never_share_a_file_or_an_id() -> None:
    """The sidecar writes all of them into one folder, and Grafana knows a dashboard by its id."""
    found = []
    for environment in ("", "namespace: 'other-{{ project.name }}'\n", "namespace: {existing: shared}\n"):
        objects = built(LAB, WATCHED + environment)
        found += [body for name, body in objects.items() if name.endswith("-dashboard")]
    files = [key for body in found for key in body["data"]]
    ids = [json.loads(text)["uid"] for body in found for text in body["data"].values()]
    assert len(set(files)) == len(set(ids)) == 3
    assert all(len(one) <= 40 for one in ids)


def test_a_dashboard_shows_what_its_server_counts() -> None:
    panels = dashboard(SERVE, "serve", WATCHED + SERVER)
    assert list(queries(panels)) == ["Requests", "Latency", "Replicas", "CPU", "Memory"]
    assert ":tensorflow:serving:request_count{" in queries(panels)["Requests"][0]
    assert [panel["fieldConfig"]["defaults"]["unit"] for panel in panels["panels"]][:2] == ["reqps", "µs"]
    assert list(queries(dashboard(API % ", metrics: {}", "api"))) == ["Replicas", "CPU", "Memory"]


def test_a_dashboard_shows_gpus_where_there_are_some() -> None:
    gpus = "gpus: {a100: {resource: nvidia.com/gpu}}\n"
    spec = JOB % ", resources: {gpu: {a100: 1}}"
    assert list(queries(dashboard(spec, "train", WATCHED + gpus))) == ["CPU", "Memory", "GPU"]
    assert list(queries(dashboard(JOB % "", "train"))) == ["CPU", "Memory"]


def test_panels_do_not_overlap() -> None:
    places = [panel["gridPos"] for panel in dashboard(SERVE, "serve", WATCHED + SERVER)["panels"]]
    cells = [(place["x"], place["y"]) for place in places]
    assert len(set(cells)) == len(cells)
    assert all(place["x"] + place["w"] <= 24 for place in places)


@pytest.mark.parametrize(
    ("spec", "pods", "others"),
    [
        (JOB % "", ["train-0123456789-abcde", "train-0123456789-3-abcde"], ["train-x-0123456789-abcde", "train-x"]),
        (JOB % ", schedule: '@daily'", ["train-29012345-abcde"], ["train-x-29012345-abcde", "train-0-x"]),
        (LAB, ["lab-anna-0", "lab-ben-0"], ["lab-carl-0", "lab-anna-home-0"]),
        (API % "", ["api-7d9f8b6c5-x2x4z"], ["api-2-7d9f8b6c5-x2x4z", "api-29012345-1-abcde"]),
    ],
)
def test_a_dashboard_is_about_the_pods_of_its_workload(spec: str, pods: list[str], others: list[str]) -> None:
    [name] = re.findall(r"workloads: \{(\w+)", spec)
    [expression] = queries(dashboard(spec, name))["CPU"]
    [pattern] = re.findall(r'pod=~"([^"]*)"', expression)
    assert all(re.fullmatch(pattern, pod) for pod in pods)
    assert not any(re.fullmatch(pattern, pod) for pod in others)


@pytest.mark.parametrize("minor", [30, 33, 37])
def test_what_is_built_is_valid(minor: int) -> None:
    environment = WATCHED + SERVER + f'kubernetes: "1.{minor}"\n'
    for spec in (JOB % ", metrics: {port: 9090}", SERVE, LAB):
        assert place(spec, environment).problems == []
