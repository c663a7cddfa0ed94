"""A Platform -> its problems, its manifests and its overlays: the program, as pure functions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from mlgen import checks, extra, ignored, kustomize, lock, meeting, pointers, sealed
from mlgen.build import build
from mlgen.checks import patch_changes_nothing
from mlgen.judged import judge, setting
from mlgen.manifest import Manifest, Ref
from mlgen.meeting import Place
from mlgen.node import Node
from mlgen.platform import BASE, Platform, unknown_environments
from mlgen.problem import Problem, errors
from mlgen.resolve import resolve
from mlgen.rules import kubernetes
from mlgen.site import Resolved, Site
from mlgen.together import together
from mlgen.trace import said

SHAPE = frozenset(rule.id for rule in kubernetes.RULES)  # what says that an object has not the shape of its kind
SECRET = checks.secret_value.RULE.id
SAME = {"unpinned-image": "untagged-image"}  # one defect, which is worse where images must be pinned


class Rendered(NamedTuple):
    """By project, the text of every file below overlays/<project>; by environment, its runs, objects and site.

    The files of a folder are those of its pointers too, by their paths from there. Where there are errors, the files
    are those that could be made: nobody may write them.
    """

    files: Mapping[str, Mapping[str, str]]
    runs: Mapping[str, Mapping[str, list[Ref]]]
    problems: list[Problem]
    objects: Mapping[str, Mapping[str, list[Manifest]]]
    sites: Mapping[str, Mapping[str, Site]]


def check(platform: Platform, projects: Iterable[str], others: Sequence[str] = ()) -> list[Problem]:
    """Everything wrong with the platform's own files, with ``projects`` and with what they build.

    ``others`` are projects that nobody asks about but for what is wrong between them and those.
    """
    problems = [*platform.problems, *_of_environments(platform)]
    everywhere: list[Place] = []
    for name in projects:
        found = list(places(platform, name))
        problems += _of_project(platform, name, found)
        everywhere += found
    return [*problems, *_between(platform, everywhere, others)]


def render(platform: Platform, projects: Iterable[str], others: Sequence[str] = ()) -> Rendered:
    """The overlays of ``projects``, and everything ``check`` finds."""
    problems = [*platform.problems, *_of_environments(platform)]
    everywhere: list[Place] = []
    files: dict[str, Mapping[str, str]] = {}
    runs: dict[str, Mapping[str, list[Ref]]] = {}
    objects: dict[str, Mapping[str, list[Manifest]]] = {}
    sites: dict[str, Mapping[str, Site]] = {}
    for name in projects:
        found = list(places(platform, name))
        problems += _of_project(platform, name, found)
        everywhere += found
        runs[name] = {said(one.environment["name"]): _runs(one) for one in found}
        objects[name] = {said(one.environment["name"]): one.manifests for one in found}
        sites[name] = {said(one.environment["name"]): one.resolved.site for one in found}
        files[name] = _overlays(platform, platform.projects[name], _base(platform, name), found, problems)
    problems += _between(platform, everywhere, others)
    return Rendered(files, runs, problems, objects, sites)


def places(platform: Platform, name: str) -> Iterator[Place]:
    """The project ``name`` in each environment that it lists and that the platform has.

    In none if its releases are wrong: what they pin would seem unpinned.
    """
    project = platform.projects[name]
    return (place(platform, project, environment) for environment in _offers(platform, name))


def _offers(platform: Platform, name: str) -> Iterator[Node]:
    """The documents of those environments."""
    if name not in platform.releases and f"projects/{name}/releases.yaml" in platform.sources:
        return
    for environment in platform.projects[name]["environments"].entries:
        whole = platform.environments.get(environment) if environment != BASE else None
        if whole is not None:
            yield whole


def place(platform: Platform, project: Node, environment: Node) -> Place:
    """One project in one environment: resolved, checked, built, and checked again."""
    resolved, problems = _resolved(platform, project, environment)
    bare, within, sound = _built(platform, resolved, problems)
    manifests = _laid(platform, resolved.site, bare, problems)
    aimed, unaimed = pointers.at_overlay(resolved.site, manifests)
    problems += unaimed
    every = [*manifests, *within]
    # What has not the shape of its kind, as a patch may make it, is asked nothing further.
    unfilled = any(problem.rule.startswith("template-") for problem in problems)
    unread = None in resolved.site.sealed.values() or None in platform.manifests.values()
    whole = not errors(problems) and sound and not unread
    here = setting(platform, resolved.site)
    judged = judge(every, resolved.site, here, whole=whole, unfilled=unfilled)
    pointing = judge(aimed, resolved.site, here, unfilled=unfilled)
    sifted = ignored.sift(chain(judged, pointing), environment, resolved.parts)
    broken = {manifest.ref for manifest, problem in sifted.left if problem.rule in SHAPE}
    own = list(checks.of_objects([one for one in every if one.ref not in broken], resolved.site))
    gone = {(problem.rule, problem.span) for problem in sifted.gone}
    problems += [problem for problem in own if (problem.rule, problem.span) not in gone]
    problems += _once([problem for _, problem in sifted.left], own, project, environment)
    name, changed = said(project["name"]), bare if manifests is not bare else None
    return Place(name, environment, resolved, manifests, problems, sifted.uses, aimed, within, changed)


def _resolved(platform: Platform, project: Node, environment: Node) -> tuple[Resolved, list[Problem]]:
    releases = platform.releases.get(said(project["name"]))
    release = releases.find("environments", said(environment["name"])) if releases is not None else None
    here = sealed.here(platform, project, said(environment["name"]))
    return resolve(project, environment, release, here, platform.kinds)


def _built(
    platform: Platform, resolved: Resolved, problems: list[Problem]
) -> tuple[list[Manifest], list[Manifest], bool]:
    """What the sound workloads build, what that creates, and whether they are all; adds to ``problems``."""
    sound = []
    for workload in resolved.workloads:
        found = list(checks.of_workload(workload))
        problems += found
        if not errors(found):
            sound.append(workload)
    problems += checks.of_workloads(sound)
    sane, found = checks.of_pipelines(resolved, sound)
    problems += found
    manifests, within, unbuilt = build(sane, platform.manifests)
    problems += unbuilt
    return manifests, within, len(sound) == len(resolved.workloads)


def _laid(platform: Platform, site: Site, bare: list[Manifest], problems: list[Problem]) -> list[Manifest]:
    """What the components of the environment make of its objects; base has none. Adds to ``problems``."""
    if "components" not in site.offer or said(site.offer["name"]) == BASE:
        return bare
    from mlgen import laying  # what most platforms do without

    return laying.over(bare, site, platform.components, problems)


def _between(platform: Platform, few: Sequence[Place], others: Sequence[str]) -> list[Problem]:
    """What is wrong between the projects of ``few`` and all: of the ``others`` those are built that may meet them."""
    if not others:
        return [*meeting.between(few), *meeting.idle(platform, few)]
    meets = meeting.Meeting(platform, few)
    found = [*few]
    for name in others:
        for environment in _offers(platform, name):
            resolved, _ = _resolved(platform, platform.projects[name], environment)
            if meets.has(resolved.site):
                bare, within, _ = _built(platform, resolved, [])
                manifests = _laid(platform, resolved.site, bare, [])
                aimed, _ = pointers.at_overlay(resolved.site, manifests)
                found.append(Place(name, environment, resolved, manifests, [], {}, aimed, within))
    found.sort(key=lambda one: one.project)  # stable: of two that collide, the same one is told as in a whole check
    rest = (one for name in others for one in places(platform, name))
    return [*meeting.between(found, meets.whole), *meeting.idle(platform, few, rest)]


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


def _overlays(
    platform: Platform, project: Node, base: list[Manifest], found: Iterable[Place], problems: list[Problem]
) -> dict[str, str]:
    """Every file below the project's folder, each folder's lock included. Adds to ``problems``."""
    file, name = project.span.file, said(project["name"])
    source = file if file.startswith("projects/") else "mlgen.yaml"
    folders: dict[str, tuple[kustomize.Files, list[str]]] = {BASE: (kustomize.base(base, source), [])}
    for one in found:
        runs = [f"{run.kind}/{run.name}" for run in _runs(one)]
        environment = said(one.environment["name"])
        pointing = kustomize.pointing(one.pointers, name, environment, source)
        laid = None
        if one.bare is not None:
            from mlgen.laying import beneath

            laid = beneath(base, one, platform.components, problems)
        folders[environment] = kustomize.overlay(base, one.manifests, source, laid) | pointing, runs
    return {
        f"{folder}/{path}": text
        for folder, (files, runs) in folders.items()
        if files
        for path, text in {**files, lock.NAME: lock.dump(files, runs)}.items()
    }


def _runs(one: Place) -> list[Ref]:
    return [manifest.ref for manifest in one.manifests if manifest.run]


def _of_environments(platform: Platform) -> Iterator[Problem]:
    """What is wrong with the environments and the platform's own kinds, whatever runs there."""
    if platform.kinds.cases:
        from mlgen import proved  # what most platforms do without

        yield from proved.problems(platform, place)
    yield from checks.of_environments(platform.environments)
    for environment in platform.environments.values():
        yield from checks.of_environment(environment)
        yield from ignored.faults(environment)
        if environment["policies"].items:
            from mlgen.policy import offered  # CEL, which most platforms do without

            yield from offered.problems(environment, platform.policies)


def _of_project(platform: Platform, name: str, found: Sequence[Place]) -> Iterator[Problem]:
    """What is wrong with a project and its releases, by themselves and in each environment."""
    project = platform.projects[name]
    yield from _of_documents(platform, name)
    here = {said(one.environment["name"]): one for one in found}
    by_environment = {environment: one.problems for environment, one in here.items()}
    resolved = {environment: one.resolved for environment, one in here.items()}
    yield from together(patch_changes_nothing.told_everywhere(by_environment, resolved))
    if not any(errors(one.problems) for one in found):
        yield from sealed.unused(platform, project, [manifest for one in found for manifest in one.manifests])


def _of_documents(platform: Platform, name: str) -> Iterator[Problem]:
    """What is wrong with what a project says, whatever it builds."""
    project = platform.projects[name]
    yield from checks.of_project(project)
    yield from ignored.faults(project)
    yield from checks.of_releases(project, platform.releases.get(name))
    yield from unknown_environments(platform, project)
    yield from extra.unused(project, platform.manifests)


def _once(found: Sequence[Problem], own: Sequence[Problem], *documents: Node) -> Iterator[Problem]:
    """Problems of objects without those that checks of the objects, or of the documents behind them, say better."""
    told = {(SAME.get(problem.rule, problem.rule), problem.span) for problem in own}
    if any(problem.rule == SECRET for problem in found):
        told |= {(SECRET, problem.span) for document in documents for problem in checks.secret_value.check(document)}
    return (problem for problem in found if (problem.rule, problem.span) not in told)
