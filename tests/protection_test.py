"""What a run refers to is protected with it."""

from typing import Any

import pytest
from tests.small import built, place, platform, problems

from mlgen import engine
from mlgen.manifest import Manifest
from mlgen.node import Node
from mlgen.problem import Problem, Span
from mlgen.protection import KEPT, asks, keeps, protected

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


def kept_of(manifests: list[Manifest]) -> list[Manifest]:
    done, problems = protected(manifests, Node("keep", Span("x", 1, 1, 1, 1)))
    assert problems == []
    return done


def test_options_that_others_asked_for_stay_beside_ours() -> None:
    claim = one("PersistentVolumeClaim", "c", metadata={"name": "c", "annotations": {SYNC: "ServerSideApply=true"}})
    run = one("Job", "j", run=True, spec={"volumes": [{"persistentVolumeClaim": {"claimName": "c"}}]})
    _, done = kept_of([run, claim])
    assert done.body["metadata"]["annotations"][SYNC] == "ServerSideApply=true,Prune=false"  # type: ignore[index, call-overload]
    assert claim.body["metadata"]["annotations"] == {SYNC: "ServerSideApply=true"}  # type: ignore[index, call-overload]


def test_config_maps_are_found_wherever_pods_name_them() -> None:
    uses = {"a": {"configMap": {"name": "a"}}, "b": [{"configMapRef": {"name": "b"}}], "configMaps": [{"name": "c"}]}
    maps = [one("ConfigMap", name) for name in "abcd"]
    done = kept_of([one("Job", "j", run=True, spec=uses), *maps])
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
    found = [manifest.ref.name for manifest in kept_of(every) if "annotations" in str(manifest.body["metadata"])]
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
    _, sealed = kept_of([one("Job", "j", run=True, spec=uses), one("SealedSecret", "s")])
    assert KEPT.items() <= sealed.body["metadata"]["annotations"].items()  # type: ignore[index, call-overload, union-attr]


# ---- the environment's history ----------------------------------------------------------------------------------

PRUNED = ENVIRONMENT + "history: prune\n"
EVERY = {
    "job": "{kind: job, data: [features]}",
    "pytorch": "{kind: pytorch, workers: 2, data: [features]}",
    "spark": "{kind: spark, main: 'local:///x.py', executors: {count: 2}, data: [features]}",
}


@pytest.mark.parametrize("run", EVERY.values(), ids=EVERY)
def test_where_history_is_pruned_nothing_is_kept_and_no_name_changes(run: str) -> None:
    text = f"{HEAD}  train: {run}\n"
    keep, prune = built(text, ENVIRONMENT), built(text, PRUNED)
    assert kept(keep)
    assert list(prune) == list(keep)
    assert kept(prune) == set()


def test_what_holds_data_is_asked_for_where_history_is_pruned_and_where_a_run_stands_on_it() -> None:
    text = """\
image: demo:1.0
data: {home: {claim: lab-anna-home}}
workloads:
  lab: {kind: notebook, users: [anna]}
  train: {kind: job, data: [home]}
"""
    for environment in (ENVIRONMENT, PRUNED):
        found = place(text, environment)
        assert not [problem for problem in found.problems if problem.rule == "unprotected-run"]
        [home] = [one.body for one in found.manifests if one.ref.name == "lab-anna-home"]
        assert asks(home)


def test_the_annotations_are_explained_by_the_run_and_by_the_history() -> None:
    found = platform(f"{HEAD}  train: {{kind: job}}\n", ENVIRONMENT + "history: keep\n", base="history: prune\n")
    here = engine.place(found, found.projects["demo"], found.environments["dev"])
    [run] = [manifest for manifest in here.manifests if manifest.run]
    lines = {(node.span.file, node.span.line) for key in KEPT for node in run.origins[("metadata", "annotations", key)]}
    assert lines == {("projects/demo/mlgen.yaml", 9), ("environments/dev.yaml", 9)}


PATCH = "image: demo:1.0\nworkloads:\n  train: {{kind: job{more}, patches: [{{kind: {kind}, metadata: {patch}}}]}}\n"


def patched(annotations: str, more: str = "", kind: str = "Job", environment: str = ENVIRONMENT) -> list[Problem]:
    text = PATCH.format(more=more, kind=kind, patch=f"{{annotations: {annotations}}}")
    return problems(text, environment)


@pytest.mark.parametrize("key", KEPT)
@pytest.mark.parametrize("kind", ["Job", "ServiceAccount"])
def test_a_patch_that_takes_protection_away_is_an_error(key: str, kind: str) -> None:
    [problem] = patched(f"{{{key}: null}}", kind=kind)
    assert (problem.rule, problem.severity, problem.span.line) == ("unprotected-run", "error", 7)


@pytest.mark.parametrize(
    "annotations",
    [
        "{argocd.argoproj.io/sync-options: Prune=true}",
        "{argocd.argoproj.io/sync-options: 'ServerSideApply=true,Prune=yes'}",
        "{argocd.argoproj.io/sync-options: 'Prune=false, Prune=true'}",
        "{kustomize.toolkit.fluxcd.io/prune: enabled}",
        "{kustomize.toolkit.fluxcd.io/prune: 'disabled,enabled'}",
    ],
)
def test_what_contradicts_protection_is_an_error_and_where_history_is_pruned_it_is_not(annotations: str) -> None:
    assert {problem.rule for problem in patched(annotations)} == {"unprotected-run"}
    assert patched(annotations, environment=PRUNED) == []


@pytest.mark.parametrize(
    "annotations",
    [
        "{argocd.argoproj.io/sync-options: 'Prune=false'}",
        "{argocd.argoproj.io/sync-options: 'ServerSideApply=true, Prune=false'}",
        "{argocd.argoproj.io/sync-options: Validate=false}",
        "{argocd.argoproj.io/compare-options: ServerSideDiff=true}",
        "{kustomize.toolkit.fluxcd.io/prune: disabled}",
    ],
)
def test_what_does_not_contradict_it_stays(annotations: str) -> None:
    text = PATCH.format(more="", kind="Job", patch=f"{{annotations: {annotations}}}")
    [run] = [body for name, body in built(text, ENVIRONMENT).items() if name.startswith("Job/")]
    assert keeps(run)
    key, _, value = annotations.strip("{}").partition(": ")
    assert run["metadata"]["annotations"][key].startswith(value.strip("'"))


def test_a_job_on_a_schedule_needs_no_protection() -> None:
    """There git owns the CronJob, and that its Jobs."""
    found = patched("{kustomize.toolkit.fluxcd.io/prune: null}", ", schedule: '@daily'", "CronJob")
    assert [problem.rule for problem in found] == ["patch-changes-nothing"]
    assert patched("{kustomize.toolkit.fluxcd.io/prune: enabled}", ", schedule: '@daily'", "CronJob") == []


def test_what_a_run_that_waits_stands_on_is_not_let_go_either() -> None:
    found = patched("{kustomize.toolkit.fluxcd.io/prune: enabled}", ", run: request", "ServiceAccount")
    assert [problem.rule for problem in found] == ["unprotected-run"]
