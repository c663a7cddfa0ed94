"""Law 1: what a real Kustomize builds from the overlays is what mlgen builds directly."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import given, reject, seed, settings
from tests.conftest import ROOT, Build
from tests.platforms import (
    DATA_DRAWERS,
    DRIVER_DRAWERS,
    EXPOSURE_DRAWERS,
    KIND_DRAWERS,
    PROVIDER_DRAWERS,
    SERVER_DRAWERS,
    Tree,
    files,
    platforms,
)

from mlgen import disk, engine, manifest, secrets
from mlgen.exposure import EXPOSURES
from mlgen.kinds import KINDS
from mlgen.manifest import Ref
from mlgen.patch import same
from mlgen.platform import BASE, Platform, load
from mlgen.pod import named_in
from mlgen.problem import MlgenError, errors
from mlgen.secrets import PROVIDERS
from mlgen.servers import SERVERS
from mlgen.site import Workload
from mlgen.storage import DATA, blob
from mlgen.storage import files as shares
from mlgen.trace import said

Objects = Mapping[Ref, dict[str, Any]]
SERIES = 20


class Overlay(NamedTuple):
    """One folder that Kustomize builds, and what it should build there."""

    path: str
    objects: Objects
    files: Mapping[str, str]


def overlays(platform: Platform) -> list[Overlay]:
    """Every overlay of ``platform``, base included, with the objects that mlgen builds directly."""
    rendered = engine.render(platform, platform.projects)
    if found := errors(rendered.problems):
        raise MlgenError(*found)
    return [
        Overlay(f"{project}/{folder}", objects, below(rendered.files[project], folder))
        for project in platform.projects
        for folder, objects in direct(platform, project)
        if below(rendered.files[project], folder)
    ]


def direct(platform: Platform, project: str) -> Iterator[tuple[str, Objects]]:
    """What ``mlgen build`` prints, and of base what environments can share."""
    for place in engine.places(platform, project):
        yield str(place.environment["name"].value), {one.ref: one.body for one in place.manifests}
    base = platform.environments.get(BASE)
    if base is not None:
        place = engine.place(platform._replace(releases={}), platform.projects[project], base)
        yield BASE, {one.ref: one.body for one in place.manifests if one.shared}


def entries(platform: Platform) -> set[str]:
    """The entries of mlgen's registries that build something of a platform."""
    places = [place for project in platform.projects for place in engine.places(platform, project)]
    return {entry for place in places for workload in place.resolved.workloads for entry in used(workload)}


def used(workload: Workload) -> Iterator[str]:
    offer = workload.site.offer
    yield f"{workload.kind} on {said(offer['platform'][workload.kind])}"
    for name in named_in(workload, "data"):
        kind = next(key for key in DATA if key in workload.data[said(name)])
        driver = offer.find("storage", kind, "driver")
        yield f"data: {kind}"
        yield f"driver: {said(driver) if driver is not None else None}"
    yield f"server: {said(workload.spec['server']) if 'server' in workload.spec else None}"
    yield from (f"way in: {way}" for way in EXPOSURES if "host" in workload.spec and way in offer["network"])
    yield from (f"secrets: {said(offer['secrets']['from'])}" for _ in secrets.used(workload))


REGISTERED = {
    *(f"{kind} on {backend}" for kind, backends in KINDS.items() for backend in backends),
    *(f"data: {kind}" for kind in DATA),
    *(f"driver: {driver}" for driver in (*blob.DRIVERS, *shares.DRIVERS)),
    *(f"server: {server}" for server in SERVERS),
    *(f"way in: {way}" for way in EXPOSURES),
    *(f"secrets: {provider}" for provider in PROVIDERS),
}


def below(tree: Mapping[str, str], folder: str) -> dict[str, str]:
    return {path.removeprefix(f"{folder}/"): text for path, text in tree.items() if path.startswith(f"{folder}/")}


def written(root: Path, found: Iterable[Overlay]) -> None:
    for overlay in found:
        for path, text in overlay.files.items():
            target = root / overlay.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8", newline="")


def agrees(kustomize: Build, folder: Path, wanted: Objects) -> None:
    """Object for object and type for type; the failure names the first that differs."""
    built = {manifest.ref(body): body for body in kustomize(folder)}
    assert sorted(built) == sorted(wanted)
    for ref, body in wanted.items():
        assert same(built[ref], body), f"{ref}: Kustomize built\n{built[ref]}\nand mlgen\n{body}"


def umbrellas(found: Sequence[Overlay]) -> list[list[Overlay]]:
    """As few groups as can be in which no object stands twice: Kustomize builds each group in one go."""
    groups: list[list[Overlay]] = []
    for overlay in found:
        for group in groups:
            if not any(overlay.objects.keys() & other.objects.keys() for other in group):
                group.append(overlay)
                break
        else:
            groups.append([overlay])
    return groups


def under_one_umbrella(kustomize: Build, root: Path, group: Sequence[Overlay]) -> None:
    """A process costs more than a build. Whatever one overlay has too much, lacks or changes shows in their sum."""
    top = root / group[0].path.replace("/", "-")
    top.mkdir()
    listed = "".join(f"- ../{overlay.path}\n" for overlay in group)
    (top / "kustomization.yaml").write_text(f"resources:\n{listed}", encoding="utf-8")
    agrees(kustomize, top, {ref: body for overlay in group for ref, body in overlay.objects.items()})


def features(found: Sequence[Overlay]) -> Iterator[str]:
    """What a platform has in it that an overlay has to say in a way of its own."""
    of_base = {overlay.path.split("/")[0]: overlay.objects for overlay in found if overlay.path.endswith(f"/{BASE}")}
    for overlay in found:
        if not overlay.path.endswith(f"/{BASE}"):
            yield from features_of(overlay, of_base.get(overlay.path.split("/")[0], {}))


def features_of(overlay: Overlay, base: Objects) -> Iterator[str]:
    text = overlay.files["kustomization.yaml"]
    kept = {ref[:2] + ref[3:] for ref in base} & {ref[:2] + ref[3:] for ref in overlay.objects}
    yield from ["nothing at all"] * (not overlay.objects)
    yield from ["alone without base"] * (bool(overlay.objects) and "../base" not in text)
    yield from ["changed namespace"] * any("path: /metadata/namespace" in patch for patch in overlay.files.values())
    yield from ["untouched"] * (len(kept) - sum(path.startswith("patches/") for path in overlay.files))
    for ref in overlay.objects:
        yield "only here" if ref[:2] + ref[3:] not in kept else "shared"
    for path, patch in overlay.files.items():
        if path.startswith("patches/"):
            yield "taken away" if "$patch" in patch else "patched"


def hatches(platform: Platform) -> Iterator[str]:
    """What a project says that mlgen has no word for, and runs that somebody asks for."""
    for name, project in platform.projects.items():
        yield from ["whole objects"] * ("manifests" in project)
        yield from ["patches"] * sum("patches" in one for one in project["workloads"].entries.values())
        releases = platform.releases.get(name)
        pins = releases["environments"].entries.values() if releases is not None else ()
        yield from ["requested runs"] * sum("runs" in one for one in pins)


def law(kustomize: Build, platform: Platform, seen: Counter[str]) -> None:
    """One platform, its overlays built in as few calls as can be, two at a time."""
    try:
        found = overlays(platform)
    except MlgenError:  # what mlgen refuses, nobody applies
        reject()
    seen.update(["platforms", *features(found), *hatches(platform)])
    with TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        written(Path(folder), found)
        for done in [pool.submit(under_one_umbrella, kustomize, Path(folder), group) for group in umbrellas(found)]:
            done.result()


def checked(kustomize: Build, count: int) -> Counter[str]:
    """The law on ``count`` platforms, in short series; how often each feature was among them."""
    seen: Counter[str] = Counter()

    def one(tree: Tree) -> None:
        seen["drawn"] += 1
        law(kustomize, load(files(tree)), seen)

    for number in range(count // SERIES):
        in_series(number, one)
    return seen


def in_series(number: int, one: Callable[[Tree], None]) -> None:
    """Run ``one`` on a few platforms. What Hypothesis draws in one long series has too much in common."""
    seed(number)(settings(max_examples=SERIES, print_blob=True)(given(platforms())(one)))()


FEATURES = (
    "shared",
    "only here",
    "patched",
    "taken away",
    "changed namespace",
    "alone without base",
    "untouched",
    "nothing at all",
    "patches",
    "whole objects",
    "requested runs",
)


def assert_telling(seen: Counter[str], count: int) -> None:
    """The sample had enough of everything for the law to mean something."""
    assert seen["platforms"] >= count
    assert seen["drawn"] <= 1.5 * seen["platforms"], "too many platforms are refused"
    assert not [feature for feature in FEATURES if seen[feature] < count // 50], seen


def test_kustomize_builds_what_mlgen_builds(kustomize: Build) -> None:
    """Kustomize agrees: `kustomize build overlays/<project>/<env>` equals, object for object, what mlgen builds."""
    assert_telling(checked(kustomize, 100), 100)


def test_kustomize_builds_whatever_is_registered(kustomize: Build) -> None:
    """A platform for each kind on each back-end, each driver, server, provider and way in, found by drawing."""
    missing = set(REGISTERED)

    def one(tree: Tree) -> None:
        for platform in map(load, [files(tree), files(elsewhere(tree, missing))] if missing else ()):
            if not errors(platform.problems) and not missing.isdisjoint(entries(platform)):
                law(kustomize, platform, Counter())
                missing.difference_update(entries(platform))

    for number in range(60):  # it ends with the last that is found
        if missing:
            in_series(number, one)
    assert not missing, "no platform was drawn that uses these"


def elsewhere(tree: Tree, missing: Collection[str]) -> Tree:
    """The same platform, each kind on a back-end that is ``missing``: some are rarely drawn, and most often unfit."""
    on = dict(one.split(" on ") for one in sorted(missing) if " on " in one)
    moved = dict(tree)
    for path, document in tree.items():
        if path.startswith("environments/"):
            platform = document.get("platform", {})
            own = {"profile": platform} if isinstance(platform, str) else platform
            moved[path] = {**document, "platform": {**own, **on}}
    return moved


@pytest.mark.proof(count=2000)
def test_kustomize_builds_what_mlgen_builds_at_length(kustomize: Build) -> None:
    """The same on 2,000 platforms."""
    assert_telling(checked(kustomize, 2000), 2000)


@cache
def own() -> Platform:
    """This repository's platform."""
    platform = load(disk.read_inputs(ROOT)[0])
    assert not errors(engine.check(platform, platform.projects))
    return platform


def test_kustomize_builds_this_repository(kustomize: Build, tmp_path: Path) -> None:
    """Overlay by overlay, as Argo CD and Flux build them: what is rendered of our own specs."""
    found = overlays(own())
    written(tmp_path, found)
    assert {overlay.path for overlay in found} >= {"churn/dev", "churn/staging", "churn/prod", "hello/base"}
    for overlay in found:
        agrees(kustomize, tmp_path / overlay.path, overlay.objects)


def test_kustomize_builds_what_is_committed(kustomize: Build) -> None:
    """The overlays in this repository are those of its specs."""
    for overlay in overlays(own()):
        agrees(kustomize, ROOT / "overlays" / overlay.path, overlay.objects)


@pytest.mark.parametrize(
    ("what", "registered", "drawn"),
    [
        ("kinds", KINDS, KIND_DRAWERS),
        ("data", DATA, DATA_DRAWERS),
        ("storage drivers", {**blob.DRIVERS, **shares.DRIVERS}, DRIVER_DRAWERS),
        ("sources of secrets", PROVIDERS, PROVIDER_DRAWERS),
        ("servers", SERVERS, SERVER_DRAWERS),
        ("ways in", EXPOSURES, EXPOSURE_DRAWERS),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_all_that_is_registered_is_drawn(what: str, registered: Mapping[str, Any], drawn: Mapping[str, Any]) -> None:
    assert set(drawn) == set(registered), f"tests/platforms.py draws other {what} than mlgen has"
