"""What a run refers to is protected with it."""

from typing import Any

import pytest
from tests.small import built

from mlgen.manifest import Manifest
from mlgen.protection import protected
from mlgen.runs import KEPT

SYNC = "argocd.argoproj.io/sync-options"
ENVIRONMENT = """\
registry: {host: registry.example.com}
network: {default: deny}
platform: {spark: spark-operator-2.5}
storage:
  blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-blob}
"""
HEAD = "image: demo:1.0\ndata:\n  features: {blob: demo/features}\nworkloads:\n"


def kept(objects: dict[str, Any]) -> set[str]:
    """The kinds and names, without hashes, of all that no engine prunes for a run's sake."""
    return {
        name
        for name, body in objects.items()
        if KEPT.items() <= body["metadata"].get("annotations", {}).items()
    }  # fmt: skip


def kinds(names: set[str]) -> set[str]:
    return {name.partition("/")[0] for name in names}


def test_a_job_keeps_its_account_its_claim_the_volume_behind_it_and_its_way_through_the_network() -> None:
    objects = built(f"{HEAD}  train: {{kind: job, data: [features]}}\n", ENVIRONMENT)
    found = kept(objects)
    assert {"Job", "ServiceAccount", "PersistentVolumeClaim", "PersistentVolume", "NetworkPolicy"} == kinds(found)
    assert "NetworkPolicy/train" in found
    assert "NetworkPolicy/default-deny" not in found


def test_spark_keeps_the_rights_of_its_driver() -> None:
    spark = "kind: spark, main: 'local:///x.py', executors: {count: 2, cpu: 1, memory: 4Gi}"
    objects = built(f"{HEAD}  etl: {{{spark}, data: [features]}}\n", ENVIRONMENT)
    assert {"SparkApplication", "ServiceAccount", "RoleBinding", "Role", "PersistentVolumeClaim"} <= kinds(
        kept(objects)
    )


def test_several_pods_of_a_plain_job_keep_the_service_by_which_they_find_each_other() -> None:
    objects = built(f"{HEAD}  train: {{kind: pytorch, workers: 2}}\n", ENVIRONMENT)
    assert "Service" in kinds(kept(objects))


@pytest.mark.parametrize(
    "workload",
    ["{kind: job, schedule: '@daily', data: [features]}", "{kind: serving, server: custom, data: [features]}"],
)
def test_what_git_owns_may_go_with_all_that_is_its(workload: str) -> None:
    assert kept(built(f"{HEAD}  work: {workload}\n", ENVIRONMENT)) == set()


def test_what_another_workload_has_for_itself_is_not_kept() -> None:
    text = f"{HEAD}  train: {{kind: job}}\n  serve: {{kind: serving, server: custom}}\n"
    assert not {name for name in kept(built(text, ENVIRONMENT)) if "serve" in name}


def test_what_is_shared_with_a_run_is_kept() -> None:
    nightly = "  nightly: {kind: job, schedule: '@daily', data: [features]}\n"
    text = f"{HEAD}  train: {{kind: job, data: [features]}}\n{nightly}"
    found = kept(built(text, ENVIRONMENT))
    assert "PersistentVolumeClaim" in kinds(found)
    assert "ServiceAccount/nightly" not in found


def one(kind: str, name: str, *, run: bool = False, **body: Any) -> Manifest:
    whole = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}, **body}
    return Manifest(whole, {("metadata", "name"): ()}, run=run)


def test_options_that_others_asked_for_stay_beside_ours() -> None:
    claim = one("PersistentVolumeClaim", "c", metadata={"name": "c", "annotations": {SYNC: "ServerSideApply=true"}})
    run = one("Job", "j", run=True, spec={"volumes": [{"persistentVolumeClaim": {"claimName": "c"}}]})
    _, done = protected([run, claim])
    assert done.body["metadata"]["annotations"][SYNC] == "ServerSideApply=true,Prune=false"  # type: ignore[index, call-overload]
    assert claim.body["metadata"]["annotations"] == {SYNC: "ServerSideApply=true"}  # type: ignore[index, call-overload]


def test_config_maps_are_found_wherever_pods_name_them() -> None:
    uses = {"a": {"configMap": {"name": "a"}}, "b": [{"configMapRef": {"name": "b"}}], "configMaps": [{"name": "c"}]}
    maps = [one("ConfigMap", name) for name in "abcd"]
    done = protected([one("Job", "j", run=True, spec=uses), *maps])
    found = [manifest.ref.name for manifest in done if "annotations" in str(manifest.body["metadata"])]
    assert found == ["j", "a", "b", "c"]


EXTERNAL = "secrets: {from: external-secrets, store: vault}\n"
CSI = "secrets: {from: csi, provider: vault, path: 'ml/{{ secret.name }}'}\n"
SECRETS = "secrets:\n  maps: [KEY]\n  other: [KEY]\n"
RUNS = {
    "job": "{kind: job, secrets: [maps]}",
    "pytorch": "{kind: pytorch, workers: 2, secrets: [maps]}",
    "spark": "{kind: spark, main: 'local:///x.py', executors: {count: 2}, secrets: [maps]}",
}


@pytest.mark.parametrize(("provider", "kind"), [(EXTERNAL, "ExternalSecret"), (CSI, "SecretProviderClass")])
@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_what_makes_the_secrets_of_a_run_is_kept(run: str, provider: str, kind: str) -> None:
    serve = "  serve: {kind: serving, server: custom, secrets: [other]}\n"
    text = f"{SECRETS}{HEAD}  train: {run}\n{serve}"
    objects = built(text, ENVIRONMENT + provider)
    assert {name for name in objects if name.startswith(kind)} == {f"{kind}/maps", f"{kind}/other"}
    assert {name for name in kept(objects) if name.startswith(kind)} == {f"{kind}/maps"}


def test_what_makes_the_secret_of_a_volume_is_kept_and_the_store_and_account_behind_it() -> None:
    """The claim, the volume behind it, the secret that the volume is mounted with, and where that comes from."""
    external = {"secretStoreRef": {"kind": "SecretStore", "name": "vault"}, "target": {"name": "acmeml-blob"}}
    provider = {"azurekv": {"serviceAccountRef": {"name": "reader"}}}
    every = [
        one("Job", "j", run=True, spec={"volumes": [{"persistentVolumeClaim": {"claimName": "c"}}]}),
        one("PersistentVolumeClaim", "c", spec={"volumeName": "v"}),
        one("PersistentVolume", "v", spec={"csi": {"nodeStageSecretRef": {"name": "acmeml-blob"}}}),
        one("ExternalSecret", "blob", spec=external),
        one("SecretStore", "vault", spec={"provider": provider}),
        one("ServiceAccount", "reader"),
        one("ExternalSecret", "other", spec={"target": {"name": "acmeml-files"}}),
        one("ServiceAccount", "other"),
    ]
    found = [manifest.ref.name for manifest in protected(every) if "annotations" in str(manifest.body["metadata"])]
    assert found == ["j", "c", "v", "blob", "vault", "reader"]


@pytest.mark.parametrize(
    "uses",
    [
        {"volumes": [{"secret": {"secretName": "s"}}]},
        {"envFrom": [{"secretRef": {"name": "s"}}]},
        {"imagePullSecrets": [{"name": "s"}]},
        {"imagePullSecrets": ["s"]},
    ],
    ids=["a volume", "variables", "pulling", "pulling for Spark"],
)
def test_a_sealed_secret_is_kept_wherever_a_run_names_the_secret(uses: dict[str, Any]) -> None:
    _, sealed = protected([one("Job", "j", run=True, spec=uses), one("SealedSecret", "s")])
    assert KEPT.items() <= sealed.body["metadata"]["annotations"].items()  # type: ignore[index, call-overload, union-attr]
