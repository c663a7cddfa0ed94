"""The objects of one environment -> the parts of a project that they become, each with what must be found again."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from mlgen.imports import FORMS, before, claims, container, volume, volumes
from mlgen.imports.assumed import assumed
from mlgen.imports.claims import Claim
from mlgen.imports.flex_volume import without_flex_volumes
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
    says what keeps it from being a workload. ``data`` is the name of the data that it becomes.
    """

    source: Source
    name: str
    form: Form | None
    wanted: Wanted
    notes: list[Note] = field(default_factory=list)
    patch: dict[str, Json] = field(default_factory=dict)
    why: str = ""
    data: str = ""


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

    def count(self, key: str) -> int:
        """How many `workloads` or `manifests` there are."""
        return len(self.workloads) if key == "workloads" else sum(part.form is None for part in self.parts)

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
    return _Gathering(found, whole).run()


class _Gathering:
    """The objects of one environment, and what they have become so far."""

    def __init__(self, found: Sequence[Source], whole: Mapping[str, str]) -> None:
        seen = [_clean(source) for source in found]
        self.found = [source for source, _ in seen]
        self.whole = whole
        self.notes = {id(source): [*source.notes, *said] for source, said in seen}
        self.selectors = dict(_selectors(self.found))
        self.claims = claims.claims(self.found, whole)
        namespaces = {text(source.body, "metadata", "namespace") for source in self.found} - {""}
        self.home = namespaces.pop() if len(namespaces) == 1 else ""
        self.result = Here()

    def run(self) -> Here:
        self.result.shared.claims = claims.entries(self.claims)
        rest = [source for source in self.found if not self.workload(source)]
        data = {id(one): name for name, claim in self.data() for one in (claim.claim, claim.volume)}
        for source in rest:
            notes = self.notes[id(source)]
            owner = None if source.title in self.whole else _server(source, self.result.parts)
            if source.group == "" and source.kind in ELSEWHERE:
                self.result.elsewhere.append(Elsewhere(source, ELSEWHERE[source.kind], notes))
            elif id(source) in data:
                self.add(source, "", volume.FORM, data[id(source)])
            elif owner is not None:
                self.add(source, owner, before.FORM)
            else:
                stays, why = kept(source, self.home), self.whole.get(source.title) or _why(source)
                self.result.parts.append(Part(source, "", None, stays, [*notes, *stays.notes], why=why))
        if exists := assumed(self.found, self.result.shared):
            self.result.shared.needs.further["existing"] = exists
        return self.result

    def workload(self, source: Source) -> bool:
        """Whether an object becomes a workload, which is added."""
        form = FORMS.get((source.group, source.kind))
        if form is None or source.title in self.whole:
            return False
        key = free_name(form.called(source), self.result.workloads)
        trial = deepcopy(self.result.shared)  # what does not become a workload shares nothing
        words = _words(source, form, key, trial)
        if words is None:
            return False
        self.result.shared = trial
        self.result.workloads[key] = words
        self.add(source, key, form)
        return True

    def add(self, source: Source, key: str, form: Form, data: str = "") -> None:
        """A part that mlgen builds otherwise than it is written."""
        found = wanted(source, form, self.selectors, self.claims)
        notes = [*self.notes[id(source)], *found.notes, *(self.options(source) if data else [])]
        self.result.parts.append(Part(source, key, form, found, notes, data=data))

    def options(self, source: Source) -> list[Note]:
        """The notes of a volume's own."""
        return [note for one in self.claims.values() if one.volume is source for note in one.known.notes]

    def data(self) -> Iterator[tuple[str, Claim]]:
        """The claims that workloads use, each with its name as data; the environment has their storage."""
        for claim in self.claims.values():
            for key, entry in self.result.shared.data.items():
                if {**entry, "path": None} == {**claim.known.entry, "path": None}:
                    claims.offer(claim, self.result.shared.needs)
                    yield key, claim
                    break


def _why(source: Source) -> str:
    """Why an object of a kind that has words has none here."""
    form = FORMS.get((source.group, source.kind))
    return form.otherwise(source) if form is not None else ""


def _clean(source: Source) -> tuple[Source, list[Note]]:
    """The object as it may be looked at: without secrets, and without what nobody mounts any more."""
    body, told = without_flex_volumes(source)
    shown, notes = hidden(body)
    return shown, [*told, *notes]


def _words(source: Source, form: Form, key: str, shared: Shared) -> Words | None:
    """The words of the workload; None where the object has no pod, or cannot be said."""
    body, place = source.body, form.pod(source.body)
    if not form.fits(source) or (form.pods and place is None):
        return None
    pod = body.find(*place) if place is not None else None
    said = {} if pod is None else container.words(pod, pod["containers"].items[0], key, shared, mounts=form.mounts)
    worker = _worker(body, form)
    if form.sized and pod is not None:
        said["resources"] = None if worker is None else container.resources(*worker, shared.needs)
    if worker is not None:
        said["sharedMemory"] = volumes.shared_memory(*worker)
    said |= {word: how(node) for path, (word, how) in form.says.items() if (node := body.find(*path)) is not None}
    words = sayable(form.kind, {**said, **form.more(Asked(body, key, shared))})
    if words is not None and form.platform:
        shared.needs.platform[form.kind] = form.platform
    return words


def _worker(body: Node, form: Form) -> tuple[Node, Node] | None:
    """The pods that do the work: what they are, and their container."""
    place = first(body, form.sized or form.pods)
    pod = body.find(*place) if place is not None else None
    return None if pod is None else (pod, pod["containers"].items[0])


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
