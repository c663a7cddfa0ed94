"""Law 7: every key that people write has an effect, or mlgen says that it has none."""

import copy
import sys
from collections.abc import Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT

from mlgen import disk, document, emit, engine
from mlgen.node import Path as Pointer
from mlgen.platform import load

MANY = 40  # of the keys or values of a case; make proof tries all
Documents = Mapping[str, Any]
Outcome = tuple[list[tuple[str, str]], dict[str, dict[str, str]]]
# Of the case of many platforms, the projects are the reference's, and platforms_case_test shows what the one key of its
# environments does: to build all of it anew for each key takes minutes.
ROOTS = [
    ROOT,
    *sorted(path.parent for path in ROOT.glob("tests/cases/*/environments") if path.parent.name != "platforms"),
]
# What renders nothing by itself, and why it is there all the same. Tests below show what each does.
SILENT: Mapping[str, str] = {
    "description": "for people",
    "metadata.creationTimestamp": "null, which kubeseal writes",
    "spec.template.metadata.creationTimestamp": "null, which kubeseal writes into what it seals",
    "kubernetes": "the version that objects are checked against",
    "defaultsVersion": "there is one version so far",
    "secrets.from": "there is one source so far",
    "cluster": "which environments can get in each other's way",
    "protected": "what may run, not how",
    "gpus.*.total": "how many may be asked for at once",
    "defaults.serving.replicas.min": "for projects that do not say it themselves",
}
# What a repository's own kinds and resources have to be: these say something of what is wrong alone.
CONTRACTS = ("schemas/*", "kinds/*/schema.json", "kinds/*/cases/*")


@cache
def written(root: Path) -> Documents:
    """Every document of a platform, by its path."""
    files = disk.read_inputs(root)[0]
    return {path: document.parse(data, file=path).documents[0].plain() for path, data in files.items()}


def said(documents: Documents) -> list[tuple[str, str]]:
    return outcome(documents)[0]


def outcome(documents: Documents) -> Outcome:
    """All that mlgen says, and all that it renders; where components are laid over that, what comes of them, too."""
    platform = load({path: emit.dump(found).encode() for path, found in documents.items()})
    rendered = engine.render(platform, platform.projects)
    problems = sorted((problem.rule, problem.message) for problem in rendered.problems)
    files = {name: dict(files) for name, files in rendered.files.items()}
    for project in platform.projects if any(path.startswith("components/") for path in documents) else ():
        for place in engine.places(platform, project):
            files[f"{project} in {place.environment['name'].value}"] = {
                str(one.ref): emit.dump(one.body) for one in place.manifests
            }
    return problems, files


def leaves(value: Any, path: Pointer = ()) -> list[Pointer]:
    if isinstance(value, dict) and value:
        return [leaf for key, item in value.items() for leaf in leaves(item, (*path, key))]
    if isinstance(value, list) and value:
        return [leaf for index, item in enumerate(value) for leaf in leaves(item, (*path, index))]
    return [path]


def at(value: Any, path: Pointer) -> Any:
    for key in path:
        value = value[key]
    return value


def edited(documents: Documents, file: str, path: Pointer, *value: Any) -> Documents:
    """All documents, with ``value`` at ``path`` of one of them, or with nothing there."""
    changed = copy.deepcopy(documents[file])
    parent = at(changed, path[:-1])
    if value:
        parent[path[-1]] = value[0]
    else:
        del parent[path[-1]]
    return {**documents, file: changed}


def others(value: Any) -> list[Any]:
    """Values that may well be allowed where ``value`` is, the nearest first."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value + 1, value - 1]
    text = str(value)
    digits = [text.replace(old, new) for old, new in ("19", "21", "87", "34", "06") if old in text]
    return [*digits, f"{text}x", f"{text}.x", "baseline", "read", "write"]


def has_an_effect(documents: Documents, before: Outcome, file: str, path: Pointer) -> bool:
    """Whether a key's removal changes what was ``before``; where it says a default, whether another value does."""
    if outcome(edited(documents, file, path)) != before:
        return True
    values = others(at(documents[file], path))
    allowed = (now for now in (outcome(edited(documents, file, path, one)) for one in values) if now[0] == before[0])
    return any(now != before for now in allowed)


roots = pytest.mark.parametrize("root", ROOTS, ids=[root.name for root in ROOTS])


@roots
def test_every_key_has_an_effect(root: Path) -> None:
    """Nothing is ignored: every key the user wrote has an effect or is an error. Of each case some keys, of this
    repository all."""
    no_key_is_idle(root, sys.maxsize if root == ROOT else MANY)


@pytest.mark.proof
@roots
def test_really_every_key_has_an_effect(root: Path) -> None:
    """Whichever key of a case."""
    no_key_is_idle(root, sys.maxsize)


def no_key_is_idle(root: Path, most: int) -> None:
    documents = written(root)
    asked = {file: found for file, found in documents.items() if not any(fnmatch(file, one) for one in CONTRACTS)}
    every = [(file, path) for file, found in asked.items() for path in leaves(found)]
    some = every[:: -(-len(every) // most)]
    before = outcome(documents)
    idle = [(file, ".".join(map(str, path))) for file, path in some if not has_an_effect(documents, before, file, path)]
    unexplained = [(file, key) for file, key in idle if not any(fnmatch(key, silent) for silent in SILENT)]
    assert not unexplained, "these keys change nothing, and nobody says so"


DEV, PROD, STAGING = (f"environments/{name}.yaml" for name in ("dev", "prod", "staging"))
CHURN, PINS = "projects/churn/mlgen.yaml", "projects/churn/releases.yaml"


def test_a_cluster_keeps_environments_apart() -> None:
    """`cluster` renders nothing: it tells which environments must not write the same object."""
    alike = edited(written(ROOT), STAGING, ("namespace",), "ml-{{ project.name }}")
    alike = edited(alike, PROD, ("namespace",), "ml-{{ project.name }}")
    assert "cluster-collision" in {rule for rule, _ in said(alike)}
    assert said(edited(alike, PROD, ("cluster",), "aks-west-2")) == []


def test_protection_asks_for_digests() -> None:
    """`protected` renders nothing: it refuses what could be another image tomorrow."""
    loose = edited(written(ROOT), PINS, ("environments", "prod", "images", "churn"), "1.4.2")
    assert {rule for rule, _ in said(loose)} == {"unpinned-image"}
    assert said(edited(loose, PROD, ("protected",))) == []


def test_a_total_of_gpus_is_a_limit() -> None:
    """`total` renders nothing: it refuses what would wait for ever."""
    few = edited(written(ROOT), "environments/base.yaml", ("gpus",), {"t4": {"resource": "nvidia.com/gpu", "total": 1}})
    asking = edited(few, CHURN, ("workloads", "lab", "resources", "gpu"), {"t4": 1})
    assert {rule for rule, _ in said(asking)} == {"too-many-gpus"}, "two people, one GPU"
    assert said(edited(asking, "environments/base.yaml", ("gpus", "t4", "total"))) == []


def test_an_environments_defaults_are_for_those_who_do_not_say() -> None:
    """`defaults` renders nothing for a project that says it itself."""
    silent = edited(written(ROOT), CHURN, ("workloads", "serve", "replicas"))
    silent = edited(silent, CHURN, ("environments", "prod"), {})
    silent = edited(silent, CHURN, ("environments", "dev", "workloads", "serve"))
    assert outcome(silent) != outcome(edited(silent, PROD, ("defaults",)))


def test_there_is_one_source_of_secrets_and_one_version_of_the_defaults() -> None:
    """Keys that can only have one value so far say so."""
    for path in (("secrets", "from"), ("defaultsVersion",)):
        assert said(edited(written(ROOT), "environments/base.yaml", path, 2))
