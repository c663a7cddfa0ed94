"""The Secrets Store CSI driver: every pod mounts what its variables come from, and the store is asked as it wants."""

from typing import Any

import pytest
import yaml
from tests.small import built, problems

SPEC = """\
secrets: {maps-api: [MAPS_KEY, MAPS_ID]}
workloads:
  it: {%s, secrets: [maps-api]}
"""
JOB = "kind: job, image: ghcr.io/a/b:1"
VAULT = "secrets: {from: csi, provider: vault, path: 'secret/data/{{ project.name }}/{{ secret.name }}'}\n"
AZURE = """\
secrets:
  from: csi
  provider: azure
  path: "{{ secret.name }}-{{ secret.key | lower | replace('_', '-') }}"
  parameters: {keyvaultName: "kv-{{ environment.name }}", usePodIdentity: "false", tenantID: "1"}
"""
# One spec of each kind, and what its environment needs for it.
KINDS = {
    "job": (JOB, ""),
    "cron job": (f"{JOB}, schedule: '@daily'", ""),
    "notebook": ("kind: notebook, image: ghcr.io/a/b:1, users: [anna, ben]", ""),
    "serving": ("kind: serving, server: custom, image: ghcr.io/a/b:1", ""),
    "pytorch": ("kind: pytorch, image: ghcr.io/a/b:1, workers: 2", ""),
    "tensorflow": (
        "kind: tensorflow, image: ghcr.io/a/b:1, workers: 2",
        "platform: {tensorflow: kubeflow-training-1.9}\n",
    ),
    "spark": (
        "kind: spark, image: ghcr.io/a/b:1, version: 4.0.0, main: 'local:///a.py', executors: {count: 2}",
        "platform: {spark: spark-operator-2.5}\n",
    ),
}


def made(environment: str) -> Any:
    return built(SPEC % JOB, environment)["SecretProviderClass/maps-api"]["spec"]


def with_variables(value: Any) -> list[dict[str, Any]]:
    """Every map that has environment variables from the Secret: containers, and Spark's drivers and executors."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [one for inner in below for one in with_variables(inner)]
    return [*found, value] if isinstance(value, dict) and "secretKeyRef" in str(value.get("env", "")) else found


def volumes(value: Any) -> list[dict[str, Any]]:
    """Every list of volumes in an object."""
    below = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = [one for inner in below for one in volumes(inner)]
    return [*found, *value["volumes"]] if isinstance(value, dict) and "volumes" in value else found


@pytest.mark.parametrize("kind", KINDS)
def test_variables_without_the_mount_would_fail_so_every_pod_of_every_kind_mounts(kind: str) -> None:
    spec, platform = KINDS[kind]
    objects = built(SPEC % spec, VAULT + platform)
    containers = [one for body in objects.values() for one in with_variables(body)]
    assert containers
    for container in containers:
        assert {"name": "secret-maps-api", "mountPath": "/mnt/secrets-store/maps-api", "readOnly": True} in (
            container["volumeMounts"]
        )
    mounted = [one for body in objects.values() for one in volumes(body) if one["name"] == "secret-maps-api"]
    assert mounted
    for one in mounted:
        assert one["csi"] == {
            "driver": "secrets-store.csi.k8s.io",
            "readOnly": True,
            "volumeAttributes": {"secretProviderClass": "maps-api"},
        }


def test_a_pod_without_secrets_mounts_nothing() -> None:
    spec = "secrets: {maps-api: [MAPS_KEY]}\nworkloads:\n" + (
        f"  it: {{{JOB}, secrets: [maps-api]}}\n  other: {{{JOB}}}\n"
    )
    jobs = {name.split("-")[0]: body for name, body in built(spec, VAULT).items() if name.startswith("Job/")}
    assert volumes(jobs["Job/it"])
    assert volumes(jobs["Job/other"]) == []


@pytest.mark.parametrize("environment", [VAULT, AZURE])
def test_the_secret_is_made_of_the_files_that_the_driver_mounts(environment: str) -> None:
    found = made(environment)
    assert found["secretObjects"] == [
        {
            "secretName": "maps-api",
            "type": "Opaque",
            "data": [{"objectName": key, "key": key} for key in ("MAPS_KEY", "MAPS_ID")],
        }
    ]


def test_vault_is_asked_for_fields_of_one_path() -> None:
    assert yaml.safe_load(made(VAULT)["parameters"]["objects"]) == [
        {"objectName": key, "secretPath": "secret/data/demo/maps-api", "secretKey": key}
        for key in ("MAPS_KEY", "MAPS_ID")
    ]


def test_key_vault_is_asked_for_an_object_for_each_key_under_the_keys_own_name() -> None:
    found = made(AZURE)["parameters"]
    assert (found["keyvaultName"], found["usePodIdentity"]) == ("kv-dev", "false")
    described = [yaml.safe_load(text) for text in yaml.safe_load(found["objects"])["array"]]
    assert described == [
        {"objectName": "maps-api-maps-key", "objectType": "secret", "objectAlias": "MAPS_KEY"},
        {"objectName": "maps-api-maps-id", "objectType": "secret", "objectAlias": "MAPS_ID"},
    ]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("{{ secret.name }}-{{ secret.key }}", "is no name of an object in Azure Key Vault"),
        ("{{ project.name }}/{{ secret.name }}", "is no name of an object in Azure Key Vault"),
        ("{{ secret.name }}", "would both be the object `maps-api` in Azure Key Vault"),
    ],
)
def test_key_vault_has_one_object_a_key_named_with_letters_digits_and_dashes(path: str, said: str) -> None:
    (problem,) = problems(SPEC % JOB, f'secrets: {{from: csi, provider: azure, path: "{path}"}}\n')
    assert problem.rule == "bad-secret-path"
    assert said in problem.message
    assert problem.span.file == "environments/dev.yaml"
