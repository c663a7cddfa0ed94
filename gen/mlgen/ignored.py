"""What was found, and what people say of rules that they know better than -> what is left to say.

An environment and a workload say it under `ignore`, an object in an annotation; always with the reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from mlgen import gate
from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.node import Node, Path
from mlgen.problem import Fault, Finding, Problem, Span
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

if TYPE_CHECKING:  # what a check of manifests alone does without
    from mlgen.manifest import Manifest
    from mlgen.site import Pipeline, Workload

KEY = "ignore"
PARTS = ("workloads", "pipelines")
PREFIX = "mlgen.dev/ignore."
WORKLOAD = "mlgen.dev/workload"
REMOVE = "remove it"

Said = tuple[Span, str]  # where a rule is ignored, and its id


class Sifted(NamedTuple):
    """Problems that are left, those that are ignored, and all that is ignored here: whether it was of use."""

    left: list[tuple["Manifest", Problem]]
    gone: list[Problem]
    uses: Mapping[Said, bool]


def _rules() -> Mapping[str, Rule]:
    from mlgen.catalog import RULES  # every rule there is, which takes long, and few people ignore any

    return RULES


def check(bodies: Sequence[Body], setting: Setting) -> Iterator[Finding]:
    """What the gate has against objects and their own annotations do not ignore, and what is wrong with those."""
    return heeded(bodies, gate.check(bodies, setting))


def heeded(bodies: Sequence[Body], findings: Iterable[Finding]) -> Iterator[Finding]:
    """``findings`` but for those that an annotation of the object ignores, and what is wrong with annotations."""
    noted = {number: notes for number, body in enumerate(bodies) if (notes := _notes(body))}
    idle = {(number, rule) for number, notes in noted.items() for rule in notes}
    for finding in findings:
        rule = finding.fault.rule
        if rule in noted.get(finding.subject, ()) and _rules()[rule].ignorable:
            idle.discard((finding.subject, rule))
        else:
            yield finding
    for number, notes in noted.items():
        for rule, reason in notes.items():
            path = ("metadata", "annotations", f"{PREFIX}{rule}")
            yield from (Finding(number, fault) for fault in _of_note(rule, reason, path, idle=(number, rule) in idle))


def faults(document: Node) -> Iterator[Problem]:
    """Rules that a project's or an environment's document ignores and that there are not, or that nobody may."""
    for ignore in _maps(document):
        for rule in ignore.entries:
            for name, message, hint in _unfit(rule):
                yield Problem(name, ignore.key_span(rule), message, hint)


def sift(
    found: Iterable[tuple["Manifest", Problem]], offer: Node | None, parts: Sequence["Workload | Pipeline"]
) -> Sifted:
    """What is left of ``found``, the problems of built objects, by what the environment and the project's ``parts``,
    its workloads and pipelines, ignore."""
    whole = _entries(offer)
    own = {workload.name: _entries(workload.spec) for workload in parts}
    uses = {(span, rule): False for entries in (whole, *own.values()) for rule, span in entries.items()}
    if not uses:
        return Sifted(list(found), [], uses)
    left, gone = [], []
    for manifest, problem in found:
        said = [
            span for entries in (whole, _of(manifest, own)) for rule, span in entries.items() if rule == problem.rule
        ]
        if said and _rules()[problem.rule].ignorable:
            uses.update(((span, problem.rule), True) for span in said)
            gone.append(problem)
        else:
            left.append((manifest, problem))
    return Sifted(left, gone, uses)


def of(offer: Node) -> set[Said]:
    """What an environment's document ignores."""
    return {(span, rule) for rule, span in _entries(offer).items()}


def unused(uses: Iterable[Mapping[Said, bool]]) -> Iterator[Problem]:
    """What was of no use in any of several places."""
    together: dict[Said, bool] = {}
    for one in uses:
        for said, used in one.items():
            together[said] = together.get(said, False) or used
    for (span, rule), used in together.items():
        if not used and rule in _rules() and _rules()[rule].ignorable:
            yield Problem(
                "unused-ignore", span, f"there is no {code(rule)} here that could be ignored", REMOVE, "warning"
            )


def _notes(body: Body) -> dict[str, object]:
    """By the rule, the reason in each annotation of an object that ignores one."""
    notes = map_at(body, "metadata", "annotations")
    return {key.removeprefix(PREFIX): reason for key, reason in notes.items() if key.startswith(PREFIX)}


def _of_note(rule: str, reason: object, path: Path, *, idle: bool) -> Iterator[Fault]:
    unfit = list(_unfit(rule))
    yield from (Fault(path, name, message, hint) for name, message, hint in unfit)
    if not unfit and len(str(reason).split()) < 2:
        yield Fault(path, "no-reason", f"nothing says why {code(rule)} is ignored", "write the reason in a sentence")
    elif not unfit and idle:
        message = f"there is no {code(rule)} here that could be ignored"
        yield Fault(path, "unused-ignore", message, REMOVE, "warning")


def _unfit(rule: str) -> Iterator[tuple[str, str, str]]:
    """Why a rule cannot be ignored: a rule's id, a message and a help."""
    if rule not in _rules():
        ignorable = [name for name, page in _rules().items() if page.ignorable]
        hint = did_you_mean(rule, ignorable) or "`mlgen rule` lists all rules"
        yield "unknown-rule", f"there is no rule {code(rule)}", hint
    elif not _rules()[rule].ignorable:
        yield "not-ignorable", f"{code(rule)} cannot be ignored: it is no matter of opinion", "mend what it reports"


def _maps(document: Node) -> Iterator[Node]:
    """Every `ignore` of a document: its own, its workloads' and those of what an environment changes."""
    overrides = document["environments"].entries.values() if "environments" in document else ()
    places = [document]
    for part in (document, *overrides):
        for key in PARTS:
            found = part.get(key)
            places += found.entries.values() if found is not None else []
    yield from (place[KEY] for place in places if KEY in place)


def _entries(node: Node | None) -> dict[str, Span]:
    found = node.get(KEY) if node is not None else None
    return {rule: found.key_span(rule) for rule in found.entries} if found is not None else {}


def _of(manifest: "Manifest", own: Mapping[str, dict[str, Span]]) -> dict[str, Span]:
    """What the workload ignores that an object is of; what stands beside it has a name that begins with its own."""
    label = str(map_at(manifest.body, "metadata", "labels").get(WORKLOAD, ""))
    names = [name for name in own if label == name or label.startswith(f"{name}-")]
    return own[max(names, key=len)] if names else {}
