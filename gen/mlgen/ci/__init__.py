"""A git host -> the files that `mlgen init --ci` writes for it, and what fills them in: an extension is a line here."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import NamedTuple

from mlgen.node import Node
from mlgen.platform import BASE, Platform
from mlgen.template import scaffold
from mlgen.trace import said

# Who answers for the platform: the owner of the reference platform's own project.
PLATFORM = "ml-platform"
SCRIPTS = ("build.sh", "comment.sh", "release.sh", "tag.sh")


class Host(NamedTuple):
    """Where a host looks for what, and which of ours is written there. Only one of ``owners`` counts: the first."""

    folder: str
    files: Mapping[str, str]
    owners: tuple[str, ...]


HOSTS: Mapping[str, Host] = {
    "github": Host(
        ".github/mlgen",
        {
            ".github/workflows/mlgen-check.yml": "github/check.yml",
            ".github/workflows/mlgen-release.yml": "github/release.yml",
            ".github/mlgen/check.sh": "check-github.sh",
            ".github/mlgen/scanning.sh": "scanning.sh",
        },
        (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    ),
    "gitlab": Host(
        ".gitlab/mlgen",
        {
            ".gitlab-ci.yml": "gitlab/gitlab-ci.yml",
            ".gitlab/mlgen.yml": "gitlab/mlgen.yml",
            ".gitlab/mlgen/check.sh": "check-gitlab.sh",
        },
        (".gitlab/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    ),
}


def contents(name: str, platform: Platform, organisation: str, version: str) -> Iterator[tuple[str, str]]:
    """Every file for the host ``name``, by its path; CODEOWNERS first."""
    host = HOSTS[name]
    rows = list(_owners(platform))
    target = _first(platform)
    registry = platform.environments[target].find("registry", "host") if target in platform.environments else None
    values = {
        "environment": target,
        "extra": "[policies]" if any(map(_judged, platform.environments.values())) else "",
        "organisation": organisation,
        "platform": PLATFORM,
        "registry": said(registry) if registry is not None else "registry.example.com",
        "rows": rows,
        "version": version,
        "width": max(len(pattern) for pattern, _ in rows),
    }
    sources = {
        host.owners[0]: "codeowners",
        **host.files,
        **{f"{host.folder}/{script}": script for script in SCRIPTS},
        f"{host.folder}/requirements.txt": "requirements.txt",
        "renovate.json": "renovate.json",
    }
    for path, source in sources.items():
        text = files("mlgen.ci").joinpath(*source.split("/")).read_text("utf-8")
        yield path, text if source.endswith(".sh") else scaffold(text, values)


def _first(platform: Platform) -> str:
    """The environment that a build is released to: the first that is not protected and takes no other's proof."""
    for name, offer in platform.environments.items():
        if name != BASE and not _true(offer.get("protected")) and offer.get("promotion") is None:
            return name
    return "dev"


def _owners(platform: Platform) -> Iterator[tuple[str, str]]:
    """A pattern and a team, the weakest first."""
    yield "*", PLATFORM
    for name, spec in sorted(platform.projects.items()):
        owner = spec.get("owner")
        if owner is not None:
            yield f"/projects/{name}/", said(owner)
            yield f"/overlays/{name}/", said(owner)
    for name, offer in sorted(platform.environments.items()):
        if name != BASE and _true(offer.get("protected")):
            yield f"/overlays/*/{name}/", PLATFORM
    yield "/overlays/clusters/", PLATFORM


def _judged(environment: Node) -> bool:
    """Whether it has policies, which want CEL."""
    policies = environment.get("policies")
    return policies is not None and bool(policies.value)


def _true(node: Node | None) -> bool:
    return node is not None and node.value is True
