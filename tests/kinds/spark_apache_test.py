"""A Spark application of Apache's own operator: what it and Spark take, from the spec that Kubeflow's has too.

Tests of what goes wrong otherwise bear its name and say who says so.
"""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from tests.custom_test import closed, published
from tests.kinds.spark_test import FEATURES, JAR, SMALL
from tests.small import built, problems

from mlgen.footprint import footprint
from mlgen.gathered import Gathered

PLATFORM = "platform: {spark: apache-spark-operator-1.0}\n"
KUBEFLOW = "platform: {spark: spark-operator-2.5}\n"
GPU = "gpus: {t4: {resource: nvidia.com/gpu, nodeSelector: {accelerator: t4}, tolerations: [{key: gpu}]}}\n"
WITH_GPU = SMALL.replace("count: 2", "count: 2, gpu: {t4: 1}")
COME_AND_GO = SMALL.replace("{count: 2}", "{min: 2, max: 10}")


def run_of(spec: str, environment: str = "") -> Any:
    found = built(spec, PLATFORM + environment)
    return next(body for name, body in found.items() if name.startswith("SparkApplication/"))


def conf(spec: str, environment: str = "") -> Any:
    return run_of(spec, environment)["spec"]["sparkConf"]


def templates(spec: str, environment: str = "") -> tuple[Any, Any]:
    found = run_of(spec, environment)["spec"]
    return found["driverSpec"]["podTemplateSpec"], found["executorSpec"]["podTemplateSpec"]


def containers(spec: str, environment: str = "") -> Iterator[Any]:
    for template in templates(spec, environment):
        [container] = template["spec"]["containers"]
        yield container


# What is asked for


@pytest.mark.parametrize(
    ("main", "key"), [("features.py", "pyFiles"), ("features.R", "sparkRFiles"), ("features.jar", "jars")]
)
def test_the_ending_of_the_main_file_tells_where_the_operator_looks_for_it(main: str, key: str) -> None:
    found = run_of((JAR if main.endswith("jar") else SMALL).replace("features.py", main))["spec"]
    assert found[key] == f"local:///opt/churn/{main}"
    assert len({"pyFiles", "sparkRFiles", "jars"} & found.keys()) == 1
    assert found.get("mainClass") == ("com.acme.Features" if key == "jars" else None)


def test_sizes_are_settings_and_the_same_as_in_kubeflows_fields() -> None:
    ours = conf(FEATURES)
    theirs = next(
        body["spec"] for name, body in built(FEATURES, KUBEFLOW).items() if name.startswith("SparkApplication/")
    )
    for role in ("driver", "executor"):
        assert ours[f"spark.{role}.memory"] == theirs[role]["memory"]
        assert ours[f"spark.{role}.memoryOverhead"] == theirs[role]["memoryOverhead"]
        assert ours[f"spark.{role}.cores"] == str(theirs[role]["cores"])
        assert ours[f"spark.kubernetes.{role}.request.cores"] == theirs[role]["coreRequest"]
    assert ours["spark.executor.instances"] == str(theirs["executor"]["instances"])


def test_every_setting_is_text() -> None:
    for spec in (FEATURES, COME_AND_GO, f"{SMALL}    conf: {{spark.a: 1, spark.b: true, spark.c: 0.50}}\n"):
        assert all(isinstance(value, str) for value in conf(spec).values())
    assert conf(f"{SMALL}    conf: {{spark.c: 0.50}}\n")["spark.c"] == "0.50"


def test_executors_that_come_and_go_keep_what_they_shuffled() -> None:
    found = {key: value for key, value in conf(COME_AND_GO).items() if "dynamicAllocation" in key}
    assert found == {
        "spark.dynamicAllocation.enabled": "true",
        "spark.dynamicAllocation.minExecutors": "2",
        "spark.dynamicAllocation.maxExecutors": "10",
        "spark.dynamicAllocation.shuffleTracking.enabled": "true",
    }
    assert "spark.executor.instances" not in conf(COME_AND_GO)
    assert conf(COME_AND_GO.replace("min: 2, ", ""))["spark.dynamicAllocation.minExecutors"] == "1"


def test_the_most_executors_count() -> None:
    """For the quota, and for all that says what a change asks for."""
    driver, executor = footprint(Gathered([run_of(COME_AND_GO)]))
    assert (driver.most, executor.most) == (1, 10)
    assert executor.requests["memory"] == executor.limits["memory"] == 2 * 2**30
    quota = f"{PLATFORM}quota: {{memory: 20Gi}}\n"
    assert [problem.rule for problem in problems(COME_AND_GO, quota)] == ["over-quota"]


def test_gpus_are_the_executors_and_counted_once() -> None:
    driver, executor = containers(WITH_GPU, GPU)
    assert "nvidia.com/gpu" not in driver["resources"]["limits"]
    assert executor["resources"]["limits"]["nvidia.com/gpu"] == "1"
    of_driver, of_executor = templates(WITH_GPU, GPU)
    assert "nodeSelector" not in of_driver["spec"]
    assert of_executor["spec"]["nodeSelector"] == {"accelerator": "t4"}
    assert of_executor["spec"]["tolerations"] == [{"key": "gpu"}]
    [driver_share, executor_share] = footprint(Gathered([run_of(WITH_GPU, GPU)]))
    assert executor_share.most == 2
    assert executor_share.requests["nvidia.com/gpu"] == 1
    assert "nvidia.com/gpu" not in driver_share.requests


def test_executors_may_go_to_spot_nodes_and_the_driver_stays() -> None:
    """Its loss would be that of all executors."""
    environment = "spot: {nodeSelector: {cheap: always}, tolerations: [{key: cheap}]}\n"
    driver, executor = templates(f"{WITH_GPU}    spot: true\n", GPU + environment)
    assert "nodeSelector" not in driver["spec"]
    assert executor["spec"]["nodeSelector"] == {"accelerator": "t4", "cheap": "always"}
    assert executor["spec"]["tolerations"] == [{"key": "gpu"}, {"key": "cheap"}]


def test_a_template_says_once_more_what_spark_will_write() -> None:
    """Spark overwrites image, processors and memory of a template; two words that differ would be two truths."""
    settings = conf(FEATURES)
    for role, container in zip(("driver", "executor"), containers(FEATURES), strict=True):
        whole = sum(int(settings[f"spark.{role}.{part}"][:-1]) for part in ("memory", "memoryOverhead"))
        asked = container["resources"]
        assert asked["requests"]["memory"] == asked["limits"]["memory"] == f"{whole}Mi"
        assert asked["requests"]["cpu"] == settings[f"spark.kubernetes.{role}.request.cores"]
        assert container["image"] == settings["spark.kubernetes.container.image"]
        assert not {"command", "args", "ports"} & container.keys(), "Spark adds its own to these"


def test_data_secrets_and_variables_are_those_of_every_pod() -> None:
    for template, container in zip(templates(FEATURES), containers(FEATURES), strict=True):
        names = [volume["name"] for volume in template["spec"]["volumes"]]
        assert names == ["raw", "out", "spark-local-dir-scratch"]
        mounts = {mount["name"]: mount for mount in container["volumeMounts"]}
        assert mounts["raw"] == {"name": "raw", "mountPath": "/data/raw", "readOnly": True}
        assert mounts["spark-local-dir-scratch"]["mountPath"] == "/data/scratch"
        values = {one["name"]: one for one in container["env"]}
        assert values["DAYS"]["value"] == "030"
        assert values["MAPS_KEY"]["valueFrom"]["secretKeyRef"] == {"name": "maps", "key": "MAPS_KEY"}


def test_scratch_on_a_disk_of_its_own_is_an_ephemeral_volume() -> None:
    """In a template Spark takes any volume; the name tells it where to shuffle (LocalDirsFeatureStep)."""
    spec = FEATURES.replace("scratch: 200Gi", "scratch: 200Gi, disk: ssd")
    for template in templates(spec, "storage: {disks: {ssd: {storageClass: nvme}}}\n"):
        scratch = template["spec"]["volumes"][-1]
        assert scratch["name"] == "spark-local-dir-scratch"
        claim = scratch["ephemeral"]["volumeClaimTemplate"]["spec"]
        assert (claim["storageClassName"], claim["resources"]["requests"]["storage"]) == ("nvme", "200Gi")


def test_pods_may_share_a_folder_of_their_node() -> None:
    environment = """\
podSecurity: privileged
storage: {disks: {ssd: {hostPath: /mnt/nvme, nodeSelector: {disk: nvme}}}}
"""
    spec = FEATURES.replace("scratch: 200Gi", "scratch: 200Gi, disk: ssd")
    for template in templates(spec, environment):
        assert template["spec"]["volumes"][-1]["hostPath"] == {"path": "/mnt/nvme", "type": "Directory"}
        assert template["spec"]["nodeSelector"] == {"disk": "nvme"}


def test_the_driver_may_ask_for_its_executors_and_executors_for_nothing() -> None:
    found = built(SMALL, PLATFORM)
    assert {"Role/features", "RoleBinding/features", "ServiceAccount/features-executor"} <= found.keys()
    driver, executor = templates(SMALL)
    assert (driver["spec"]["serviceAccountName"], executor["spec"]["serviceAccountName"]) == (
        "features",
        "features-executor",
    )
    assert driver["spec"]["automountServiceAccountToken"] is True
    assert executor["spec"]["automountServiceAccountToken"] is False
    accounts = "spark.kubernetes.authenticate"
    assert conf(SMALL)[f"{accounts}.driver.serviceAccountName"] == "features"
    assert conf(SMALL)[f"{accounts}.executor.serviceAccountName"] == "features-executor"


# Runs


def test_a_run_is_named_by_its_content() -> None:
    name = run_of(FEATURES)["metadata"]["name"]
    assert re.fullmatch(r"features-[0-9a-f]{10}", name)
    assert run_of(f"# a comment\n{FEATURES}")["metadata"]["name"] == name
    for old, new in (("12Gi", "13Gi"), ("today", "now"), ("200Gi", "201Gi"), (":1\n", ":2\n"), ("030", "031")):
        assert run_of(FEATURES.replace(old, new))["metadata"]["name"] != name, new
    for container in containers(FEATURES):
        assert container["env"][0] == {"name": "MLGEN_RUN", "value": name}


def test_a_tracked_run_has_no_time_to_live_and_is_kept_from_pruning() -> None:
    body = run_of(SMALL)
    assert "ttlAfterStopMillis" not in body["spec"]["applicationTolerations"]
    assert body["metadata"]["annotations"]["kustomize.toolkit.fluxcd.io/prune"] == "disabled"


def test_a_failure_ends_in_another_word_than_a_success() -> None:
    """Without this policy both end as ResourceReleased (ApplicationStatus.terminateOrRestart)."""
    for retries in (0, 2):
        tolerations = run_of(f"{SMALL}    retries: {retries}\n")["spec"]["applicationTolerations"]
        assert tolerations["resourceRetainPolicy"] == "OnFailure"


def test_what_is_not_tried_again_keeps_its_driver_for_whoever_asks_why() -> None:
    """With any other policy the operator removes it, kept or not (AppCleanUpStep)."""
    once = run_of(f"{SMALL}    retries: 0\n")["spec"]["applicationTolerations"]["restartConfig"]
    assert once == {"restartPolicy": "Never"}
    often = run_of(f"{SMALL}    retries: 3\n")["spec"]["applicationTolerations"]["restartConfig"]
    assert (often["restartPolicy"], often["maxRestartAttempts"]) == ("OnFailure", 3)


def test_a_driver_may_wait_for_a_node_longer_than_five_minutes() -> None:
    timeouts = run_of(SMALL)["spec"]["applicationTolerations"]["applicationTimeoutConfig"]
    assert timeouts["driverStartTimeoutMillis"] == 3600 * 1000


def test_an_alert_is_only_for_what_leaves_a_pod() -> None:
    """After several attempts no pod is left that failed, and an alert on it would never come."""
    watched = f"{PLATFORM}monitoring: {{from: prometheus-operator}}\n"
    assert "PrometheusRule/features" in built(f"{SMALL}    retries: 0\n", watched)
    found = built(SMALL, watched)
    assert "PrometheusRule/features" not in found
    [endpoint] = found["PodMonitor/features"]["spec"]["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("spark-ui", "/metrics/executors/prometheus")
    assert conf(SMALL)["spark.ui.prometheus.enabled"] == "true"


def test_pods_reach_each_other_and_the_driver_the_api_in_a_closed_network() -> None:
    rules = built(SMALL, f"{PLATFORM}network: {{default: deny}}\n")["NetworkPolicy/features"]["spec"]
    assert rules["podSelector"]["matchLabels"] == {"mlgen.dev/project": "demo", "mlgen.dev/workload": "features"}
    for template in templates(SMALL):
        assert rules["podSelector"]["matchLabels"].items() <= template["metadata"]["labels"].items()
    assert {"from": [{"podSelector": rules["podSelector"]}]} in rules["ingress"]


def test_it_has_no_clock_and_says_so() -> None:
    [problem] = problems(f'{SMALL}    schedule: "0 2 * * *"\n', PLATFORM)
    assert problem.rule == "no-clock"


@pytest.mark.parametrize(("version", "told"), [("3.4.4", True), ("3.5.0", False), ("4.0.4", False), ("3.10.0", False)])
def test_the_operator_runs_spark_from_3_5_on(version: str, told: bool) -> None:
    found = problems(f"{SMALL}    version: {version}\n", PLATFORM)
    assert [one.rule for one in found] == ["too-old-spark"] * told
    assert not problems(f"{SMALL}    version: {version}\n", KUBEFLOW)


@pytest.mark.parametrize("spec", [FEATURES, COME_AND_GO, JAR, f"{SMALL}    retries: 0\n", WITH_GPU])
def test_upstreams_crd_knows_every_field(spec: str) -> None:
    shape = closed(published(("spark.apache.org/v1", "SparkApplication", "")))
    shape["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {"type": "object"}}
    jsonschema.Draft202012Validator(shape).validate(run_of(spec, GPU))
