"""A cluster's CustomResourceDefinitions -> which of mlgen's back-ends it has, and what an environment says of that."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import profiles
from mlgen.detecting import shown
from mlgen.detecting.marks import BESIDE, Mark, marks
from mlgen.detecting.shown import Definition

Entry = str | dict[str, str | None]


class Found(NamedTuple):
    """What can be behind one key of ``platform``: back-ends, that of the entry first, and how that one shows."""

    key: str
    backends: tuple[str, ...]
    because: str


class Detected(NamedTuple):
    """What a cluster has: the shortest `platform` that says it, and why.

    ``untold`` is what the definitions do not say; ``beside`` what else the environment may say of the cluster.
    """

    entry: Entry
    found: list[Found]
    untold: list[str]
    beside: list[str]


def detect(definitions: Mapping[str, Definition]) -> Detected:
    """Look for every mark in ``definitions``, by their names."""
    shown_by = {key: _fitting(key, definitions) for key in profiles.choices()}
    entry = shortest({key: [mark.backend for mark in fitting] for key, fitting in shown_by.items() if fitting})
    chosen = _spelt_out(entry)
    found: list[Found] = []
    untold: list[str] = []
    for key, fitting in shown_by.items():
        ordered = sorted(fitting, key=lambda mark: mark.backend != chosen[key])
        if ordered:
            names = tuple(mark.backend for mark in ordered)
            found.append(Found(key, names, shown.because(definitions, ordered[0])))
            untold += _unsure(ordered)
        else:
            untold += _unfit(key, definitions)
    return Detected(entry, found, list(dict.fromkeys(untold)), list(_beside(definitions).values()))


def _fitting(key: str, definitions: Mapping[str, Definition]) -> list[Mark]:
    """Those that may be behind a key, the best first: of each definition the one that it bears, or all it may bear.

    Where it does not say, a label may: it speaks for the newest back-end that is no newer than itself.
    """
    found: list[Mark] = []
    there = [mark for mark in marks() if mark.key == key and mark.resource in definitions]
    for resource in dict.fromkeys(mark.resource for mark in there):
        own = definitions[resource]
        verdicts = {mark: shown.bears(own, mark) for mark in there if mark.resource == resource}
        sure = [mark for mark, verdict in verdicts.items() if verdict]
        maybe = [mark for mark, verdict in verdicts.items() if verdict is None]
        labelled = [mark for mark in maybe if shown.at_least(own.label, mark.backend)]
        found += sure or labelled[:1] or maybe
    return found


def _spelt_out(entry: Entry) -> dict[str, str | None]:
    """What an entry says of every key."""
    named, own = (entry, {}) if isinstance(entry, str) else (entry.get(profiles.PROFILE), entry)
    return {**profiles.filled(profiles.load(named or profiles.PLAIN)), **own}


def _beside(definitions: Mapping[str, Definition]) -> dict[str, str]:
    """Lines that an environment may have, by their keys."""
    lines: dict[str, str] = {}
    for resource, version, line in BESIDE:
        if version in shown.served(definitions, resource):
            lines.setdefault(line.partition(":")[0], line)
    return lines


def _unsure(fitting: Sequence[Mark]) -> Iterator[str]:
    """That a definition says nothing of its fields, where this leaves a choice."""
    resource = fitting[0].resource
    alike = [mark.backend for mark in fitting if mark.resource == resource]
    if len(alike) > 1:
        every = " and ".join(f"`{name}`" for name in sorted(alike))
        yield f"{resource} says nothing of its fields, so {every} cannot be told apart: `{alike[0]}` is a guess"


def _unfit(key: str, definitions: Mapping[str, Definition]) -> Iterator[str]:
    """That an operator is there in a version that no back-end is for."""
    for nearest in {mark.resource: mark for mark in marks() if mark.key == key}.values():
        if nearest.resource in definitions:
            why = shown.lack(definitions[nearest.resource], nearest)
            told = f"{nearest.resource} is of a version that mlgen has no back-end for"
            yield f"{told}: {why}, which `{nearest.backend}` needs"


def shortest(found: Mapping[str, Sequence[str]]) -> Entry:
    """The `platform` of fewest entries: a profile, or what differs from one, or single entries alone."""
    best: tuple[int, Entry] | None = None
    for name in (None, *profiles.names()):
        filled = profiles.filled(profiles.load(name or profiles.PLAIN))
        plain = profiles.filled(profiles.load(profiles.PLAIN))
        other: dict[str, str | None] = {
            key: found[key][0] if key in found else plain[key]
            for key, backend in filled.items()
            if backend not in (found[key] if key in found else (plain[key],))
        }
        entry: Entry = other if name is None else {profiles.PROFILE: name, **other} if other else name
        cost = len(other) + (name is not None)
        # Of two that say as much, the newer profile: what a cluster has stays.
        if (other or name) and (best is None or cost < best[0] or (cost == best[0] and name is not None)):
            best = cost, entry
    return best[1] if best is not None else profiles.PLAIN
