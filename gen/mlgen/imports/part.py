"""The objects of one environment -> the parts of a project that they become, each with what must be found again."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from mlgen.imports import FORMS, before, container
from mlgen.imports.form import Asked, Form, first
from mlgen.imports.hidden import hidden
from mlgen.imports.naming import Words, name
from mlgen.imports.needs import Shared
from mlgen.imports.note import Note
from mlgen.imports.sayable import sayable
from mlgen.imports.source import Source, text
from mlgen.imports.wanted import Wanted, kept, wanted
from mlgen.node import Json, Node

# Objects of the core whose like an environment makes.
ELSEWHERE = {"Secret": "the environment's `secrets`", "Namespace": "the environment's `namespace`"}
NOTHING: Mapping[str, str] = {}
SELECTORS = (("spec", "selector", "matchLabels"), ("spec", "selector"))


@dataclass(slots=True)
class Part:
    """One object of many: of the workload ``name``, or of none, and then it stands whole under ``manifests``.

    ``patch`` is laid over what the workload builds; ``notes`` are of what is not in the spec's own words; ``why``
    says what keeps it from being a workload.
    """

    source: Source
    name: str
    form: Form | None
    wanted: Wanted
    notes: list[Note] = field(default_factory=list)
    patch: dict[str, Json] = field(default_factory=dict)
    why: str = ""


class Elsewhere(NamedTuple):
    """An object that no spec has: what an environment says makes its like."""

    source: Source
    where: str
    notes: list[Note]


@dataclass(slots=True)
class Here:
    """What the objects of one environment become."""

    shared: Shared = field(default_factory=Shared)
    workloads: dict[str, Words] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    elsewhere: list[Elsewhere] = field(default_factory=list)

    def plain(self) -> dict[str, Json]:
        """The parts of the project as a spec has them."""
        workloads: dict[str, Json] = {}
        for key, words in self.workloads.items():
            patches: list[Json] = [
                {"kind": part.wanted.kind, **part.patch} for part in self.parts if part.name == key and part.patch
            ]
            workloads[key] = {**words, **({"patches": patches} if patches else {})}
        return {
            "data": dict(self.shared.data),
            "secrets": {key: list(keys) for key, keys in self.shared.secrets.items()},
            "workloads": workloads,
            "manifests": [part.wanted.body.plain() for part in self.parts if part.form is None],
        }


def here(found: Sequence[Source], whole: Mapping[str, str] = NOTHING) -> Here:
    """What ``found`` become; those whose titles are in ``whole`` stay whole, for the reason there."""
    result = Here()
    seen = [hidden(source) for source in found]
    clean = [source for source, _ in seen]
    notes = {id(source): said for source, said in seen}
    selectors = dict(_selectors(clean))
    rest: list[Source] = []
    namespaces = {text(source.body, "metadata", "namespace") for source in clean} - {""}
    home = namespaces.pop() if len(namespaces) == 1 else ""
    for source in clean:
        form = FORMS.get((source.group, source.kind))
        key = free_name(form.called(source) if form is not None else source.name, result.workloads)
        trial = deepcopy(result.shared)  # what does not become a workload shares nothing
        words = None if form is None or source.title in whole else _words(source, form, key, trial)
        if form is None or words is None:
            rest.append(source)
            continue
        result.shared = trial
        result.workloads[key] = words
        result.parts.append(_part(source, key, form, notes[id(source)], selectors))
    for source in rest:
        owner = None if source.title in whole else _server(source, result.parts)
        if source.group == "" and source.kind in ELSEWHERE:
            result.elsewhere.append(Elsewhere(source, ELSEWHERE[source.kind], notes[id(source)]))
        elif owner is not None:
            result.parts.append(_part(source, owner, before.FORM, notes[id(source)], selectors))
        else:
            stays = kept(source, home)
            why = whole.get(source.title, "")
            result.parts.append(Part(source, "", None, stays, [*notes[id(source)], *stays.notes], why=why))
    return result


def _part(source: Source, key: str, form: Form, notes: list[Note], selectors: Mapping[str, str]) -> Part:
    found = wanted(source, form, selectors)
    return Part(source, key, form, found, [*notes, *found.notes])


def _words(source: Source, form: Form, key: str, shared: Shared) -> Words | None:
    """The words of the workload; None where the object has no pod, or cannot be said."""
    body, place = source.body, form.pod(source.body)
    if not form.fits(source) or (form.pods and place is None):
        return None
    pod = body.find(*place) if place is not None else None
    said = {} if pod is None else container.words(pod, pod["containers"].items[0], key, shared, mounts=form.mounts)
    if form.sized and pod is not None:
        said["resources"] = _sized(body, form, shared)
    said |= {word: how(node) for path, (word, how) in form.says.items() if (node := body.find(*path)) is not None}
    words = sayable(form.kind, {**said, **form.more(Asked(body, key, shared))})
    if words is not None and form.platform:
        shared.needs.platform[form.kind] = form.platform
    return words


def _sized(body: Node, form: Form, shared: Shared) -> Json:
    """What the pods that do the work ask for."""
    place = first(body, form.sized)
    pod = body.find(*place) if place is not None else None
    return None if pod is None else container.resources(pod, pod["containers"].items[0], shared.needs)


def _server(found: Source, parts: Sequence[Part]) -> str | None:
    """The workload whose pods a Service finds."""
    labels = found.body.find("spec", "selector")
    if found.kind != "Service" or labels is None or not labels.entries:
        return None
    for part in parts:
        there = part.source.body.find("spec", "template", "metadata", "labels")
        found_there = there is not None and all(
            (own := there.get(key)) is not None and own.value == wanted.value for key, wanted in labels.entries.items()
        )
        if part.source.kind == "Deployment" and found_there:
            return part.name
    return None


def _selectors(found: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """Every label by which one of the objects finds pods."""
    for source in found:
        for path in SELECTORS:
            node = source.body.find(*path)
            for key, value in (node.entries if node is not None else {}).items():
                if isinstance(value.value, str):
                    yield key, value.value


def free_name(wanted: str, taken: Mapping[str, object]) -> str:
    """What the workload is called."""
    first = name(wanted)
    names = (first if number == 1 else f"{first[:36]}-{number}" for number in count(1))
    return next(found for found in names if found not in taken)
