"""`history` of a Spark workload: where the driver writes event logs, and the server that shows them."""

from typing import Any

import pytest
from tests.small import built, problems

KUBEFLOW, APACHE = "spark-operator-2.5", "apache-spark-operator-1.0"
BOTH = pytest.mark.parametrize("operator", [KUBEFLOW, APACHE])
SPEC = """\
image: ghcr.io/acme/churn:1
data:
  raw: {claim: raw}
  events: {claim: events, access: write}
secrets: {maps: [MAPS_KEY]}
workloads:
  features:
    kind: spark
    main: local:///opt/churn/features.py
    env: {DAYS: 3}
    secrets: [maps]
    data: [raw, events]
    executors: {count: 2}
    history: events/spark/features
"""
AT_THE_ROOT = SPEC.replace("events/spark/features", "events")


def objects(operator: str, spec: str = SPEC, environment: str = "") -> dict[str, Any]:
    return built(spec, f"platform: {{spark: {operator}}}\n{environment}")


def run(operator: str, spec: str = SPEC) -> Any:
    return next(body for name, body in objects(operator, spec).items() if name.startswith("SparkApplication/"))["spec"]


def first(operator: str, spec: str = SPEC) -> list[Any]:
    """The driver's containers that run before it."""
    found = run(operator, spec)
    pod = found["driver"] if operator == KUBEFLOW else found["driverSpec"]["podTemplateSpec"]["spec"]
    return list(pod.get("initContainers", []))


def server(operator: str, spec: str = SPEC) -> Any:
    return objects(operator, spec)["Deployment/features-history"]["spec"]["template"]["spec"]


@BOTH
def test_the_driver_writes_its_event_logs_there(operator: str) -> None:
    conf = run(operator)["sparkConf"]
    assert conf["spark.eventLog.enabled"] == "true"
    assert conf["spark.eventLog.dir"] == "file:///data/events/spark/features"
    without = run(operator, SPEC.replace("    history: events/spark/features\n", ""))["sparkConf"]
    assert not [key for key in without if "eventLog" in key]


@BOTH
def test_the_folder_is_made_before_the_driver_starts(operator: str) -> None:
    """Spark ends where it is not there: EventLogFileWriter.requireLogBaseDirAsDirectory."""
    [maker] = first(operator)
    assert maker["command"] == ["mkdir", "-p", "/data/events/spark/features"]
    assert maker["volumeMounts"] == [{"name": "events", "mountPath": "/data/events"}]
    assert maker["securityContext"]["capabilities"] == {"drop": ["ALL"]}
    assert first(operator, AT_THE_ROOT) == [], "the root of data is there"


@BOTH
def test_executors_make_no_folder(operator: str) -> None:
    found = run(operator)
    pod = found["executor"] if operator == KUBEFLOW else found["executorSpec"]["podTemplateSpec"]["spec"]
    assert "initContainers" not in pod


@BOTH
def test_the_server_only_reads_what_the_driver_writes(operator: str) -> None:
    [shown] = server(operator)["containers"]
    assert shown["command"][-1].endswith("org.apache.spark.deploy.history.HistoryServer")
    assert shown["image"] == "ghcr.io/acme/churn:1"
    values = {one["name"]: one["value"] for one in shown["env"]}
    assert values["SPARK_HISTORY_OPTS"] == "-Dspark.history.fs.logDirectory=file:///data/events/spark/features"
    assert shown["volumeMounts"] == [{"name": "events", "mountPath": "/data/events", "readOnly": True}]
    [maker] = server(operator)["initContainers"]
    assert maker["volumeMounts"] == [{"name": "events", "mountPath": "/data/events"}]


@BOTH
def test_the_server_has_nothing_else_of_the_application(operator: str) -> None:
    [shown] = server(operator)["containers"]
    assert {one["name"] for one in shown["env"]} == {"SPARK_DAEMON_MEMORY", "SPARK_HISTORY_OPTS"}
    assert [volume["name"] for volume in server(operator)["volumes"]] == ["events"]
    assert server(operator)["serviceAccountName"] == "features-history"
    assert server(operator)["automountServiceAccountToken"] is False


@BOTH
def test_nothing_in_its_command_is_filled_in_by_flux_or_kubernetes(operator: str) -> None:
    """Flux replaces `${NAME}`, and Kubernetes `$(NAME)`."""
    text = str(objects(operator)["Deployment/features-history"])
    assert "${" not in text
    assert "$(" not in text


@BOTH
def test_its_service_selects_neither_driver_nor_executors(operator: str) -> None:
    found = objects(operator, environment="network: {default: deny}\n")
    service = found["Service/features-history"]["spec"]
    assert service["selector"] == {"mlgen.dev/project": "demo", "mlgen.dev/workload": "features-history"}
    assert service["ports"] == [{"name": "http", "port": 18080, "targetPort": "http"}]
    assert found["NetworkPolicy/features-history"]["spec"]["podSelector"]["matchLabels"] == service["selector"]


def test_what_runs_on_a_schedule_has_one_too() -> None:
    found = objects(KUBEFLOW, f'{SPEC}    schedule: "@daily"\n')
    assert "Deployment/features-history" in found
    conf = found["ScheduledSparkApplication/features"]["spec"]["template"]["sparkConf"]
    assert conf["spark.eventLog.dir"] == "file:///data/events/spark/features"


def test_its_name_may_be_taken() -> None:
    other = f"{SPEC}  features-history: {{kind: job}}\n"
    assert "name-collision" in [one.rule for one in problems(other, f"platform: {{spark: {KUBEFLOW}}}\n")]


def test_event_logs_on_s3_are_warned_of() -> None:
    """They grow while they are read, and are renamed when they are done."""
    spec = SPEC.replace("{claim: events, access: write}", "{blob: churn/events, access: write}")
    environment = f"platform: {{spark: {KUBEFLOW}}}\nstorage: {{blob: {{driver: s3, bucket: acme-ml}}}}\n"
    found = [one for one in problems(spec, environment) if one.rule == "whole-files-only"]
    assert any("these logs" in one.message for one in found)
