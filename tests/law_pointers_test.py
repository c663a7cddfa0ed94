"""Pointers hold, for every kind of run and both engines: what they point at is there, and no run is waited for.

Upstream's CRDs are the oracle of what an engine takes.
"""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.conftest import ROOT, Build
from tests.custom_test import accepted

from mlgen import disk, engine, layout
from mlgen.disk import exchange
from mlgen.engine import Rendered
from mlgen.kinds import KINDS
from mlgen.manifest import Manifest
from mlgen.meeting import Place
from mlgen.node import Json
from mlgen.ownership import plan
from mlgen.platform import BASE, Platform, load
from mlgen.pointers import ENGINES
from mlgen.pointers.flux import waits_for
from mlgen.problem import errors

ROOTS = [ROOT, *sorted(path.parent for path in ROOT.glob("tests/cases/*/environments"))]
IDS = [root.name if root != ROOT else "this-repository" for root in ROOTS]
WAVE = "argocd.argoproj.io/sync-wave"
every = pytest.mark.parametrize("root", ROOTS, ids=IDS)
both = pytest.mark.parametrize("name", ENGINES)


class Pointed(NamedTuple):
    """A platform all of whose environments are delivered by one engine."""

    platform: Platform
    places: list[Place]
    rendered: Rendered


@cache
def inputs(root: Path) -> Mapping[str, bytes]:
    return disk.read_inputs(root)[0]


@cache
def pointed(root: Path, name: str | None) -> Pointed:
    """The platform at ``root``, delivered by the engine ``name``; by none for None."""
    files = {}
    for path, data in inputs(root).items():
        kept = re.sub(rb"^gitops:.*\n(?: .*\n)*", b"", data, flags=re.MULTILINE)
        other = path.startswith("environments/") and path != f"environments/{BASE}.yaml" and name is not None
        gitops = f'\ngitops: {{engine: {name}, repository: "https://git.example.com/acme/ml.git"}}\n'
        files[path] = kept + (gitops.encode() if other else b"")
    platform = load(files)
    places = [place for project in platform.projects for place in engine.places(platform, project)]
    return Pointed(platform, places, engine.render(platform, platform.projects))


def at(body: Any, *path: str) -> Any:
    for key in path:
        body = body[key]
    return body


@every
@both
def test_nothing_is_wrong_with_them(root: Path, name: str) -> None:
    found = {problem.rule for problem in errors(pointed(root, name).rendered.problems)}
    assert found <= ({"nobody-decrypts"} if name == "argocd" else set()), "of what SOPS encrypted, Flux alone is told"


@every
@both
def test_upstream_takes_them(root: Path, name: str, shared: Path) -> None:
    """Every pointer object is valid against the upstream Argo CD and Flux CRDs."""
    seen = [
        (pointer.ref, accepted(dict(pointer.body)))
        for place in pointed(root, name).places
        for pointer in place.pointers
    ]
    assert seen
    assert [ref for ref, taken in seen if not taken] == []


@every
@both
def test_a_run_does_not_start_again_because_of_them(root: Path, name: str) -> None:
    assert pointed(root, name).rendered.runs == pointed(root, None).rendered.runs


def paths(pointers: list[Manifest]) -> Iterator[str]:
    for pointer in pointers:
        if pointer.ref.kind == "Application":
            yield at(pointer.body, "spec", "source", "path")
        elif pointer.ref.kind == "Kustomization":
            yield at(pointer.body, "spec", "path").removeprefix("./")


@every
@both
@pytest.mark.parametrize("form", layout.LAYOUTS)
def test_they_point_at_a_folder_that_is_published(root: Path, name: str, form: str) -> None:
    """And the file that has them lies where the engine's root looks for it, in each layout."""
    found = pointed(root, name)
    folders = layout.folders(found.rendered, form)
    for place in found.places:
        environment = str(place.environment["name"].value)
        folder = f"{environment}/{place.project}" if form == "hydrated" else f"overlays/{place.project}/{environment}"
        pointer = folders[folder][f"../../clusters/{environment}/{place.project}.yaml"]
        assert f"path: {folder}\n" in pointer or f'path: "./{folder}"\n' in pointer
        inside = {path for path in folders[folder] if not path.startswith("../")}
        assert ("kustomization.yaml" in inside) == (form == "overlays")
        assert len(inside) > 1


@every
@both
def test_each_points_at_its_own_overlay(root: Path, name: str) -> None:
    for place in pointed(root, name).places:
        assert list(paths(place.pointers)) == [f"overlays/{place.project}/{place.environment['name'].value}"]


def test_every_kind_of_run_is_among_these() -> None:
    """For each kind of run the rendered pointers hold for both engines."""
    seen = {
        one.ref.kind for root in ROOTS for place in pointed(root, "flux").places for one in place.manifests if one.run
    }
    assert seen >= {"Job", "TFJob", "PyTorchJob", "SparkApplication"}, sorted(KINDS)


@every
def test_argo_cd_waits_for_no_run(root: Path) -> None:
    """All that has to be healthy before a sync is done is in an earlier wave than the last, where every run is.

    And of that only what is out of sync: a store that cannot be reached holds up no change of anything else.
    """
    for place in pointed(root, "argocd").places:
        [options] = [
            at(one.body, "spec", "syncPolicy", "syncOptions") for one in place.pointers if one.ref.kind != "AppProject"
        ]
        assert "ApplyOutOfSyncOnly=true" in options
        waves = {one.ref: int(at(one.body, "metadata").get("annotations", {}).get(WAVE, 0)) for one in place.manifests}
        last = max(waves.values())
        assert {waves[one.ref] for one in place.manifests if one.run} <= {last}
        early = {ref.kind for ref, wave in waves.items() if wave < last}
        assert early <= {
            "Namespace",
            "ExternalSecret",
            "SealedSecret",
            "SecretProviderClass",
            "SecretStore",
            "ServiceAccount",
        }


@every
def test_flux_waits_for_no_run(root: Path) -> None:
    for place in pointed(root, "flux").places:
        (spec,) = (at(one.body, "spec") for one in place.pointers if one.ref.kind == "Kustomization")
        named = [(one["kind"], one["name"]) for one in spec.get("healthChecks", [])]
        assert spec["wait"] is False
        assert not {(one.ref.kind, one.ref.name) for one in place.manifests if one.run} & set(named)
        assert named == [stands_for(one) for one in place.manifests if waits_for(one)]


def stands_for(one: Manifest) -> tuple[str, str]:
    """What is asked about: of an InferenceService the Deployment that it makes."""
    made = one.ref.kind == "InferenceService"
    return ("Deployment", f"{one.ref.name}-predictor") if made else (one.ref.kind, one.ref.name)


def listed(entries: list[dict[str, Json]], one: Manifest) -> bool:
    """Whether Argo CD's AppProject lists it: group and kind, and the name as Go's filepath.Match has it."""
    return any(
        (entry["group"], entry["kind"]) == one.ref[:2] and fnmatchcase(one.ref.name, str(entry.get("name", "*")))
        for entry in entries
    )


@every
def test_an_app_project_permits_exactly_what_is_rendered(root: Path) -> None:
    """Every object; and of the cluster's own, nothing that is another project's where the namespace is its own."""
    places = pointed(root, "argocd").places
    for place in places:
        spec = at(place.pointers[0].body, "spec")
        namespaces = {one["namespace"] for one in spec["destinations"]}
        for one in place.manifests:
            if one.ref.namespace:
                assert one.ref.namespace in namespaces
                assert not listed(spec.get("namespaceResourceBlacklist", []), one)
            else:
                assert listed(spec["clusterResourceWhitelist"], one), one.ref
        for other in places:
            strangers = [one for one in other.manifests if not one.ref.namespace and other is not place]
            if place.resolved.site.owned and other.resolved.site.owned:
                assert not [one.ref for one in strangers if listed(spec["clusterResourceWhitelist"], one)]


@every
@both
def test_kubectl_reads_them_as_they_were_built(root: Path, name: str, tmp_path: Path, kustomize: Build) -> None:
    """What lies on disk, in overlays/clusters/<environment>, found by pattern."""
    found = pointed(root, name)
    exchange.write(
        tmp_path,
        {project: plan(files, {}, where=f"overlays/{project}") for project, files in found.rendered.files.items()},
    )
    for environment in sorted({str(place.environment["name"].value) for place in found.places}):
        folder = tmp_path / "overlays/clusters" / environment
        here = [place for place in found.places if place.environment["name"].value == environment]
        assert sorted(path.name for path in folder.iterdir()) == sorted(f"{place.project}.yaml" for place in here)
        names = "".join(f"- {place.project}.yaml\n" for place in here)
        (folder / "kustomization.yaml").write_text(f"resources:\n{names}", "utf-8")
        built = [dict(pointer.body) for place in here for pointer in place.pointers]
        assert sorted(map(canonical, kustomize(folder))) == sorted(map(canonical, built))


def canonical(body: Any) -> str:
    return json.dumps(body, sort_keys=True)
