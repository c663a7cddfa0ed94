"""Law 8 for what is imported: the value of a secret gets into no spec and into no message, wherever it was written."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.made_secrets import Secret, secrets
from tests.terminal import mlgen

SECRETS = secrets(7, each=1)
IMAGE = "ghcr.io/acme/x:1"


def job(container: dict[str, Any], metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    pod = {"restartPolicy": "Never", "containers": [{"name": "x", "image": IMAGE, **container}]}
    head = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x", **(metadata or {})}}
    return {**head, "spec": {"template": {"spec": pod}}}


def placed(secret: Secret) -> dict[str, dict[str, Any]]:
    """Manifests with the secret somewhere."""
    name, text = secret.name, secret.text
    object_ = {"apiVersion": "v1", "metadata": {"name": "x"}}
    arena = {"name": "x", "framework": {"name": "pytorch"}, "image": IMAGE, "run": "y", "worker": {"replicas": 2}}
    score = {"apiVersion": "score.dev/v1b1", "metadata": {"name": "x"}, "service": {"ports": {"www": {"port": 8080}}}}
    return {
        "a variable": job({"env": [{"name": name, "value": text}]}),
        "a Secret": {**object_, "kind": "Secret", "stringData": {name: text}},
        "a ConfigMap": {**object_, "kind": "ConfigMap", "data": {name: text}},
        "an annotation": job({}, {"annotations": {f"acme/{name}": text}}),
        "what kubectl applied": job({}, {"annotations": {"kubectl.kubernetes.io/last-applied-configuration": text}}),
        "Arena": {**arena, "envs": {name: text}},
        "Score": {**score, "containers": {"x": {"image": IMAGE, "variables": {name: text}}}},
    }


PLACES = tuple(placed(SECRETS[0][1]))


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("output", ["text", "json"])
def test_no_value_is_shown_or_written(tmp_path: Path, place: str, output: str) -> None:
    for number, (kind, secret) in enumerate(SECRETS):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "x.json").write_text(json.dumps(placed(secret)[place]), "utf-8")
        done = mlgen(folder, "import", "x.json", "--format", output)
        shown = [line for line in secret.value.splitlines() if line and line in done.out + done.err]
        assert not shown, f"{kind}\n{done.out}\n{done.err}"
        assert done.code in (0, 1, 2)


def test_a_secret_on_the_command_line_is_told_and_replaced(tmp_path: Path) -> None:
    word = "hunter2-" + "Zx9Q7w"
    (tmp_path / "x.json").write_text(json.dumps(job({"args": ["--password", word, "--epochs", "3"]})), "utf-8")
    done = mlgen(tmp_path, "import", "x.json", "--format", "concise")
    assert word not in done.out + done.err
    assert 'args: [--password, "***", --epochs, "3"]' in done.out
    assert "`spec.template.spec.containers[0].args[1]` is not in the spec" in done.err


def test_a_secret_in_an_inline_patch_is_not_shown(tmp_path: Path) -> None:
    word = "hunter2-" + "Zx9Q7w"
    (tmp_path / "x.json").write_text(json.dumps(job({"env": [{"name": "API_TOKEN", "value": "none"}]})), "utf-8")
    path = "/spec/template/spec/containers/0/env/0/value"
    patch = f"patches: [{{patch: '[{{op: replace, path: {path}, value: {word}}}]', target: {{kind: Job}}}}]\n"
    (tmp_path / "kustomization.yaml").write_text(f"resources: [x.json]\n{patch}", "utf-8")
    done = mlgen(tmp_path, "import", ".")
    assert done.code == 0
    assert word not in done.out + done.err
    assert "secrets: {x-secrets: [API_TOKEN]}" in done.out
