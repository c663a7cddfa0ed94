"""Law 6 in the gate: what is wrong in a built object is reported at the line of a user's that put it there."""

import copy
import random
from typing import Any

import pytest
from tests.conftest import PROOF
from tests.law_origins_test import own

from mlgen import engine, judged
from mlgen.manifest import Manifest
from mlgen.node import Path as Pointer
from mlgen.platform import load

# Nobody knows what an object without its kind is; everything else of it can be wrong by itself.
KINDS = ("apiVersion", "kind")
BROKEN: Any = [[]]  # of no field's type


def spoiled(manifest: Manifest, path: Pointer) -> Manifest:
    """``manifest`` with something impossible at ``path``."""
    body: Any = copy.deepcopy(manifest.body)
    holder = body
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = BROKEN
    return manifest._replace(body=body)


def users(manifest: Manifest) -> list[Pointer]:
    """The leaves that a line of a user's put there."""
    return [
        path
        for path, nodes in manifest.origins.items()
        if path[0] not in KINDS and not nodes[0].span.file.startswith("schemas/")
    ]


@pytest.mark.parametrize("project", sorted(load(own()).projects))
def test_every_object_broken_anywhere_is_reported_where_it_was_made(project: str) -> None:
    """One random leaf of each object of the reference platform; every leaf in a proof run."""
    platform, drawn, broken = load(own()), random.Random(project), 0
    for place in engine.places(platform, project):
        setting = judged.setting(platform, place.resolved.site)
        for number, manifest in enumerate(place.manifests):
            leaves = users(manifest)
            for path in leaves if PROOF else drawn.sample(leaves, min(2, len(leaves))):
                changed = [*place.manifests]
                changed[number] = spoiled(manifest, path)
                found = [problem for _, problem in judged.judge(changed, place.resolved.site, setting)]
                caused = {node.span for node in manifest.origins[path]}
                told = [problem for problem in found if problem.severity == "error" and problem.span in caused]
                assert told, f"{manifest.ref} {path}: {found}"
                broken += 1
    assert broken > 10


PATCH = "    patches: [{kind: NetworkPolicy, metadata: {labels: {team: [x]}}}]\n"


def test_a_problem_in_several_environments_is_told_once_and_names_them() -> None:
    """One line is wrong in two of three environments, in two objects of each; another one in one environment."""
    text = own()["projects/churn/mlgen.yaml"].decode()
    twice = text.replace("    kind: tensorflow\n", "    kind: tensorflow\n" + PATCH)
    assert _objects(twice) == ["NetworkPolicy/train and NetworkPolicy/train-tensorboard in `dev` and `prod`"]
    once = text.replace("    kind: notebook\n", "    kind: notebook\n" + PATCH)
    assert _objects(once) == ["NetworkPolicy/lab in `dev`"]


def _objects(text: str) -> list[str]:
    """What the messages about the schema begin with, and where: one line of the project."""
    found = engine.check(load({**own(), "projects/churn/mlgen.yaml": text.encode()}), ["churn"])
    told = [problem for problem in found if problem.rule == "kubernetes-wrong-type"]
    assert {text.splitlines()[problem.span.line - 1] + "\n" for problem in told} == {PATCH}
    return [problem.message.partition(": ")[0] for problem in told]
