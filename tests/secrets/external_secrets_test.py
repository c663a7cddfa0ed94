"""External Secrets: where a key lies in the store, what stays when the store is gone, and what Argo CD must not see."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.small import built, problems

SPEC = """\
secrets: {maps-api: [MAPS_KEY, MAPS_ID]}
workloads:
  train: {kind: job, image: ghcr.io/a/b:1, secrets: [maps-api]}
"""
VAULT = "secrets: {from: external-secrets, store: vault}\n"


def made(environment: str = VAULT, spec: str = SPEC) -> Any:
    return next(body for name, body in built(spec, environment).items() if name.startswith("ExternalSecret/"))


def references(environment: str) -> list[tuple[str, str | None]]:
    return [
        (entry["remoteRef"]["key"], entry["remoteRef"].get("property")) for entry in made(environment)["spec"]["data"]
    ]


def test_an_external_secret_is_v1_which_alone_is_served() -> None:
    assert made()["apiVersion"] == "external-secrets.io/v1"


def test_the_interval_is_spelt_as_the_operator_spells_it() -> None:
    assert made()["spec"]["refreshInterval"] == "1h0m0s"


def test_what_old_operators_default_is_written_so_that_argo_cd_sees_no_difference() -> None:
    for entry in made()["spec"]["data"]:
        written = {key: entry["remoteRef"][key] for key in ("conversionStrategy", "decodingStrategy", "metadataPolicy")}
        assert written == {"conversionStrategy": "Default", "decodingStrategy": "None", "metadataPolicy": "None"}
        # Operators before 2.3 do not know it, and it has no default since.
        assert "nullBytePolicy" not in entry["remoteRef"]


def test_the_secret_goes_with_it_and_outlives_the_store() -> None:
    assert made()["spec"]["target"] == {"name": "maps-api", "creationPolicy": "Owner", "deletionPolicy": "Retain"}


def test_each_key_is_a_field_of_what_lies_at_the_path() -> None:
    assert [entry["secretKey"] for entry in made()["spec"]["data"]] == ["MAPS_KEY", "MAPS_ID"]
    assert references(VAULT) == [("demo/maps-api", "MAPS_KEY"), ("demo/maps-api", "MAPS_ID")]


def test_the_path_is_the_environments() -> None:
    path = "path: \"ml/{{ environment.name }}/{{ secret.name | replace('-', '_') }}\""
    assert references(f"secrets: {{from: external-secrets, store: vault, {path}}}\n")[0] == (
        "ml/dev/maps_api",
        "MAPS_KEY",
    )


def test_a_key_with_a_path_of_its_own_is_no_field() -> None:
    path = "path: \"{{ secret.name }}-{{ secret.key | lower | replace('_', '-') }}\""
    assert references(f"secrets: {{from: external-secrets, store: kv, {path}}}\n") == [
        ("maps-api-maps-key", None),
        ("maps-api-maps-id", None),
    ]


@pytest.mark.parametrize(("more", "kind"), [("", "ClusterSecretStore"), (", kind: SecretStore", "SecretStore")])
def test_one_store_serves_the_cluster_unless_the_environment_says_otherwise(more: str, kind: str) -> None:
    found = made(f"secrets: {{from: external-secrets, store: vault{more}}}\n")
    assert found["spec"]["secretStoreRef"] == {"kind": kind, "name": "vault"}


def test_in_a_shared_namespace_projects_have_secrets_of_their_own() -> None:
    objects = built(SPEC, f"{VAULT}namespace: {{existing: shared}}\n")
    assert objects["ExternalSecret/demo-maps-api"]["spec"]["target"]["name"] == "demo-maps-api"
    (job,) = (body for name, body in objects.items() if name.startswith("Job/"))
    variables = job["spec"]["template"]["spec"]["containers"][0]["env"]
    assert {"name": "demo-maps-api", "key": "MAPS_KEY"} in [
        entry["valueFrom"]["secretKeyRef"] for entry in variables if "valueFrom" in entry
    ]


def test_two_workloads_share_one() -> None:
    more = "  score: {kind: job, image: ghcr.io/a/b:1, secrets: [maps-api]}\n"
    assert [name for name in built(SPEC + more, VAULT) if "Secret" in name] == ["ExternalSecret/maps-api"]


def test_a_secret_that_no_workload_uses_is_not_fetched() -> None:
    spec = SPEC.replace(", secrets: [maps-api]", "")
    assert [problem.rule for problem in problems(spec, VAULT)] == ["unused"]


@given(st.text("abcdefXYZ019_", min_size=1, max_size=20).filter(lambda key: not key[0].isdigit()))
def test_any_key_is_found_again_under_its_own_name(key: str) -> None:
    """The key of the Secret, the field in the store and the variable are one name."""
    spec = SPEC.replace("MAPS_KEY, MAPS_ID", f'"{key}"')
    (entry,) = made(VAULT, spec)["spec"]["data"]
    assert entry["secretKey"] == entry["remoteRef"]["property"] == key
