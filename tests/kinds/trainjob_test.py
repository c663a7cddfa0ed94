"""PyTorch on Kubeflow Trainer: one spec, and what each version of the operator lets a TrainJob say."""

from typing import Any

import pytest
from tests.custom_test import SHARED, accepted
from tests.kinds.pytorch_test import GPUS, ONE, ROW
from tests.kubernetes_test import documents
from tests.small import built, place, problems

from mlgen import operators
from mlgen.gathered import Gathered, Setting
from mlgen.kubernetes import check
from mlgen.links import name_too_long

VERSIONS = ("2.0", "2.1", "2.2")
FIELDS = {"2.0": "podSpecOverrides", "2.1": "podTemplateOverrides", "2.2": "runtimePatches"}


def on(version: str, more: str = "") -> str:
    """An environment with that version. Where pods cannot be told to be restricted, they need not be."""
    level = "" if version == "2.2" else "podSecurity: baseline\n"
    return f"platform: {{pytorch: kubeflow-trainer-{version}}}\n{level}{GPUS}{more}"


def run_of(spec: str, environment: str) -> Any:
    return next(manifest.body for manifest in place(spec, environment).manifests if manifest.run)


def part_of(body: Any, version: str) -> Any:
    """What a run lays over the runtime's pods: as a pod template in 2.1 and 2.2."""
    [patch] = body["spec"][FIELDS[version]]
    if version != "2.2":
        assert patch["targetJobs"] == [{"name": "node"}]
        return patch
    [job] = patch["trainingRuntimeSpec"]["template"]["spec"]["replicatedJobs"]
    assert job["name"] == "node"
    return job["template"]["spec"]["template"]


def pod_of(body: Any, version: str) -> Any:
    part = part_of(body, version)
    return part if version == "2.0" else part["spec"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_train_job_is_what_its_own_version_takes(version: str) -> None:
    body = run_of(ROW, on(version, "registry: {host: r.example, pullSecret: acr}\n"))
    own = frozenset({f"kubeflow-trainer-{version}"})
    assert (body["apiVersion"], body["kind"]) == ("trainer.kubeflow.org/v1alpha1", "TrainJob")
    assert [fault for minor in ("1.30", "1.34", "1.37") for fault in check(body, minor, own)] == []
    assert list(operators.check(body)) == []
    for other in set(VERSIONS) - {version}:
        assert list(check(body, "1.34", frozenset({f"kubeflow-trainer-{other}"}))) != [], "the field has another name"


def test_the_newest_is_what_the_crd_takes() -> None:
    assert accepted(run_of(ROW, on("2.2")))


def test_upstream_examples_pass() -> None:
    paths = [path for path in SHARED.glob("samples/*/*.y*ml") if "kind: TrainJob" in path.read_text("utf-8")]
    found = [body for path in paths for body in documents(path)] or pytest.skip("../shared is not here")
    jobs = [body for body in found if body.get("kind") == "TrainJob"]
    assert jobs
    assert [fault for body in jobs for fault in (*check(body, "1.34"), *operators.check(body))] == []


@pytest.mark.parametrize("version", VERSIONS)
def test_the_runtime_is_the_environments(version: str) -> None:
    reference = {"kind": "ClusterTrainingRuntime", "name": "torch-distributed"}
    assert run_of(ROW, on(version))["spec"]["runtimeRef"] == reference
    own = run_of(ROW, on(version, "runtimes: {pytorch: ours}\n"))
    assert own["spec"]["runtimeRef"] == {**reference, "name": "ours"}
    assert own["metadata"]["name"] != run_of(ROW, on(version))["metadata"]["name"], "another runtime is another run"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_trains_and_on_how_many_nodes_is_said_alike(version: str) -> None:
    trainer = run_of(ROW, on(version))["spec"]["trainer"]
    assert (trainer["numNodes"], trainer["numProcPerNode"]) == (4, 2)
    assert (trainer["image"], trainer["command"]) == ("ghcr.io/acme/train:1", ["torchrun", "-m", "train"])
    asked = {"memory": "32Gi", "nvidia.com/gpu": "2"}
    assert trainer["resourcesPerNode"] == {"requests": {"cpu": "8", **asked}, "limits": asked}


@pytest.mark.parametrize("version", VERSIONS)
def test_the_operator_sets_what_torchrun_reads_and_mlgen_the_rest(version: str) -> None:
    """The webhook refuses `PET_*`; scripts that torchrun does not start still find each other."""
    env = run_of(ROW, on(version))["spec"]["trainer"]["env"]
    assert [entry["name"] for entry in env] == ["MLGEN_RUN", "MASTER_ADDR", "MASTER_PORT", "WORLD_SIZE", "RANK"]
    assert env[1]["value"] == "$(MLGEN_RUN)-node-0-0.$(MLGEN_RUN)"


@pytest.mark.parametrize("version", VERSIONS)
def test_the_webhook_takes_no_variables_of_the_node_in_a_patch(version: str) -> None:
    [container] = pod_of(run_of(ROW, on(version)), version)["containers"]
    assert container["name"] == "node"
    assert set(container) <= {"name", "volumeMounts", "securityContext"}


@pytest.mark.parametrize("version", VERSIONS)
def test_data_secrets_nodes_and_shared_memory_are_those_of_every_back_end(version: str) -> None:
    spec = "data: {clicks: {claim: clicks}}\nsecrets: {maps: [MAPS_KEY]}\n" + ROW.replace(
        "workers: 4", "workers: 4\n    data: [clicks]\n    secrets: [maps]\n    env: {EPOCHS: 3}"
    )
    gpus = "gpus: {a100: {resource: nvidia.com/gpu, total: 16, nodeSelector: {gpu: a100}, tolerations: [{key: gpu}]}}\n"
    environment = on(version).replace(GPUS, gpus)
    plain = run_of(spec, gpus)["spec"]["template"]["spec"]
    body = run_of(spec, environment)
    pod = pod_of(body, version)
    for key in ("serviceAccountName", "nodeSelector", "tolerations", "volumes"):
        assert pod[key] == plain[key]
    assert pod["containers"][0]["volumeMounts"] == plain["containers"][0]["volumeMounts"]
    names = {entry["name"] for entry in body["spec"]["trainer"]["env"]}
    assert {"EPOCHS", "MAPS_KEY"} <= names


@pytest.mark.parametrize("version", VERSIONS)
def test_one_worker_is_a_plain_job(version: str) -> None:
    assert run_of(ONE, on(version))["kind"] == "Job"


def test_what_pulls_the_image_is_said_by_the_pods_or_by_their_account() -> None:
    registry = "registry: {host: r.example, pullSecret: acr}\n"
    for version in VERSIONS:
        account = built(ROW, on(version, registry))["ServiceAccount/train"]
        said = [pod_of(run_of(ROW, on(version, registry)), version), account]
        assert [one.get("imagePullSecrets") for one in said].count([{"name": "acr"}]) == 1
    assert "imagePullSecrets" not in built(ROW, on("2.0"))["ServiceAccount/train"]


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_pods_have_the_labels_by_which_the_network_lets_them_talk(version: str) -> None:
    labels = part_of(run_of(ROW, on(version)), version)["metadata"]["labels"]
    policy = built(ROW, on(version, "network: {default: deny}\n"))["NetworkPolicy/train"]["spec"]
    wanted = policy["podSelector"]["matchLabels"]
    assert wanted.items() <= labels.items()
    assert {"from": [{"podSelector": {"matchLabels": wanted}}]} in policy["ingress"]


def test_the_newest_has_a_deadline_and_restricted_pods() -> None:
    spec = ROW.replace("workers: 4", "workers: 4\n    timeout: 6h")
    assert run_of(spec, on("2.2"))["spec"]["activeDeadlineSeconds"] == 6 * 3600
    pod = pod_of(run_of(ROW, on("2.2")), "2.2")
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["containers"][0]["securityContext"]["allowPrivilegeEscalation"] is False


VAIN = {"retries": "5", "timeout": "6h", "runAsUser": "2000", "metrics": "{port: 9100}"}


@pytest.mark.parametrize("key", VAIN)
@pytest.mark.parametrize("version", VERSIONS)
def test_what_only_the_runtime_can_say_is_not_ignored_in_silence(version: str, key: str) -> None:
    spec = ROW.replace("workers: 4", f"workers: 4\n    {key}: {VAIN[key]}")
    vain = {"2.0": set(VAIN), "2.1": {"retries", "timeout", "runAsUser"}, "2.2": {"retries"}}[version]
    found = [problem for problem in problems(spec, on(version)) if problem.rule == "runtime-decides"]
    assert [problem.severity for problem in found] == ["warning"] * (key in vain)
    if found:
        assert found[0].message.startswith(f"`{key}` has no effect")
        assert found[0].span.line == 11
    else:
        silent = run_of(spec, on(version)) if key != "metrics" else built(spec, on(version, WATCHED))
        assert silent != (run_of(ROW, on(version)) if key != "metrics" else built(ROW, on(version, WATCHED)))


WATCHED = "monitoring: {from: prometheus-operator}\n"


def test_the_metrics_of_a_container_that_declares_no_port_for_them_are_found() -> None:
    """Prometheus makes a target of each declared port; the operator's one becomes that of the metrics."""
    spec = ROW.replace("workers: 4", "workers: 4\n    metrics: {port: 9100, path: /m}")
    [endpoint] = built(spec, on("2.2", WATCHED))["PodMonitor/train"]["spec"]["podMetricsEndpoints"]
    assert (endpoint["path"], "port" in endpoint) == ("/m", False)
    keep, address = endpoint["relabelings"]
    assert (keep["action"], keep["regex"]) == ("keep", "29500")
    assert (address["targetLabel"], address["replacement"]) == ("__address__", "$1:9100")
    assert "PodMonitor/train" not in {
        f"{one.ref.kind}/{one.ref.name}" for one in place(spec, on("2.0", WATCHED)).manifests
    }


def test_the_job_that_comes_of_it_is_watched() -> None:
    objects = built(ROW, on("2.2", WATCHED))
    [run] = [body["metadata"]["name"] for body in objects.values() if body["kind"] == "TrainJob"]
    [group] = objects["PrometheusRule/train"]["spec"]["groups"]
    assert [rule["alert"] for rule in group["rules"]] == ["JobFailed"]
    assert f'job_name=~"{run}-.*"' in group["rules"][0]["expr"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("total", "enough"), [(8, True), (7, False)])
def test_gpus_are_counted_for_all_workers(total: int, enough: bool, version: str) -> None:
    found = problems(ROW, on(version).replace("total: 16", f"total: {total}"))
    assert [problem.rule for problem in found] == ([] if enough else ["too-many-gpus"])
    assert all(problem.span.file == "projects/demo/mlgen.yaml" for problem in found)


@pytest.mark.parametrize(("workers", "longest"), [(2, 48), (11, 47)])
def test_the_name_of_a_run_leaves_room_for_the_host_names_of_its_pods(workers: int, longest: int) -> None:
    """They are called `<run>-node-0-<index>` and five characters at random."""
    body = run_of(ROW.replace("workers: 4", f"workers: {workers}").replace("gpu: {a100: 2}", ""), on("2.2"))

    def called(name: str) -> Gathered:
        return Gathered([{**body, "metadata": {"name": name}}])

    assert list(name_too_long.check(called("t" * longest), Setting("1.34"))) == []
    (finding,) = name_too_long.check(called("t" * (longest + 1)), Setting("1.34"))
    assert f"{longest} are allowed" in finding.fault.message
