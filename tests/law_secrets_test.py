"""Law 8: the value of a secret gets nowhere: not into an overlay, not into what any command says."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from mlgen import report
from mlgen.__main__ import main

VALUE = "hunter2-Zx9Q7w"
ISSUED = "ghp_" + "Ab1" * 12  # in the form of a token that GitHub gives out
DIGITS = "0x9f86d081884c"
PLATFORM = {
    "environments/base.yaml": "apiVersion: mlgen.dev/v1\nkind: Environment\nname: base\nregistry: {host: r.example}\n",
    "environments/dev.yaml": "apiVersion: mlgen.dev/v1\nkind: Environment\nname: dev\n",
    "projects/churn/mlgen.yaml": """\
apiVersion: mlgen.dev/v1
kind: Project
name: churn
owner: ml
image: app:1
workloads:
  train:
    kind: job
environments:
  dev: {}
""",
}
SPEC, DEV = "projects/churn/mlgen.yaml", "environments/dev.yaml"
JOB = "    kind: job\n"


class Slip(NamedTuple):
    """Something that a person writes by mistake: ``new`` in the place of ``old``, or at the end of ``file``."""

    new: str
    old: str = JOB
    file: str = SPEC

    def files(self) -> dict[str, str]:
        text = PLATFORM[self.file]
        assert self.old in text
        return {**PLATFORM, self.file: text.replace(self.old, self.old + self.new) if self.old else text + self.new}


# What is a secret's value by its variable's name or by its own form.
WRITTEN: Mapping[str, Slip] = {
    "a variable": Slip(f"    env: {{API_TOKEN: {VALUE}}}\n"),
    "a variable in a block": Slip(f"    env:\n      API_TOKEN: {VALUE}\n"),
    "a variable in quotes": Slip(f'    env:\n      API_TOKEN: "{VALUE}"\n'),
    "a variable of several lines": Slip(f"    env:\n      API_TOKEN: |\n        {VALUE}\n        more\n"),
    "a variable on the next line": Slip(f"    env:\n      API_TOKEN:\n        {VALUE}\n        more\n"),
    "digits": Slip(f"    env: {{API_TOKEN: {DIGITS}}}\n"),
    "a name in small letters": Slip(f"    env: {{api_token: {VALUE}}}\n"),
    "a name with dots": Slip(f"    env: {{db.password: {VALUE}}}\n"),
    "an override": Slip(f"  qa: {{workloads: {{train: {{env: {{DB_PASSWORD: {VALUE}}}}}}}}}\n", "  dev: {}\n"),
    "an environment's defaults": Slip(f"defaults: {{job: {{env: {{DB_PASSWORD: {VALUE}}}}}}}\n", "", DEV),
    "an argument": Slip(f"    args: [{ISSUED}]\n"),
    "a flag": Slip(f"    args: ['--token={ISSUED}']\n"),
    "a command line": Slip(f"    command: [sh, -c, 'curl -u {ISSUED} x']\n"),
    "a description": Slip(f"description: try {ISSUED}\n", "image: app:1\n"),
    "a private key": Slip(f"    args:\n    - |\n      -----BEGIN RSA PRIVATE KEY-----\n      {VALUE}\n"),
    "an address with a password": Slip(f"    args: ['https://me:{VALUE}@git.example.com/x']\n"),
}
# Mistakes that stop mlgen before it sees that there is a secret.
BROKEN: Mapping[str, Slip] = {
    "another mistake on the line": Slip(f"    enw: {{API_TOKEN: {VALUE}}}\n"),
    "a list": Slip(f"    env: {{API_TOKEN: [{VALUE}]}}\n"),
    "a map": Slip(f"    env: {{API_TOKEN: {{value: {VALUE}}}}}\n"),
    "pairs, as Kubernetes writes them": Slip(f"    env: [{{name: API_TOKEN, value: {VALUE}}}]\n"),
    "said twice": Slip(f"    env: {{API_TOKEN: {VALUE}, API_TOKEN: {VALUE}}}\n"),
    "two colons": Slip(f"    env: {{API_TOKEN: {VALUE}: x}}\n"),
    "a quote that is not closed": Slip(f'    env: {{API_TOKEN: "{VALUE}}}\n'),
    "a tab": Slip(f"    env:\n\tAPI_TOKEN: {VALUE}\n"),
    "an anchor": Slip(f"    env: {{API_TOKEN: &a {VALUE}}}\n"),
    "a tag": Slip(f"    env: {{API_TOKEN: !x {VALUE}}}\n"),
    "far too long": Slip(f"    env: {{API_TOKEN: {VALUE}{'x' * 70000}}}\n"),
    "an image": Slip(f"    image: {ISSUED}\n"),
    "a schedule": Slip(f"    schedule: {ISSUED}\n"),
    "a value where a key is named": Slip(f"secrets: {{maps: {{MAPS_KEY: {VALUE}}}}}\n", "image: app:1\n"),
    "a key with its value": Slip(f"secrets: {{maps: [MAPS_KEY={VALUE}]}}\n", "image: app:1\n"),
    "values in a workload's secrets": Slip(f"    secrets: {{MAPS_KEY: {VALUE}}}\n"),
}
OBJECT = "churn/dev:Job/train"
COMMANDS: Sequence[Sequence[str]] = (
    *(["validate", "--format", form] for form in report.FORMATS),
    *(["build", "churn", "--env", "dev", "--format", form] for form in report.FORMATS),
    ["render"],
    ["check"],
    ["explain", OBJECT],
    ["explain", f"{OBJECT}:spec.template.spec.containers.0"],
)


def written(root: Path, slip: Slip) -> Path:
    for file, text in slip.files().items():
        target = root / file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return root


def run(root: Path, command: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["mlgen", *command, "--root", str(root)])
    return main()


@pytest.mark.parametrize("name", [*WRITTEN, *BROKEN])
def test_no_command_says_a_secret(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """No secret value enters a spec, an overlay, a message or a log."""
    root = written(tmp_path, {**WRITTEN, **BROKEN}[name])
    telling = []
    for command in COMMANDS:
        run(root, command, monkeypatch)
        said = "".join(capfd.readouterr())
        assert said
        telling += [" ".join(command)] * any(value in said for value in (VALUE, ISSUED, DIGITS))
    assert not telling
    assert not (root / "overlays").exists()


@pytest.mark.parametrize("name", WRITTEN)
def test_a_secret_that_is_written_down_is_refused(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Every command that would use it says where it stands."""
    root = written(tmp_path, WRITTEN[name])
    for command in (["validate"], ["render"], ["check"], ["build", "churn", "--env", "dev"]):
        assert run(root, command, monkeypatch) == 1, command
        said = "".join(capfd.readouterr())
        assert f"--> {WRITTEN[name].file}:" in said
        assert "secret-value" in said
