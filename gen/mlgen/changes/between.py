"""Two platforms -> what the step from one to the other does to each project in each environment."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from mlgen import engine
from mlgen.changes.compare import Change, compare
from mlgen.changes.demand import Demand, demands
from mlgen.changes.demand import risks as of_demand
from mlgen.changes.look import Risk, Scene, shares
from mlgen.changes.risk import in_order, risks
from mlgen.meeting import Place
from mlgen.platform import Platform
from mlgen.problem import Problem
from mlgen.trace import said


class Difference(NamedTuple):
    """What changes for one project in one environment, what that may do, the worst first, and what more it asks for."""

    project: str
    environment: str
    protected: bool
    changes: tuple[Change, ...]
    risks: tuple[Risk, ...]
    demand: tuple[Demand, ...] = ()


class Between(NamedTuple):
    """Every difference; and what keeps either side from being built whole."""

    differences: list[Difference]
    before: list[Problem]
    after: list[Problem]


def between(before: Platform, after: Platform, projects: Iterable[str], environment: str | None = None) -> Between:
    """Build ``projects`` on both sides and compare; in one ``environment`` only, if it is given."""
    result = Between([], list(before.problems), list(after.problems))
    for name in projects:
        old, new = _places(before, name, environment), _places(after, name, environment)
        for where in dict.fromkeys((*old, *new)):
            result.before.extend(old[where].problems if where in old else ())
            result.after.extend(new[where].problems if where in new else ())
            found = _difference(name, where, old.get(where), new.get(where))
            if found.changes:
                result.differences.append(found)
    return result


def _places(platform: Platform, name: str, environment: str | None) -> dict[str, Place]:
    if name not in platform.projects:
        return {}
    found = {said(place.environment["name"]): place for place in engine.places(platform, name)}
    return {where: place for where, place in found.items() if environment in (None, where)}


def _difference(name: str, where: str, old: Place | None, new: Place | None) -> Difference:
    changes = compare(*([*place.manifests, *place.pointers] if place else () for place in (old, new)))
    there = next(place for place in (new, old) if place is not None)
    protected = bool((flag := there.environment.get("protected")) is not None and flag.value)
    if not changes:
        return Difference(name, where, protected, (), ())
    was, now = (shares(place.manifests) if place is not None else {} for place in (old, new))
    demand = demands(was, now, (old or there).environment, there.environment)
    scene = Scene(there.environment, {one.name: one.kind for one in there.resolved.workloads}, now)
    found = in_order([*risks(changes, scene), *of_demand(demand)])
    return Difference(name, where, protected, tuple(changes), tuple(found), tuple(demand))


class Section(NamedTuple):
    """What is the same in several environments of a project, said once."""

    project: str
    environments: tuple[str, ...]
    changes: tuple[Change, ...]


def sections(differences: Iterable[Difference]) -> Iterator[Section]:
    """Each change once, with all the environments in which it is made; those of one project one after the other."""
    grouped: dict[str, dict[object, tuple[Change, list[str]]]] = {}
    for one in differences:
        of_project = grouped.setdefault(one.project, {})
        for change in one.changes:
            _, where = of_project.setdefault(_alike(change), (change, []))
            where.append(one.environment)
    for project, changes in grouped.items():
        together: dict[tuple[str, ...], list[Change]] = {}
        for change, where in changes.values():
            together.setdefault(tuple(where), []).append(change)
        for environments, alike in together.items():
            yield Section(project, environments, tuple(alike))


def _alike(change: Change) -> object:
    """What two changes have in common that a reader takes for one: not the namespace."""
    names = tuple(m.ref._replace(namespace="") if m is not None else None for m in (change.before, change.after))
    shown: Mapping[str, object] = {
        field.place: (repr(field.before), repr(field.after)) for field in change.fields if not field.follows
    }
    whole = () if change.fields else (repr(_without_namespace(change.body)),)
    return names, tuple(shown.items()), whole


def _without_namespace(body: Mapping[str, object]) -> Mapping[str, object]:
    metadata = body.get("metadata")
    kept = {key: value for key, value in metadata.items() if key != "namespace"} if isinstance(metadata, dict) else {}
    return {**body, "metadata": kept}
