"""Gotcha: the drivers read the keys of a Secret by names of their own, whatever brings it."""

import pytest
from tests.small import problems

BLOB = "storage: {blob: {driver: azure-blob, account: acmeml, resourceGroup: ml, secret: acmeml-%s}}\n"
FILES = "storage: {files: {driver: azure-files, account: acmeml, resourceGroup: ml, secret: acmeml-%s}}\n"
SPEC = """\
data:
  data: {%s: demo}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, data: [data]}
manifests:
- apiVersion: external-secrets.io/v1
  kind: ExternalSecret
  metadata: {name: account}
  spec:
    secretStoreRef: {kind: ClusterSecretStore, name: vault}
    target: {name: acmeml-key%s}
    %s
"""
KEYS = "data: [%s]"


def found(kind: str, keys: str, template: str = "", secret: str = "key") -> list[str]:
    environment = (BLOB if kind == "blob" else FILES) % secret + "existing: {clusterSecretStores: [vault]}\n"
    return [problem.rule for problem in problems(SPEC % (kind, template, keys), environment)]


def fetched(*names: str) -> str:
    return KEYS % ", ".join(f"{{secretKey: {name}, remoteRef: {{key: a}}}}" for name in names)


@pytest.mark.parametrize(
    ("kind", "names", "right"),
    [
        ("blob", ["azurestorageaccountname", "azurestorageaccountkey"], True),
        ("blob", ["AzureStorageAccountKey"], True),
        ("blob", ["azurestorageaccountsastoken"], True),
        ("blob", ["msisecret"], False),
        ("blob", ["azurestoragespnclientsecret"], False),
        ("blob", ["azurestorageaccountname", "key"], False),
        ("files", ["azurestorageaccountname", "azurestorageaccountkey"], True),
        ("files", ["azurestorageaccountkey"], False),
        ("files", ["azurestorageaccountname", "azurestorageaccountsastoken"], False),
    ],
)
def test_the_accepted_key_names_of_a_storage_secret(kind: str, names: list[str], right: bool) -> None:
    assert found(kind, fetched(*names)) == ([] if right else ["storage-secret-keys"])


def test_a_template_says_the_keys() -> None:
    composed = ", template: {data: {azurestorageaccountkey: '{{ .key }}'}}"
    assert found("blob", fetched("key"), composed) == []


def test_what_fetches_whatever_is_there_may_have_the_keys() -> None:
    assert found("blob", "dataFrom: [{extract: {key: a}}]") == []


def test_a_secret_that_mounts_nothing_has_any_keys() -> None:
    assert found("blob", fetched("key"), secret="other") == []
