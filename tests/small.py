"""A spec and an environment as text -> what they build: the smallest platform that a test can ask."""

from textwrap import dedent
from typing import Any

from mlgen import engine, practice
from mlgen.meeting import Place
from mlgen.platform import Platform, load
from mlgen.problem import Problem, in_order

HEAD = "apiVersion: mlgen.dev/v1\nkind: {kind}\nname: {name}\n"


def platform(spec: str, environment: str = "", releases: str = "", base: str = "") -> Platform:
    """A platform with the project `demo`, which names its own environments, and the environment `dev`."""
    files = {
        "environments/base.yaml": HEAD.format(kind="Environment", name="base") + dedent(base),
        "environments/dev.yaml": HEAD.format(kind="Environment", name="dev") + dedent(environment),
        "projects/demo/mlgen.yaml": HEAD.format(kind="Project", name="demo") + "owner: team\n" + dedent(spec),
    }
    if "environments:" not in spec.splitlines()[-1]:
        files["projects/demo/mlgen.yaml"] += "environments: {dev: {}}\n"
    if releases:
        files["projects/demo/releases.yaml"] = "apiVersion: mlgen.dev/v1\nkind: Releases\n" + dedent(releases)
    return load({path: text.encode() for path, text in files.items()})


def place(spec: str, environment: str = "", releases: str = "") -> Place:
    """The project in `dev`. Fails where a document is wrong."""
    found = platform(spec, environment, releases)
    assert not found.problems, in_order(found.problems)
    return engine.place(found, found.projects["demo"], found.environments["dev"])


def built(spec: str, environment: str = "", releases: str = "") -> dict[str, Any]:
    """The objects by `Kind/name`. Fails where anything is wrong."""
    result = place(spec, environment, releases)
    assert result.problems == []
    return {f"{manifest.ref.kind}/{manifest.ref.name}": manifest.body for manifest in result.manifests}


PRACTICE = frozenset(rule.id for rule in practice.RULES)


def refused(spec: str, environment: str = "", releases: str = "") -> list[Problem]:
    """Everything wrong but for what is merely no good practice."""
    return [problem for problem in problems(spec, environment, releases) if problem.rule not in PRACTICE]


def problems(spec: str, environment: str = "", releases: str = "") -> list[Problem]:
    """Everything wrong, as `mlgen validate` finds it."""
    return in_order(engine.check(platform(spec, environment, releases), ["demo"]))
