"""A Platform -> its problems, its manifests and its overlays: the program, as pure functions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import checks, extra, gate, kustomize, lock, sealed
from mlgen.build import build
from mlgen.gathered import Setting
from mlgen.manifest import Manifest, Ref
from mlgen.node import Node
from mlgen.platform import BASE, Platform, unknown_environments
from mlgen.problem import Problem, Span, errors
from mlgen.resolve import resolve
from mlgen.site import Resolved
from mlgen.together import together
from mlgen.trace import said, span_of


class Place(NamedTuple):
    """A project as it stands in one environment, with all that is wrong there."""

    project: str
    environment: Node
    resolved: Resolved
    manifests: list[Manifest]
    problems: list[Problem]


class Rendered(NamedTuple):
    """By project, the text of every file below overlays/<project>; by environment, its runs and its finished objects.

    Where there are errors, the files are those that could be made: nobody may write them.
    """

    files: Mapping[str, Mapping[str, str]]
    runs: Mapping[str, Mapping[str, list[Ref]]]
    problems: list[Problem]
    objects: Mapping[str, Mapping[str, list[Manifest]]]


def check(platform: Platform, projects: Iterable[str]) -> list[Problem]:
    """Everything wrong with the platform's own files, with ``projects`` and with what they build."""
    problems = [*platform.problems, *_of_environments(platform)]
    everywhere: list[Place] = []
    for name in projects:
        found = list(places(platform, name))
        problems += _of_project(platform, name, found)
        everywhere += found
    return [*problems, *_collisions(everywhere)]


def render(platform: Platform, projects: Iterable[str]) -> Rendered:
    """The overlays of ``projects``, and everything ``check`` finds."""
    problems = [*platform.problems, *_of_environments(platform)]
    everywhere: list[Place] = []
    files: dict[str, Mapping[str, str]] = {}
    runs: dict[str, Mapping[str, list[Ref]]] = {}
    objects: dict[str, Mapping[str, list[Manifest]]] = {}
    for name in projects:
        found = list(places(platform, name))
        problems += _of_project(platform, name, found)
        everywhere += found
        runs[name] = {said(one.environment["name"]): _runs(one) for one in found}
        objects[name] = {said(one.environment["name"]): one.manifests for one in found}
        files[name] = _overlays(platform.projects[name], _base(platform, name), found)
    return Rendered(files, runs, [*problems, *_collisions(everywhere)], objects)


def places(platform: Platform, name: str) -> Iterator[Place]:
    """The project ``name`` in each environment that it lists and that the platform has.

    In none if its releases are wrong: what they pin would seem unpinned.
    """
    project = platform.projects[name]
    if name not in platform.releases and f"projects/{name}/releases.yaml" in platform.sources:
        return
    for environment in project["environments"].entries:
        whole = platform.environments.get(environment) if environment != BASE else None
        if whole is not None:
            yield place(platform, project, whole)


def place(platform: Platform, project: Node, environment: Node) -> Place:
    """One project in one environment: resolved, checked, built, and checked again."""
    releases = platform.releases.get(said(project["name"]))
    release = releases.find("environments", said(environment["name"])) if releases is not None else None
    files = sealed.here(platform, project, said(environment["name"]))
    resolved, problems = resolve(project, environment, release, files)
    sound = []
    for workload in resolved.workloads:
        found = list(checks.of_workload(workload))
        problems += found
        if not errors(found):
            sound.append(workload)
    problems += checks.of_workloads(sound)
    manifests, unbuilt = build(resolved, sound, platform.manifests)
    problems += unbuilt
    # What has not the shape of its kind, as a patch may make it, is asked nothing further.
    judged = list(_judged(manifests, environment))
    problems += [problem for _, problem in judged]
    broken = {manifest.ref for manifest, problem in judged if problem.severity == "error"}
    problems += checks.of_objects([one for one in manifests if one.ref not in broken], resolved.site)
    return Place(said(project["name"]), environment, resolved, manifests, problems)


def one(platform: Platform, name: str, environment: str) -> Place:
    """The project ``name`` in ``environment``, which it lists, with all that keeps others from using what it builds."""
    found = place(platform, platform.projects[name], platform.environments[environment])
    documents = [*platform.problems, *_of_environments(platform), *_of_documents(platform, name)]
    return found._replace(problems=[*documents, *found.problems])


def _base(platform: Platform, name: str) -> list[Manifest]:
    """What the project builds on base alone. What cannot be built there is absent: each environment says why."""
    environment = platform.environments.get(BASE)
    return (
        place(platform._replace(releases={}), platform.projects[name], environment).manifests
        if environment is not None
        else []
    )


def _overlays(project: Node, base: list[Manifest], found: Iterable[Place]) -> dict[str, str]:
    """Every file below the project's folder, each folder's lock included."""
    file = project.span.file
    source = file if file.startswith("projects/") else "mlgen.yaml"
    folders: dict[str, tuple[kustomize.Files, list[str]]] = {BASE: (kustomize.base(base, source), [])}
    for one in found:
        runs = [f"{run.kind}/{run.name}" for run in _runs(one)]
        folders[said(one.environment["name"])] = kustomize.overlay(base, one.manifests, source), runs
    return {
        f"{folder}/{path}": text
        for folder, (files, runs) in folders.items()
        if files
        for path, text in {**files, lock.NAME: lock.dump(files, runs)}.items()
    }


def _runs(one: Place) -> list[Ref]:
    return [manifest.ref for manifest in one.manifests if manifest.run]


def _of_environments(platform: Platform) -> Iterator[Problem]:
    """What is wrong with the environments, whatever runs there."""
    for environment in platform.environments.values():
        yield from checks.of_environment(environment)


def _of_project(platform: Platform, name: str, found: Iterable[Place]) -> Iterator[Problem]:
    """What is wrong with a project and its releases, by themselves and in each environment."""
    project = platform.projects[name]
    yield from _of_documents(platform, name)
    yield from together({said(one.environment["name"]): one.problems for one in found})
    if not any(errors(one.problems) for one in found):
        yield from sealed.unused(platform, project, [manifest for one in found for manifest in one.manifests])


def _of_documents(platform: Platform, name: str) -> Iterator[Problem]:
    """What is wrong with what a project says, whatever it builds."""
    project = platform.projects[name]
    yield from checks.of_project(project)
    yield from checks.of_releases(project, platform.releases.get(name))
    yield from unknown_environments(platform, project)
    yield from extra.unused(project, platform.manifests)


def _judged(manifests: Sequence[Manifest], environment: Node) -> Iterator[tuple[Manifest, Problem]]:
    """What the gate of the environment has against objects, at the places that caused it."""
    setting = Setting(said(environment["kubernetes"]), environment)
    for subject, fault, others in gate.check([manifest.body for manifest in manifests], setting):
        manifest = manifests[subject]
        message = f"{manifest.ref.kind}/{manifest.ref.name}: {fault.message}"
        related = tuple((span_of(manifests[number].origins, path), label) for number, path, label in others)
        place = span_of(manifest.origins, fault.path)
        yield manifest, Problem(fault.rule, place, message, fault.help, fault.severity, related)


def _collisions(everywhere: Iterable[Place]) -> Iterator[Problem]:
    """Objects that two projects or environments would both write into one cluster: of two places, the first such."""
    taken: dict[tuple[str, Ref], tuple[Place, Span]] = {}
    told: set[tuple[int, int]] = set()
    for one in everywhere:
        cluster = said(one.environment.get("cluster") or one.environment["name"])
        for manifest in one.manifests:
            span = span_of(manifest.origins, ("metadata", "name"))
            other, there = taken.setdefault((cluster, manifest.ref), (one, span))
            if other is not one and (id(other), id(one)) not in told:
                told.add((id(other), id(one)))
                thing = f"{manifest.ref.kind}/{manifest.ref.name} in the cluster `{cluster}`"
                where = [f"`{side.project}` in `{said(side.environment['name'])}`" for side in (other, one)]
                message = f"{thing} would be written by both {where[0]} and {where[1]}"
                hint = "give the environments different namespaces or clusters, or rename one of the two"
                related = ((there, "the other one"),) if there != span else ()
                yield Problem("cluster-collision", span, message, hint, related=related)
