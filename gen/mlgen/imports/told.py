"""What came of an import -> what a person is told: each object, what is not in its own words, what would fit it."""

from collections.abc import Iterator, Sequence

from mlgen.imports import written
from mlgen.imports.hidden import ADVICE, ELSEWHERE
from mlgen.imports.imported import Imported
from mlgen.imports.note import Note
from mlgen.imports.note import written as path_text
from mlgen.imports.part import Part
from mlgen.imports.proof import Proof, Proven
from mlgen.node import Path
from mlgen.problem import Problem, Severity, Span, errors

LOST = "not-carried"
DIFFERS = "not-the-same"
SEVERITIES: dict[bool, Severity] = {False: "warning", True: "error"}
# Every object of mlgen's has them.
USUAL = frozenset(("apiVersion", "kind", "metadata"))


def problems(found: Imported) -> Iterator[Problem]:
    """What is nowhere in the spec, and objects of which it does not build all."""
    for environment, proof in found.proofs.items():
        here = found.found[environment]
        notes = [note for part in here.parts for note in part.notes]
        notes += [note for other in here.elsewhere for note in other.notes]
        for note in notes:
            if note.lost:
                message, severity = f"`{path_text(note.path)}` is not in the spec", SEVERITIES[note.refused]
                yield Problem(LOST, note.span, message, note.where, severity)
        for each in proof.proven:
            yield from _differs(each, proof)
    yield from _not_everywhere(found)


def _not_everywhere(found: Imported) -> Iterator[Problem]:
    """Whole objects that some environments have, and the spec makes in all."""
    for environment, here in found.found.items():
        for part in here.parts:
            lack = [
                other
                for other, there in found.found.items()
                if part.form is None and all(one.source.title != part.source.title for one in there.parts)
            ]
            if lack:
                message = (
                    f"{part.source.title} is in `{environment}` and not in `{lack[0]}`, and `manifests` are in all"
                )
                yield Problem(DIFFERS, part.source.span, message, "do without it there, or put it elsewhere", "warning")


def secret_places(found: Imported) -> Iterator[Span]:
    """Where values of secrets stand."""
    for here in found.found.values():
        for notes in (*(part.notes for part in here.parts), *(other.notes for other in here.elsewhere)):
            yield from (note.span for note in notes if note.where in (ADVICE, ELSEWHERE))


def _differs(each: Proven, proof: Proof) -> Iterator[Problem]:
    source = each.part.source
    if each.built is None:
        hint = f"mlgen says: {proof.reason}" if proof.reason else "leave it out"
        yield Problem(DIFFERS, source.span, f"the spec cannot build {source.title}", hint)
        return
    for path, node in each.missing:
        message = f"`{path_text(path)}` of {source.title} is not in what the spec builds"
        yield Problem(DIFFERS, node.span, message, "say it by hand, or do without")


def lines(found: Imported) -> Iterator[str]:
    """The report, line by line."""
    several = len(found.proofs) > 1
    for environment, proof in found.proofs.items():
        where = f" in {environment}" if several else ""
        for each in proof.proven:
            yield f"{_place(each.part)}: {each.part.source.title}{where} -> {_became(each.part)}"
            yield from (f"  {note.line}" for note in _once(each.part.notes) if not note.lost)
            if each.built is not None and (more := added(each)):
                yield f"  mlgen adds {', '.join(more)}"
    for environment, here in found.found.items():
        for other in here.elsewhere:
            yield f"{other.source.span.file}:{other.source.span.line}: {other.source.title} -> {other.where}"
        if offered := here.shared.needs.lines():
            yield f"\nenvironments/{environment}.yaml, or one like it, offers what this needs:"
            yield from (f"  {line}" for line in written.text(offered).splitlines() if line)


def summary(found: Imported) -> str:
    """How much of it is proved."""
    every = [each for proof in found.proofs.values() for each in proof.proven]
    there = [each for each in every if each.built is not None and not each.missing]
    whole = sum(each.part.form is None for each in there)
    short = sum(any(note.lost for note in each.part.notes) for each in there)
    parts = [f"{len(there) - whole - short} as workloads and their data, with all that they say"]
    parts += [f"{short} without what is named above"] if short else []
    parts += [f"{whole} whole under `manifests`"] if whole else []
    parts += [f"{len(every) - len(there)} not at all"] if len(every) > len(there) else []
    return f"what the spec builds was compared with {len(every)} imported: {', '.join(parts)}"


def judged(found: Imported) -> Iterator[str]:
    """What mlgen says of the spec in each environment: the rules, not every place."""
    for environment, proof in found.proofs.items():
        rules = dict.fromkeys(sorted(problem.rule for problem in proof.problems))
        if rules:
            count = len(errors(proof.problems))
            some = f"{count} error{'' if count == 1 else 's'}" if count else "only warnings"
            where = f" in {environment}" if len(found.proofs) > 1 else ""
            yield f"there{where} `mlgen validate` finds {some}: {', '.join(rules)}"


def _place(part: Part) -> str:
    span = part.source.span
    return f"{span.file}:{span.line}"


def _became(part: Part) -> str:
    if part.form is None:
        return f"`manifests`, whole{f': {part.why}' if part.why else ''}"
    if part.data:
        return f"data `{part.data}`"
    other = "" if part.wanted.kind == part.source.kind else f": as a {part.wanted.kind}, for it is one pod"
    return f"workload `{part.name}`, kind {part.form.kind}{other}"


def _once(notes: Sequence[Note]) -> list[Note]:
    return sorted(dict.fromkeys(notes), key=lambda note: note.span)


def added(each: Proven) -> list[str]:
    """What mlgen says that the object leaves open; of its pods once."""
    form = each.part.form
    if form is None:
        return []
    pods = [*form.pods, *((*path, "spec") for path in form.moved.values())]
    texts = dict.fromkeys(_short(path, pods) for path in each.on_top if path[0] not in USUAL)
    return [text for text in texts if text]


def _short(path: Path, pods: Sequence[Path]) -> str:
    """The place below the pod, whichever of several that is; of a container without its name."""
    for pod in pods:
        if _below(path, pod):
            return path_text(tuple(_without_name([*path[len(pod) :]])))
        if _below(path, (*pod[:-1], "metadata")):
            return ""
    return path_text(path)


def _without_name(rest: list[str | int]) -> list[str | int]:
    return [rest[0], *rest[2:]] if rest[:1] == ["containers"] and len(rest) > 2 else rest


def _below(path: Path, place: Path) -> bool:
    """Whether a path, in which an item of a list may have its name for its number, leads there or below."""
    return len(path) >= len(place) and all(
        mine == theirs or isinstance(theirs, int) for mine, theirs in zip(path, place, strict=False)
    )
