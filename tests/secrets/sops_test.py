"""Files of SOPS: the Secret of one environment, passed on encrypted, and only where something opens it."""

from typing import Any

import pytest
from tests.small import HEAD

from mlgen import document, engine
from mlgen.ciphertext import is_encrypted, opened
from mlgen.existing import named_by
from mlgen.gate import check
from mlgen.gathered import Setting
from mlgen.platform import load
from mlgen.problem import Problem, in_order

VALUE = "ENC[AES256_GCM,data:AAAA,iv:BBBB,tag:CCCC,type:str]"
ENCRYPTED = f"""\
apiVersion: v1
kind: Secret
metadata: {{name: maps-api, labels: {{team: maps}}}}
type: Opaque
data:
  MAPS_KEY: {VALUE}
stringData:
  MAPS_ID: {VALUE}
sops:
  age: [{{recipient: age1, enc: "-----BEGIN"}}]
  mac: {VALUE}
  encrypted_regex: ^(data|stringData)$
  unencrypted_suffix: null
"""
FILE = "projects/demo/secrets/dev/maps-api.yaml"
FLUX = "gitops: {engine: flux, repository: 'https://git.example.com/acme/ml.git'}\n"


def of(encrypted: str = ENCRYPTED, environment: str = "secrets: {from: sops}\n") -> tuple[Any, list[Problem]]:
    """What `demo` builds in `dev`, and all that is wrong."""
    files = {
        "environments/base.yaml": HEAD.format(kind="Environment", name="base"),
        "environments/dev.yaml": HEAD.format(kind="Environment", name="dev") + environment,
        "projects/demo/mlgen.yaml": HEAD.format(kind="Project", name="demo")
        + """\
owner: team
secrets: {maps-api: [MAPS_KEY, MAPS_ID]}
workloads:
  refresh: {kind: job, image: ghcr.io/a/b:1, secrets: [maps-api], schedule: "@daily"}
environments: {dev: {}}
""",
        FILE: encrypted,
    }
    platform = load({path: text.encode() for path, text in files.items()})
    rendered = engine.render(platform, ["demo"])
    (place,) = engine.places(platform, "demo")
    objects = {f"{one.ref.kind}/{one.ref.name}": one.body for one in (*place.manifests, *place.pointers)}
    return objects, in_order([*platform.problems, *rendered.problems])


def test_what_is_encrypted_is_passed_on_as_it_is() -> None:
    objects, problems = of()
    assert problems == []
    secret = objects["Secret/maps-api"]
    assert secret["data"] == {"MAPS_KEY": VALUE}
    assert secret["stringData"] == {"MAPS_ID": VALUE}
    assert secret["sops"]["mac"] == VALUE
    assert secret["metadata"]["namespace"] == "ml-demo-dev"
    assert secret["metadata"]["labels"]["team"] == "maps"
    assert secret["metadata"]["labels"]["mlgen.dev/project"] == "demo"


def test_pods_get_its_keys() -> None:
    objects, _ = of()
    pod = objects["CronJob/refresh"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    names = [one["name"] for one in pod["containers"][0]["env"] if "valueFrom" in one]
    assert names == ["MAPS_KEY", "MAPS_ID"]


@pytest.mark.parametrize(("key", "opened_by"), [("", {}), (", key: sops-age", {"secretRef": {"name": "sops-age"}})])
def test_flux_is_told_who_opens_it(key: str, opened_by: Any) -> None:
    objects, problems = of(environment=f"secrets: {{from: sops{key}}}\n{FLUX}")
    assert problems == []
    assert objects["Kustomization/demo-dev"]["spec"]["decryption"] == {"provider": "sops", **opened_by}


def test_without_files_of_sops_flux_decrypts_nothing() -> None:
    objects, _ = of(environment=FLUX)
    assert "decryption" not in objects["Kustomization/demo-dev"]["spec"]


def test_what_opens_them_is_taken_to_exist_beside_flux() -> None:
    text = "secrets: {from: sops, key: sops-age}\ngitops: {engine: flux, namespace: flux}\n"
    offer = document.parse(text.encode(), file="dev.yaml").documents[0]
    assert ("Secret", "flux", "sops-age") in set(named_by(offer))


@pytest.mark.parametrize("value", ["open-sesame", "ENC[AES256_GCM,data:x]", "b3Blbi1zZXNhbWU=", f"x{VALUE}", 5])
def test_a_value_in_the_clear_is_found_and_not_shown(value: Any) -> None:
    _, problems = of(ENCRYPTED.replace(f"MAPS_ID: {VALUE}", f"MAPS_ID: {value}"))
    (problem,) = problems
    assert (problem.rule, problem.span.file, problem.span.line) == ("wrong-encrypted-secret", FILE, 8)
    assert "`MAPS_ID` stands here in the clear" in problem.message
    assert str(value) not in problem.message


@pytest.mark.parametrize("value", ["", None, VALUE, VALUE.replace("type:str", "type:int")])
def test_what_sops_writes_is_encrypted(value: Any) -> None:
    assert is_encrypted(value)


def plain(text: str) -> Any:
    return document.parse(text.encode(), file="x.yaml", dialect="kubernetes").documents[0].plain()


def test_the_gate_judges_what_the_cluster_gets() -> None:
    """Anybody's encrypted Secret, as `mlgen lint` sees it: no unknown field, no bad base64, no value in the open."""
    body = plain(ENCRYPTED.replace("maps-api", "maps-api, namespace: ml"))
    assert list(check([body], Setting("1.34"))) == []
    assert "sops" not in opened(body)
    assert opened(body)["data"] == {"MAPS_KEY": ""}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"MAPS_ID: {VALUE}", "MAPS_ID: open-sesame"),
        ("age: [{", "other: [{"),  # nobody can open it
        (f"mac: {VALUE}", "mac: none"),
        ("kind: Secret", "kind: ConfigMap"),  # Flux opens no such thing
    ],
)
def test_what_only_looks_encrypted_is_refused_as_ever(old: str, new: str) -> None:
    assert old in ENCRYPTED
    body = plain(ENCRYPTED.replace("maps-api", "maps-api, namespace: ml").replace(old, new))
    assert list(check([body], Setting("1.34"))) != []
