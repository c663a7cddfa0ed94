"""A Spark application: what the operator and its webhook take, and what Spark makes of it.

Tests of what goes wrong otherwise bear its name and say who says so.
"""

import json
import re
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.small import built, platform, problems

from mlgen.checks.denied_conf import DENIED

PLATFORM = "platform: {spark: spark-operator-2.5}\n"
FEATURES = """\
image: ghcr.io/acme/churn:1
data:
  raw: {claim: raw}
  out: {claim: out, access: write}
  scratch: {scratch: 200Gi}
secrets: {maps: [MAPS_KEY]}
workloads:
  features:
    kind: spark
    main: local:///opt/churn/features.py
    args: [--day, today]
    env: {DAYS: 030}
    secrets: [maps]
    data: [raw, out, scratch]
    executors: {count: 4, cpu: 4, memory: 12Gi}
    driver: {cpu: 500m, memory: 4Gi}
"""
SMALL = """\
workloads:
  features:
    kind: spark
    image: ghcr.io/acme/churn:1
    main: local:///opt/churn/features.py
    executors: {count: 2}
"""
NIGHTLY = f'{SMALL}    schedule: "0 2 * * *"\n'
JAR = SMALL.replace(".py", ".jar") + "    mainClass: com.acme.Features\n"


def objects(spec: str, environment: str = "") -> dict[str, Any]:
    return built(spec, PLATFORM + environment)


def run_of(spec: str, environment: str = "") -> Any:
    return next(body for name, body in objects(spec, environment).items() if name.startswith("SparkApplication/"))


def application(spec: str, environment: str = "") -> Any:
    return run_of(spec, environment)["spec"]


def rules(spec: str, environment: str = PLATFORM) -> list[str]:
    """What is wrong with the documents; if nothing is, with what they build."""
    return [problem.rule for problem in platform(spec, environment).problems or problems(spec, environment)]


def pods(spec: Any) -> tuple[Any, Any]:
    return spec["driver"], spec["executor"]


# What is asked for


def test_the_application_is_what_the_spec_says() -> None:
    spec = application(FEATURES)
    assert spec["type"] == "Python"
    assert spec["mode"] == "cluster"
    assert spec["image"] == "ghcr.io/acme/churn:1"
    assert spec["mainApplicationFile"] == "local:///opt/churn/features.py"
    assert spec["arguments"] == ["--day", "today"]
    assert "mainClass" not in spec
    assert spec["executor"]["instances"] == 4
    assert "dynamicAllocation" not in spec
    assert spec["restartPolicy"]["onFailureRetries"] == 2


@pytest.mark.parametrize(("main", "language"), [("a.py", "Python"), ("a.R", "R"), ("a.jar", "Scala")])
def test_the_ending_of_the_main_file_tells_its_language(main: str, language: str) -> None:
    spec = (JAR if main.endswith("jar") else SMALL).replace("features.py", main).replace("features.jar", main)
    assert application(spec)["type"] == language


def test_a_pods_memory_is_what_it_gets_in_all() -> None:
    driver, executor = pods(application(FEATURES))
    assert (driver["memory"], driver["memoryOverhead"]) == ("2926m", "1170m")
    assert (executor["memory"], executor["memoryOverhead"]) == ("8777m", "3511m")
    assert int(executor["memory"][:-1]) + int(executor["memoryOverhead"][:-1]) == 12 * 1024


def test_what_is_not_on_a_heap_is_less_where_no_python_runs() -> None:
    assert application(JAR)["executor"]["memoryOverhead"] == "384m"
    assert application(SMALL)["executor"]["memoryOverhead"] == "585m"


def test_processors_are_requested_and_not_limited() -> None:
    driver, executor = pods(application(FEATURES))
    assert (driver["cores"], driver["coreRequest"]) == (1, "500m")
    assert (executor["cores"], executor["coreRequest"]) == (4, "4")
    assert "coreLimit" not in {**driver, **executor}


def test_executors_that_come_and_go_keep_what_they_shuffled() -> None:
    """There is no shuffle service on Kubernetes: without shuffle tracking Spark refuses dynamic allocation."""
    spec = application(SMALL.replace("{count: 2}", "{min: 2, max: 10}"))
    assert spec["dynamicAllocation"] == {
        "enabled": True,
        "minExecutors": 2,
        "maxExecutors": 10,
        "shuffleTrackingEnabled": True,
    }
    assert "instances" not in spec["executor"]
    fewest = application(SMALL.replace("{count: 2}", "{max: 10}"))["dynamicAllocation"]["minExecutors"]
    assert fewest == 1


def test_settings_are_text_as_they_are_written() -> None:
    conf = """\
    conf:
      spark.sql.adaptive.enabled: false
      spark.memory.fraction: 0.50
      spark.sql.shuffle.partitions: 400
      spark.sql.warehouse.dir: /data/{{ project.name }}
"""
    assert application(SMALL + conf)["sparkConf"] == {
        "spark.ui.prometheus.enabled": "true",
        "spark.sql.adaptive.enabled": "false",
        "spark.memory.fraction": "0.50",
        "spark.sql.shuffle.partitions": "400",
        "spark.sql.warehouse.dir": "/data/demo",
    }


def test_the_spec_has_the_last_word_about_a_setting_that_has_a_default() -> None:
    assert application(SMALL)["sparkConf"] == {"spark.ui.prometheus.enabled": "true"}
    spec = f"{SMALL}    conf: {{spark.ui.prometheus.enabled: false}}\n"
    assert application(spec)["sparkConf"] == {"spark.ui.prometheus.enabled": "false"}


# Runs and schedules


def test_a_run_is_named_by_its_content() -> None:
    name = run_of(FEATURES)["metadata"]["name"]
    assert re.fullmatch(r"features-[0-9a-f]{10}", name)
    assert run_of(f"# a comment\n{FEATURES}")["metadata"]["name"] == name
    assert run_of(FEATURES.replace("count: 4", "count: 5"))["metadata"]["name"] != name


def test_an_in_place_change_would_kill_and_start_again_so_that_a_change_makes_a_new_name() -> None:
    """kubeflow/spark-operator, event_filter.go: any change of the spec but two fields invalidates what runs."""
    for old, new in (("12Gi", "13Gi"), ("today", "now"), ("200Gi", "201Gi"), (":1\n", ":2\n"), ("030", "031")):
        assert run_of(FEATURES.replace(old, new))["metadata"]["name"] != run_of(FEATURES)["metadata"]["name"], new


def test_driver_and_executors_are_told_the_name_of_their_run() -> None:
    body = run_of(FEATURES)
    for pod in pods(body["spec"]):
        assert pod["env"][0] == {"name": "MLGEN_RUN", "value": body["metadata"]["name"]}


def test_executors_get_no_variables_unless_the_driver_has_some() -> None:
    """kubeflow/spark-operator, sparkpod_defaulter.go looks at the driver's list for both."""
    driver, executor = pods(application(FEATURES))
    assert driver["env"] == executor["env"]
    assert {"name": "DAYS", "value": "030"} in executor["env"]
    secret = {"name": "MAPS_KEY", "valueFrom": {"secretKeyRef": {"name": "maps", "key": "MAPS_KEY"}}}
    assert secret in executor["env"]


def test_a_tracked_run_has_no_time_to_live_and_is_kept_from_pruning() -> None:
    body = run_of(SMALL)
    assert "timeToLiveSeconds" not in body["spec"]
    assert body["metadata"]["annotations"]["argocd.argoproj.io/sync-options"] == "Prune=false"
    assert body["metadata"]["annotations"]["kustomize.toolkit.fluxcd.io/prune"] == "disabled"


def test_a_schedule_has_a_stable_name_and_its_runs_go_after_a_week() -> None:
    body = objects(NIGHTLY)["ScheduledSparkApplication/features"]
    once = application(SMALL)
    for pod in pods(once):
        del pod["env"]
    assert body["spec"]["template"] == {**once, "timeToLiveSeconds": 7 * 24 * 3600}
    assert "annotations" not in body["metadata"]


def test_a_schedule_without_a_time_zone_would_follow_the_operators_container() -> None:
    """kubeflow/spark-operator, scheduledsparkapplication/controller.go: no time zone is `Local`."""
    assert objects(NIGHTLY)["ScheduledSparkApplication/features"]["spec"]["timeZone"] == "Etc/UTC"
    other = objects(f"{NIGHTLY}    timeZone: Europe/Berlin\n")
    assert other["ScheduledSparkApplication/features"]["spec"]["timeZone"] == "Europe/Berlin"


def test_a_schedule_without_a_concurrency_policy_would_run_once_and_never_again() -> None:
    """kubeflow/spark-operator, shouldStartNextRun: no known policy, no next run."""
    assert objects(NIGHTLY)["ScheduledSparkApplication/features"]["spec"]["concurrencyPolicy"] == "Forbid"


# What goes wrong otherwise


def test_the_name_is_a_dns_1035_label_with_room_for_the_services_name() -> None:
    """The webhook wants a DNS-1035 label; the operator appends `-ui-svc`, and 20 characters of time on a schedule."""
    assert rules(SMALL.replace("  features:", f"  {'f' * 40}:")) == []
    shared = f"{PLATFORM}namespace: {{existing: shared}}\n"
    assert rules(SMALL.replace("  features:", f"  {'f' * 40}:"), shared) == []
    long = SMALL.replace("features:", f"{'f' * 37}:")
    assert rules(f'{long}    schedule: "@daily"\n') == ["name-too-long"]
    assert rules(SMALL.replace("features:", "1-features:")) == ["wrong-form"]


def test_node_selectors_stand_with_driver_and_executors_and_not_above_them() -> None:
    """The webhook refuses both. GPUs are the executors': the driver needs no expensive node."""
    gpu = "gpus: {t4: {resource: nvidia.com/gpu, nodeSelector: {accelerator: t4}, tolerations: [{key: gpu}]}}\n"
    spec = application(SMALL.replace("count: 2", "count: 2, gpu: {t4: 1}"), gpu)
    assert "nodeSelector" not in spec
    assert not {"nodeSelector", "tolerations", "gpu"} & set(spec["driver"])
    assert spec["executor"]["nodeSelector"] == {"accelerator": "t4"}
    assert spec["executor"]["tolerations"] == [{"key": "gpu"}]
    assert spec["executor"]["gpu"] == {"name": "nvidia.com/gpu", "quantity": 1}


def test_gpus_of_all_executors_are_counted() -> None:
    gpu = f"{PLATFORM}gpus: {{t4: {{resource: nvidia.com/gpu, total: 4}}}}\n"
    assert rules(SMALL.replace("count: 2", "count: 2, gpu: {t4: 2}"), gpu) == []
    assert rules(SMALL.replace("count: 2", "count: 3, gpu: {t4: 2}"), gpu) == ["too-many-gpus"]
    assert rules(SMALL.replace("count: 2", "max: 5, gpu: {t4: 1}"), gpu) == ["too-many-gpus"]
    assert rules(SMALL.replace("count: 2", "count: 2, gpu: {a100: 1}"), gpu) == ["unknown-gpu"]


DENIED_BY_THE_WEBHOOK = """\
spark.master spark.kubernetes.driver.master spark.kubernetes.container.image
spark.kubernetes.driver.container.image spark.kubernetes.executor.container.image
spark.kubernetes.authenticate.driver.serviceAccountName spark.kubernetes.authenticate.executor.serviceAccountName
spark.kubernetes.authenticate.oauthToken spark.kubernetes.authenticate.oauthTokenFile
spark.kubernetes.authenticate.driver.oauthToken spark.kubernetes.authenticate.driver.oauthTokenFile
spark.kubernetes.authenticate.executor.oauthToken spark.kubernetes.authenticate.executor.oauthTokenFile
spark.kubernetes.namespace
"""


@pytest.mark.parametrize("key", [*DENIED_BY_THE_WEBHOOK.split(), "spark.executor.memory", "spark.driver.cores"])
def test_settings_that_the_webhook_denies_or_another_key_decides_are_refused(key: str) -> None:
    (problem,) = problems(f"{SMALL}    conf: {{{key}: a}}\n", PLATFORM)
    assert (problem.rule, problem.help) == ("denied-conf", DENIED[key].mend)
    assert problem.span.line == 11


def test_a_mount_without_its_volume_is_dropped_in_silence_so_that_each_has_one() -> None:
    """kubeflow/spark-operator#1273: addVolumes skips such a mount."""
    spec = application(FEATURES)
    names = [volume["name"] for volume in spec["volumes"]]
    assert names == ["raw", "out", "spark-local-dir-scratch"]
    for pod in pods(spec):
        assert [mount["name"] for mount in pod["volumeMounts"]] == names
        assert [mount["mountPath"] for mount in pod["volumeMounts"]] == ["/data/raw", "/data/out", "/data/scratch"]
        assert pod["volumeMounts"][0]["readOnly"] is True


def test_scratch_is_where_spark_shuffles() -> None:
    """kubeflow/spark-operator#770, #828: only under this prefix, and no `spark.local.dir` beside it."""
    scratch = application(FEATURES)["volumes"][-1]
    assert scratch == {"name": "spark-local-dir-scratch", "emptyDir": {"sizeLimit": "200Gi"}}
    assert rules(f"{SMALL}    conf: {{spark.local.dir: /tmp}}\n") == ["denied-conf"]


def test_a_disk_that_is_made_for_each_pod_is_sparks_affair() -> None:
    """submission.go knows no ephemeral volume; Spark makes claims of its own, and needs class and size for that."""
    spec = application(
        FEATURES.replace("scratch: 200Gi", "scratch: 200Gi, disk: ssd"),
        "storage: {disks: {ssd: {storageClass: nvme}}}\n",
    )
    assert [volume["name"] for volume in spec["volumes"]] == ["raw", "out"]
    for pod in ("driver", "executor"):
        start = f"spark.kubernetes.{pod}.volumes.persistentVolumeClaim.spark-local-dir-scratch"
        assert {key: value for key, value in spec["sparkConf"].items() if key.startswith(start)} == {
            f"{start}.mount.path": "/data/scratch",
            f"{start}.options.claimName": "OnDemand",
            f"{start}.options.storageClass": "nvme",
            f"{start}.options.sizeLimit": "200Gi",
        }
        assert [mount["name"] for mount in spec[pod]["volumeMounts"]] == ["raw", "out"]


def test_pods_may_share_a_folder_of_their_node() -> None:
    """The operator passes a host path on, but no `subPathExpr`; Spark's folders in it have names of their own."""
    environment = """\
podSecurity: privileged
storage: {disks: {ssd: {hostPath: /mnt/nvme, nodeSelector: {disk: nvme}}}}
"""
    spec = application(FEATURES.replace("scratch: 200Gi", "scratch: 200Gi, disk: ssd"), environment)
    assert spec["volumes"][-1] == {
        "name": "spark-local-dir-scratch",
        "hostPath": {"path": "/mnt/nvme", "type": "Directory"},
    }
    for pod in pods(spec):
        assert pod["volumeMounts"][-1] == {"name": "spark-local-dir-scratch", "mountPath": "/data/scratch"}
        assert pod["nodeSelector"] == {"disk": "nvme"}
        assert "MLGEN_POD" not in [variable["name"] for variable in pod["env"]]


def test_the_driver_may_ask_for_its_executors_and_executors_for_nothing() -> None:
    found = objects(SMALL)
    role, binding = found["Role/features"], found["RoleBinding/features"]
    assert role["rules"] == [
        {
            "apiGroups": [""],
            "resources": ["pods", "services", "configmaps", "persistentvolumeclaims"],
            "verbs": ["create", "get", "list", "watch", "update", "patch", "delete", "deletecollection"],
        }
    ]
    assert binding["roleRef"] == {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "features"}
    assert binding["subjects"] == [{"kind": "ServiceAccount", "name": "features", "namespace": "ml-demo-dev"}]
    assert found["ServiceAccount/features"]["automountServiceAccountToken"] is True
    assert found["ServiceAccount/features-executor"]["automountServiceAccountToken"] is False
    driver, executor = pods(application(SMALL))
    assert (driver["serviceAccount"], executor["serviceAccount"]) == ("features", "features-executor")


def test_pull_secrets_are_names_and_not_maps() -> None:
    """spec.imagePullSecrets is a list of strings."""
    relative = SMALL.replace("ghcr.io/acme/", "")
    spec = application(relative, "registry: {host: r.example, pullSecret: acr}\n")
    assert spec["imagePullSecrets"] == ["acr"]
    assert "imagePullSecrets" not in application(SMALL)


def test_both_pods_keep_to_the_restricted_standard_as_the_user_of_sparks_images() -> None:
    for pod in pods(application(SMALL)):
        assert pod["podSecurityContext"]["runAsNonRoot"] is True
        assert pod["podSecurityContext"]["runAsUser"] == 185
        assert pod["podSecurityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert pod["securityContext"] == {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


CLOSED = """\
network: {default: deny}
monitoring: {from: prometheus-operator, namespace: watch}
"""


def test_driver_and_executors_talk_to_each_other_and_to_the_api_server() -> None:
    """On ports that Spark draws; a closed network without these rules breaks a run in silence."""
    spec = objects(SMALL, CLOSED)["NetworkPolicy/features"]["spec"]
    own = {"mlgen.dev/project": "demo", "mlgen.dev/workload": "features"}
    assert {"from": [{"podSelector": {"matchLabels": own}}]} in spec["ingress"]
    assert spec["podSelector"] == {"matchLabels": own}
    assert any([port["port"] for port in rule.get("ports", ())] == [443, 6443] for rule in spec["egress"])


def test_the_drivers_own_page_is_watched_without_a_jar_in_the_image() -> None:
    monitor = objects(SMALL, CLOSED)["PodMonitor/features"]["spec"]
    (endpoint,) = monitor["podMetricsEndpoints"]
    assert (endpoint["port"], endpoint["path"]) == ("spark-ui", "/metrics/executors/prometheus")
    assert application(SMALL, CLOSED)["sparkConf"]["spark.ui.prometheus.enabled"] == "true"
    assert "monitoring" not in application(SMALL, CLOSED)
    dark = f"{SMALL}    conf: {{spark.ui.prometheus.enabled: false}}\n"
    assert "PodMonitor/features" not in objects(dark, CLOSED)


def test_monitoring_starts_no_run_again() -> None:
    assert run_of(SMALL, CLOSED)["metadata"]["name"] == run_of(SMALL)["metadata"]["name"]


def test_labels_stand_in_both_pods_since_kustomize_does_not_reach_them() -> None:
    body = run_of(SMALL)
    for pod in pods(body["spec"]):
        assert pod["labels"] == {
            key: value for key, value in body["metadata"]["labels"].items() if key != "mlgen.dev/owner"
        }


def test_the_image_is_held_to_the_environments_rules_though_it_stands_in_no_container() -> None:
    """A transformer that looks for containers misses spec.image (kustomize#3542)."""
    untagged = SMALL.replace("churn:1", "churn")
    assert rules(untagged) == ["untagged-image"]
    assert rules(f"{untagged}    schedule: '@daily'\n") == ["untagged-image"]
    assert rules(SMALL, f"{PLATFORM}protected: true\n") == ["unpinned-image"]


# What is refused


def test_an_environment_without_the_operator_is_named_beside_the_workload() -> None:
    (problem,) = problems(SMALL, "")
    assert problem.rule == "no-backend"
    assert problem.message == "nothing in `dev` runs `kind: spark`"
    assert "platform: {spark: spark-operator-2.5}" in problem.help
    assert (problem.span.file, problem.span.line) == ("projects/demo/mlgen.yaml", 7)
    assert [span.file for span, _ in problem.related] == ["environments/dev.yaml"]


@pytest.mark.parametrize(
    ("executors", "expected"),
    [
        ("{count: 1}", []),
        ("{min: 0, max: 1}", []),
        ("{max: 1}", []),
        ("{min: 3, max: 3}", []),
        ("{}", ["how-many-executors"]),
        ("{min: 1}", ["how-many-executors"]),
        ("{count: 1, min: 1}", ["how-many-executors"]),
        ("{count: 1, max: 1}", ["how-many-executors"]),
        ("{min: 4, max: 3}", ["how-many-executors"]),
    ],
)
def test_how_many_executors_there_are_is_said_once(executors: str, expected: list[str]) -> None:
    assert rules(SMALL.replace("{count: 2}", executors)) == expected


@pytest.mark.parametrize(("memory", "expected"), [("896Mi", []), ("895Mi", ["too-little-memory"])])
def test_less_memory_than_spark_starts_with_is_refused(memory: str, expected: list[str]) -> None:
    assert rules(SMALL.replace("count: 2", f"count: 2, memory: {memory}")) == expected
    assert rules(f"{SMALL}    driver: {{memory: {memory}}}\n") == expected


def test_a_jar_needs_its_main_class_and_nothing_else_does() -> None:
    """SparkSubmit.scala looks into a jar only if it is a file of its own machine."""
    assert rules(JAR) == []
    assert rules(SMALL.replace(".py", ".jar")) == ["main-class"]
    assert rules(JAR.replace(".jar", ".py")) == ["main-class"]


@pytest.mark.parametrize("main", ["/opt/a.py", "s3a://code/a.py", "local://opt/a.py", "local:///opt/a", "local:///.py"])
def test_the_main_file_is_one_in_the_image(main: str) -> None:
    """What lies elsewhere may change under the name of a run; what has no scheme is sought beside the operator."""
    assert rules(SMALL.replace("local:///opt/churn/features.py", main)) == ["wrong-form"]


@pytest.mark.parametrize(
    "setting",
    [
        "spark.hadoop.fs.azure.account.key.acme.dfs.core.windows.net",
        "spark.hadoop.fs.s3a.secret.key",
        "spark.ssl.keyPassword",
        "spark.authenticate.secret",
    ],
)
def test_a_setting_holds_no_secret(setting: str) -> None:
    assert rules(f"{SMALL}    conf: {{{setting}: abc}}\n") == ["secret-value"]


@pytest.mark.parametrize("setting", ["fs.azure.account.auth.type", "fs.s3a.aws.credentials.provider"])
def test_a_setting_may_say_where_a_secret_is(setting: str) -> None:
    assert rules(f"{SMALL}    conf: {{spark.hadoop.{setting}: abc}}\n") == []


def test_a_schedules_template_has_the_schema_of_an_application() -> None:
    """A schema file stands alone: the two say the same of what they share."""
    folder = ROOT / "schemas" / "kubernetes" / "sparkoperator.k8s.io"
    once, often = (
        json.loads((folder / f"{name}-v1beta2.json").read_text("utf-8"))["$defs"]
        for name in ("sparkapplication", "scheduledsparkapplication")
    )
    own = {"ScheduledSparkApplication", "ScheduledSparkApplicationSpec"}
    assert {name: shape for name, shape in often.items() if name not in own} == {
        name: shape for name, shape in once.items() if name != "SparkApplication"
    }


def test_what_a_schedule_starts_waits_in_the_queue_too() -> None:
    """kubeflow/spark-operator, createSparkApplication: each run has the labels of the ScheduledSparkApplication."""
    queue = "queue: {from: kueue-0.19, cluster: ml}\nexisting: {clusterQueues: [ml]}\n"
    with_one, without = (objects(NIGHTLY, more)["ScheduledSparkApplication/features"] for more in (queue, ""))
    assert with_one["metadata"]["labels"]["kueue.x-k8s.io/queue-name"] == "demo"
    assert "kueue.x-k8s.io/queue-name" not in without["metadata"]["labels"]
