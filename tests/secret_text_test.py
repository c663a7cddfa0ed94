"""Secrets are found wherever they are written, harmless values are left alone, and no value is ever shown."""

import json
import random
from collections.abc import Callable, Mapping
from pathlib import Path
from time import process_time
from typing import Any

import pytest
import yaml
from tests.made_secrets import KINDS, Secret, secrets

from mlgen import document, report, secret_forms
from mlgen.gathered import Setting
from mlgen.linted import Linted, lint
from mlgen.masking import masked
from mlgen.node import Json
from mlgen.secret_places import written
from mlgen.secret_text import is_written, looks_like_a_secret, looks_random, named_like_a_secret, says_a_secret

Place = Callable[[Secret], Json]


def pod(**container: Json) -> Json:
    whole: dict[str, Json] = {"name": "main", "image": "ghcr.io/acme/train:1.0", **container}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "it"}, "spec": {"containers": [whole]}}


def settings(data: Json, **metadata: Json) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "it", **metadata}, "data": data}


def flag(secret: Secret) -> str:
    return "--" + secret.name.lower().replace("_", "-")


PLACES: Mapping[str, Place] = {
    "a variable": lambda secret: pod(env=[{"name": secret.name, "value": secret.text}]),
    "a value before its name": lambda secret: pod(env=[{"value": secret.text, "name": secret.name}]),
    "an argument": lambda secret: pod(args=[f"{flag(secret)}={secret.text}"]),
    "an argument after its flag": lambda secret: pod(args=["serve", flag(secret), secret.text]),
    "a script": lambda secret: pod(command=["sh", "-c", f"export {secret.name}='{secret.text}' && python train.py"]),
    "a setting": lambda secret: settings({secret.name: secret.text}),
    "a file of settings": lambda secret: settings({"app.conf": f"host: x\n{secret.name.lower()}: {secret.text}\n"}),
    "an annotation": lambda secret: settings({}, annotations={f"acme.example/{secret.name.lower()}": secret.text}),
    "a spec": lambda secret: {"workloads": {"train": {"kind": "job", "env": {secret.name: secret.text}}}},
    "a spec's command": lambda secret: {"workloads": {"train": {"args": [f"{flag(secret)}={secret.text}"]}}},
}


@pytest.mark.parametrize("place", PLACES)
def test_made_secrets_are_found(place: str) -> None:
    """At least 98 of 100, in each place, of ten each of every kind."""
    made = secrets(seed=20)
    assert len(KINDS) >= 20
    assert len(made) >= 200
    missed = [kind for kind, secret in made if not list(written(PLACES[place](secret)))]
    assert len(missed) <= len(made) * 0.02, missed


def test_harmless_values_are_left_alone(shared: Path) -> None:
    """At most 5 in 1,000, by themselves and where they stand in real manifests; a Secret's own are no harmless ones."""
    alarms, values = [], 0
    for file in sorted((shared / "samples").rglob("*.yaml")):
        for root in document.parse(file.read_bytes(), file=file.name, dialect="kubernetes").documents:
            if root.get("kind") is not None and root["kind"].value == "Secret":
                continue
            texts = [leaf.value for _, leaf in root.leaves() if isinstance(leaf.value, str)]
            values += len(texts)
            alarms += [(file.name, str(path)) for path, _ in written(root.plain())]
            alarms += [(file.name, text) for text in texts if looks_like_a_secret(text) or looks_random(text)]
    assert values > 10_000
    assert len(alarms) <= values * 0.005
    assert len(alarms) <= 25, "far fewer than that, so that a change that costs some is seen"


def test_the_quick_look_for_a_form_misses_none() -> None:
    """Of made secrets, alone and in other text: what would be replaced, and nothing else, is said to have a form."""
    around = (
        "{}",
        "x={}",
        "--token {}",
        "https://me:{}@host/",
        "Bearer {}",
        '{{"auth":"{}"}}',
        "a\n{}\nb",
        "x{}y",
        "BASIC {}",
    )
    texts = [one.format(secret.text) for _, secret in secrets(seed=7) for one in around]
    formed = [text for text in texts if secret_forms.replaced(text, lambda _: "") != text]
    assert [text for text in texts if secret_forms.has_form(text)] == formed
    assert len(texts) > len(formed) > 500


HARMLESS = [
    *("$(API_TOKEN)", "${API_TOKEN}", "<token>", "{{ .token }}", "", "true", "3600", "oidc"),
    *("/run/secrets/token", "https://vault.example.com/v1/token", "vault:secret/data/ml#token"),
]


@pytest.mark.parametrize("value", HARMLESS)
def test_a_reference_or_a_switch_is_no_value(value: str) -> None:
    assert not list(written(pod(env=[{"name": "API_TOKEN", "value": value}])))


@pytest.mark.parametrize(
    "name",
    "TOKEN_FILE SECRET_NAME AUTH_TYPE TOKENIZERS_PARALLELISM MAX_TOKENS TOKEN_TTL AUTHOR PUBLIC_KEY AUTH_ENABLED "
    "OAUTH_ISSUER IMAGE_PULL_SECRET SECRET_KEY_REF DISABLE_AUTH PRIMARY_KEY".split(),
)
def test_a_name_that_only_sounds_like_a_secret(name: str) -> None:
    assert not named_like_a_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        "acme.azurecr.io/churn:1.4.2@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "66666666-7777-8888-9999-aaaaaaaaaaaa",
        "s3://bucket/models/resnet50/v3",
        "https://storage.googleapis.com/kfserving-examples/models/sklearn/1.0/Model2",
        "HorizontalPodAutoscalerV2beta2Conditions",
        "python -m churn.train --epochs 20 --learning-rate 1e-3",
        "postgresql://ml@db.example.com:5432/ml",
        "postgresql://$(DB_USER):$(DB_PASSWORD)@db.example.com/ml",
    ],
)
def test_what_only_looks_odd(text: str) -> None:
    assert not looks_like_a_secret(text)
    assert not looks_random(text)
    assert not says_a_secret(text)


def test_a_number_is_a_password_and_no_token() -> None:
    assert is_written("DB_PASSWORD", "123456")
    assert not is_written("CACHE_TOKEN", "123456")


def test_what_is_sealed_is_left_alone() -> None:
    sealed: Json = {"spec": {"encryptedData": {"password": "AgB" + "x9Q" * 40}}}
    assert not list(written(sealed))


def block(value: Json) -> str:
    return yaml.safe_dump(value, default_flow_style=False, width=4096, sort_keys=False)


def literal(value: Json) -> str:
    """As people write texts of several lines."""

    class Dumper(yaml.SafeDumper):
        pass

    def text(dumper: Any, found: str) -> Any:
        return dumper.represent_scalar("tag:yaml.org,2002:str", found, style="|" if "\n" in found else None)

    Dumper.add_representer(str, text)
    return yaml.dump(value, Dumper=Dumper, width=4096, sort_keys=False)


WRITERS: Mapping[str, Callable[[Json], str]] = {
    "block": block,
    "literal": literal,
    "flow": lambda value: yaml.safe_dump(value, default_flow_style=True, width=4096, sort_keys=False),
    "json": lambda value: json.dumps(value, indent=2),
}


def linted(text: str) -> Linted:
    return lint({"it.yaml": text.encode()}, Setting("1.34"))


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("place", [place for place in PLACES if "spec" not in place])
def test_no_format_shows_a_secret(place: str, writer: str) -> None:
    source = random.Random(place + writer)
    for kind, secret in [(kind, make(source)) for kind, make in KINDS.items()]:
        found = linted(WRITERS[writer](PLACES[place](secret)))
        if "secret-value" not in {problem.rule for problem in found.problems}:
            continue  # one of those in a hundred: nothing points to it either
        for form in report.FORMATS:
            shown = report.render(found.problems, found.sources, format=form)
            assert secret.value not in shown, (kind, form)
        assert secret.value.split("\n")[0] not in found.sources["it.yaml"], (kind, "the source")


def test_a_mask_keeps_every_place() -> None:
    text = "env:\n- name: API_TOKEN\n  value: hunter2\n- value: hunter3\n  name: API_TOKEN\nargs: [--token, hunter4]\n"
    assert masked(text) == (
        "env:\n- name: API_TOKEN\n  value: *******\n- value: *******\n  name: API_TOKEN\nargs: [--token, *******]\n"
    )


PIECES = ["x", "a.", "-a", "--a ", "a: ", "a_", "A1b", "://", "a@", "eyJ", "name: ", "- ", "-----BEGIN ", "$"]


@pytest.mark.parametrize("piece", [*PIECES, "{value: a,", "name: TOKEN\n", "- --token\n", "value: a\n"])
def test_a_hostile_text_costs_no_more_than_it_is_long(piece: str) -> None:
    def cost(length: int) -> float:
        text = piece * (length // len(piece))
        start = process_time()
        masked(text)
        list(written({"data": {"text": text}, "args": [text]}))
        return process_time() - start

    assert cost(100_000) < 20 * cost(20_000) + 1.0
