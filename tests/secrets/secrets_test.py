"""What holds for every provider: variables name the Secret it makes, and no run is named by what a secret holds."""

import re
from typing import Any

import pytest
from tests.small import HEAD, built, problems

from mlgen import engine
from mlgen.platform import load
from mlgen.problem import in_order
from mlgen.secrets import PROVIDERS

SPEC = """\
connections: [warehouse]
secrets: {maps-api: [MAPS_KEY]}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, secrets: [maps-api]}
"""
OFFER = "connections: {warehouse: {secret: [DW_USER, DW_PASSWORD]}}\n"
WAYS = {
    "existing": "",  # the default
    "external-secrets": "secrets: {from: external-secrets, store: vault, path: 'ml/{{ secret.name }}'}\n",
    "sealed-secrets": "secrets: {from: sealed-secrets}\n",
    "sops": "secrets: {from: sops}\n",
    "csi": "secrets: {from: csi, provider: vault, path: 'ml/{{ secret.name }}', parameters: {roleName: ml}}\n",
}
# Of each, a change that leaves the names and keys of its Secrets alone.
CHANGES = {
    "external-secrets": [("vault", "other"), ("ml/", "ml/2/")],
    "csi": [("vault", "azure"), ("roleName: ml", "roleName: train"), ("ml/", "ml/2/")],
    "sealed-secrets": [("AgBy", "AgBz")],
    "sops": [("AgBy", "AgBz")],
}
SEALED = """\
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {name: %s, namespace: ml-demo-dev}
spec: {encryptedData: {%s}}
"""
ENCRYPTED = """\
apiVersion: v1
kind: Secret
metadata: {name: %s}
stringData: {%s}
sops: {age: [{recipient: age1, enc: x}], mac: "ENC[AES256_GCM,data:a,iv:b,tag:c,type:str]"}
"""
WRITTEN = {"sealed": (SEALED, "{}"), "sops": (ENCRYPTED, '"ENC[AES256_GCM,data:{},iv:b,tag:c,type:str]"')}


def objects(environment: str, sealed: str = "AgBy") -> dict[str, Any]:
    """What the project builds; each secret is there sealed, if that is wanted."""
    files = {
        "environments/base.yaml": HEAD.format(kind="Environment", name="base"),
        "environments/dev.yaml": HEAD.format(kind="Environment", name="dev") + OFFER + environment,
        "projects/demo/mlgen.yaml": HEAD.format(kind="Project", name="demo")
        + f"owner: team\n{SPEC}environments: {{dev: {{}}}}\n",
    }
    for form, value in (WRITTEN[way] for way in WRITTEN if way in environment):
        for name, keys in (("maps-api", ["MAPS_KEY"]), ("warehouse", ["DW_USER", "DW_PASSWORD"])):
            text = form % (name, ", ".join(f"{key}: {value.format(sealed)}" for key in keys))
            files[f"projects/demo/secrets/dev/{name}.yaml"] = text
    platform = load({path: text.encode() for path, text in files.items()})
    (place,) = engine.places(platform, "demo")
    assert in_order(engine.check(platform, ["demo"])) == []
    return {f"{one.ref.kind}/{one.ref.name}": one.body for one in place.manifests}


def job(found: dict[str, Any]) -> tuple[str, Any]:
    return next((name, body) for name, body in found.items() if name.startswith("Job/"))


def test_every_provider_is_asked() -> None:
    assert set(WAYS) == set(PROVIDERS)


def of(body: Any) -> dict[str, set[str]]:
    """The keys of each Secret that comes of an object."""
    spec, name = body.get("spec", {}), body["metadata"]["name"]
    match body["kind"]:
        case "ExternalSecret":
            return {spec["target"]["name"]: {entry["secretKey"] for entry in spec["data"]}}
        case "SealedSecret":
            return {name: set(spec["encryptedData"])}
        case "Secret":
            return {name: set(body["stringData"])}
        case "SecretProviderClass":
            return {made["secretName"]: {entry["key"] for entry in made["data"]} for made in spec["secretObjects"]}
    return {}


@pytest.mark.parametrize("provider", WAYS)
def test_variables_name_the_secrets_and_keys_that_come_to_be(provider: str) -> None:
    found = objects(WAYS[provider])
    _, body = job(found)
    read: dict[str, set[str]] = {}
    for entry in body["spec"]["template"]["spec"]["containers"][0]["env"]:
        if "valueFrom" in entry:
            reference = entry["valueFrom"]["secretKeyRef"]
            read.setdefault(reference["name"], set()).add(reference["key"])
            assert reference["key"] == entry["name"]
    assert read == {"maps-api": {"MAPS_KEY"}, "warehouse": {"DW_USER", "DW_PASSWORD"}}
    made = {name: keys for body in found.values() for name, keys in of(body).items()}
    assert made == ({} if provider == "existing" else read)


@pytest.mark.parametrize(
    ("provider", "old", "new"), [(provider, *change) for provider, changes in CHANGES.items() for change in changes]
)
def test_a_run_is_not_named_by_what_its_secrets_hold_or_where_they_lie(provider: str, old: str, new: str) -> None:
    before = objects(WAYS[provider])
    environment = WAYS[provider].replace(old, new)
    if new == "azure":
        environment = environment.replace(
            "ml/{{ secret.name }}", "{{ secret.name }}-{{ secret.key | replace('_', '-') }}"
        )
        environment = environment.replace("roleName: ml", "keyvaultName: kv, tenantID: '1'")
        environment = environment.replace("'", '"', 1).replace("}}'", '}}"')
    after = objects(environment, new if provider in ("sealed-secrets", "sops") else "AgBy")
    assert before != after
    assert job(before) == job(after)


@pytest.mark.parametrize("provider", ["external-secrets", "sealed-secrets", "sops"])
def test_a_secret_comes_to_the_same_run_from_anywhere(provider: str) -> None:
    """But through the CSI driver, which changes the pod: it mounts."""
    assert job(objects(WAYS["existing"])) == job(objects(WAYS[provider]))
    assert job(objects(WAYS["existing"])) != job(objects(WAYS["csi"]))


@pytest.mark.parametrize("provider", ["external-secrets", "sealed-secrets", "sops", "csi"])
def test_what_makes_secrets_comes_before_volumes_and_pods(provider: str) -> None:
    kinds = [name.partition("/")[0] for name in objects(WAYS[provider])]
    (last,) = [number for number, kind in enumerate(kinds) if kind in ("Job", "CronJob", "PersistentVolume")]
    makers = [number for number, kind in enumerate(kinds) if re.match("ExternalS|SealedS|Secret", kind)]
    assert makers
    assert max(makers) < last


def test_a_secret_that_somebody_put_there_needs_nothing() -> None:
    assert [name for name in objects(WAYS["existing"]) if "Secret" in name] == []


def test_all_that_is_not_sealed_is_told_at_once() -> None:
    found = problems(SPEC, OFFER + WAYS["sealed-secrets"])
    assert [problem.rule for problem in found] == ["no-sealed-secret"] * 2


IDENTITY = "workloadIdentity: {clientId: 00000000-1111-2222-3333-444444444444}\n"
USE = "azure.workload.identity/use"


def test_workload_identity_is_an_annotation_of_the_account_and_a_label_of_the_pod() -> None:
    found = built(SPEC.replace("connections: [warehouse]\n", ""), IDENTITY)
    account = found["ServiceAccount/train"]["metadata"]
    assert account["annotations"]["azure.workload.identity/client-id"] == "00000000-1111-2222-3333-444444444444"
    assert USE not in account["labels"]
    _, body = job(found)
    assert body["spec"]["template"]["metadata"]["labels"][USE] == "true"
    assert USE not in body["metadata"]["labels"]


def test_workload_identity_of_spark_is_a_label_of_driver_and_executors_and_both_accounts_have_it() -> None:
    spec = """\
workloads:
  it: {kind: spark, image: "ghcr.io/a/b:1", version: 4.0.0, main: "local:///a.py", executors: {count: 2}}
"""
    found = built(spec, f"{IDENTITY}platform: {{spark: spark-operator-2.5}}\n")
    body = next(body for name, body in found.items() if name.startswith("SparkApplication/"))
    assert [body["spec"][part]["labels"][USE] for part in ("driver", "executor")] == ["true", "true"]
    for account in ("it", "it-executor"):
        assert "azure.workload.identity/client-id" in found[f"ServiceAccount/{account}"]["metadata"]["annotations"]


def test_without_an_identity_nothing_is_annotated() -> None:
    found = built(SPEC.replace("connections: [warehouse]\n", ""))
    assert not any("azure" in key for key in found["ServiceAccount/train"]["metadata"]["annotations"])
