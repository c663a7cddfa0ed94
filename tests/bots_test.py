"""What update bots write into releases.yaml is taken: check says that the overlays are stale, render mends that.

Renovate replaces the version and the digest that its pattern found, and nothing else. Flux writes the whole file anew
by kyaml: `FLUX` is what its setters (kyaml 0.13.10, setters2) made of `MARKED`. They set a value that has a line and a
marker of its own; to one in braces the marker does not belong.
"""

import json
import re
from pathlib import Path

import pytest
from tests.terminal import HEAD, mlgen, repository

OLD, NEW = (f"sha256:{letter * 64}" for letter in "ab")
PROJECT = """\
owner: team
image: churn
workloads:
  serve: {kind: serving, server: custom}
environments: {dev: {}, staging: {}, prod: {}}
"""
PLATFORM = {
    "environments/base.yaml": HEAD.format("Environment", "base") + "registry: {host: acme.azurecr.io}\n",
    "environments/dev.yaml": HEAD.format("Environment", "dev"),
    "environments/staging.yaml": HEAD.format("Environment", "staging"),
    "environments/prod.yaml": HEAD.format("Environment", "prod") + "protected: true\n",
    "projects/churn/mlgen.yaml": HEAD.format("Project", "churn") + PROJECT,
}
RELEASES = "projects/churn/releases.yaml"
MARKED = f"""\
# yaml-language-server: $schema=../../schemas/releases.json
apiVersion: mlgen.dev/v1
kind: Releases

# what runs where
environments:
  dev:
    images:
      churn: 1.5.0-rc.1 # {{"$imagepolicy": "flux-system:churn:tag"}}
  prod:
    images:
      churn: "{OLD}" # {{"$imagepolicy": "flux-system:churn:digest"}}
  staging:
    images: {{churn: 1.4.0}}   # {{"$imagepolicy": "flux-system:churn:tag"}}
"""
FLUX = f"""\
# yaml-language-server: $schema=../../schemas/releases.json
apiVersion: mlgen.dev/v1
kind: Releases
# what runs where
environments:
  dev:
    images:
      churn: "1.10" # {{"$imagepolicy": "flux-system:churn:tag"}}
  prod:
    images:
      churn: "{NEW}" # {{"$imagepolicy": "flux-system:churn:digest"}}
  staging:
    images: {{churn: 1.4.0}} # {{"$imagepolicy": "flux-system:churn:tag"}}
"""
PINNED = f"""\
apiVersion: mlgen.dev/v1
kind: Releases
environments:
  # the one that everybody looks at
  dev: {{images: {{churn: "1.4.2@{OLD}"}}}}   # since Monday
  staging: {{images: {{churn: 1.4.0}}}}
  prod:
    images:
      churn: 1.4.2@{OLD} # proved
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return repository(tmp_path / "platform", PLATFORM)


def image(root: Path, environment: str) -> str:
    """The image that the environment's overlay and `mlgen build` say."""
    done = mlgen(root, "build", "churn", "--env", environment)
    assert done.code == 0, done.err
    (found,) = set(re.findall(r"image: \"?([^\s\"]+)", done.out))
    return str(found)


def taken(root: Path, before: str, after: str) -> None:
    """Both are current once rendered, and the second is stale over what the first one rendered to."""
    repository(root, {RELEASES: before})
    assert mlgen(root, "render").code == 0
    assert mlgen(root, "check", "--strict").code == 0
    (root / RELEASES).write_text(after, "utf-8")
    done = mlgen(root, "check", "--format", "concise")
    assert done.code == 1
    assert {re.findall(r"\[([\w-]+)\]", line)[0] for line in done.out.splitlines()} == {"stale-overlay"}
    assert mlgen(root, "render").code == 0
    assert mlgen(root, "check", "--strict").code == 0


def renovated(root: Path, text: str) -> str:
    """What Renovate makes of a releases.yaml by the preset that mlgen writes: in each match, version and digest."""
    config = json.loads((root / "renovate.json").read_text("utf-8"))
    for manager in config["customManagers"]:
        if any(re.search(pattern.strip("/"), RELEASES) for pattern in manager["managerFilePatterns"]):
            for pattern in manager["matchStrings"]:
                for match in re.finditer(pattern.replace("(?<", "(?P<"), text):
                    new = match[0].replace(match["currentValue"], "1.5.0").replace(match["currentDigest"], NEW)
                    text = text.replace(match[0], new)
    return text


def test_what_renovate_writes_is_taken(root: Path) -> None:
    assert mlgen(root, "init", "--ci", "github").code == 0
    after = renovated(root, PINNED)
    assert after == PINNED.replace("1.4.2@", "1.5.0@").replace(OLD, NEW)
    taken(root, PINNED, after)
    assert image(root, "prod") == image(root, "dev") == f"acme.azurecr.io/churn:1.5.0@{NEW}"
    assert image(root, "staging") == "acme.azurecr.io/churn:1.4.0"


def test_what_flux_writes_is_taken(root: Path) -> None:
    taken(root, MARKED, FLUX)
    assert image(root, "dev") == "acme.azurecr.io/churn:1.10"
    assert image(root, "prod") == f"acme.azurecr.io/churn@{NEW}"
    assert image(root, "staging") == "acme.azurecr.io/churn:1.4.0"


def test_the_markers_of_flux_outlast_mlgen(root: Path) -> None:
    repository(root, {RELEASES: MARKED})
    assert mlgen(root, "release", "churn", "--env", "dev", "--image", f"churn:1.6.0@{NEW}").code == 0
    assert mlgen(root, "promote", "churn", "--from", "dev", "--to", "staging").code == 0
    assert mlgen(root, "promote", "churn", "--from", "dev", "--to", "prod").code == 0
    new = f'"1.6.0@{NEW}"'
    after = MARKED.replace("churn: 1.5.0-rc.1 #", f"churn: {new} #").replace(f'"{OLD}"', new)
    assert (root / RELEASES).read_text("utf-8") == after.replace("{churn: 1.4.0}", f"{{churn: {new}}}")
    assert image(root, "prod") == f"acme.azurecr.io/churn:1.6.0@{NEW}"
