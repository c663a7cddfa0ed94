"""Files of Kubernetes manifests -> everything wrong with them, at its place in those files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mlgen import crd, document, gate, ignored
from mlgen.body import Body, text_at
from mlgen.examined import Examined, Object, examine, read
from mlgen.gathered import Setting
from mlgen.node import Node, Path
from mlgen.placing import place
from mlgen.problem import OFFER, Finding, Problem, Span
from mlgen.sources import Shown


class Linted(NamedTuple):
    """What was found, and the texts of the files as messages may show them."""

    problems: list[Problem]
    sources: Mapping[str, str]
    objects: int


def lint(files: Mapping[str, bytes], setting: Setting, before: Mapping[str, bytes] = {}) -> Linted:
    """Read ``files`` as kubectl does and judge all their objects together; as updates of those in ``before``."""
    return judged([examine(file, data, setting) for file, data in files.items()], files, setting, before)


def judged(
    examined: Sequence[Examined], files: Mapping[str, bytes], setting: Setting, before: Mapping[str, bytes] = {}
) -> Linted:
    """Judge together the objects of ``examined``, each of which is one of ``files``."""
    objects = [(one.file, found) for one in examined for found in one.objects]
    bodies = [found.body for _, found in objects]
    bases, problems = _bases(before)
    problems += [problem for one in examined for problem in one.problems]
    alone = list(_alone(examined))
    findings = [*alone, *gate.together(bodies, setting, alone), *_changed(bodies, bases, setting)]
    problems += _placed(ignored.heeded(bodies, findings), objects, files)
    every = {**before, **files}
    return Linted(problems, Shown(every, lambda file: document.text(every[file], file)), len(objects))


def _alone(examined: Sequence[Examined]) -> Iterator[Finding]:
    start = 0
    for one in examined:
        yield from (Finding(start + index, fault) for index, fault in one.faults)
        start += len(one.objects)


def _bases(before: Mapping[str, bytes]) -> tuple[dict[tuple[str, ...], Body], list[Problem]]:
    """The objects of ``before`` by what they are, and why others could not be read."""
    bases: dict[tuple[str, ...], Body] = {}
    problems: list[Problem] = []
    for file, data in before.items():
        objects, found, foreign = read(file, data)
        bases |= {_known(one.body): one.body for one in objects}
        problems += [] if foreign else found
    return bases, problems


def _changed(bodies: Sequence[Body], bases: Mapping[tuple[str, ...], Body], setting: Setting) -> Iterator[Finding]:
    """What the API server has against objects as updates of those of the same kind, namespace and name."""
    if not bases:
        return
    from mlgen import updates  # a package of rules, which without `--base` nobody asks

    for number, body in enumerate(bodies):
        known = _known(body)
        if known[-1] and known in bases:
            yield from (Finding(number, fault) for fault in updates.check(bases[known], body))
            custom = setting.imported.find(body.get("apiVersion"), body.get("kind"), setting.minor)
            if custom is not None:
                yield from (Finding(number, fault) for fault in crd.change(body, custom, bases[known]))


def _known(body: Body) -> tuple[str, ...]:
    group = text_at(body, "apiVersion").rpartition("/")[0]
    return group, *(text_at(body, *path) for path in (("kind",), ("metadata", "namespace"), ("metadata", "name")))


def _placed(
    findings: Iterable[Finding], objects: Sequence[tuple[str, Object]], files: Mapping[str, bytes]
) -> Iterator[Problem]:
    """The findings at their places: a file that has one is read once more, with care."""

    @cache
    def documents(file: str) -> tuple[Node, ...]:
        return document.parse(files[file], file=file, dialect="kubernetes").documents

    def span(subject: int, path: Path, rule: str = "") -> Span:
        file, found = objects[subject]
        roots = documents(file)
        root = roots[found.number].find(*found.path) if found.number < len(roots) else None
        return Span(file, 1, 1, 1, 1) if root is None else place(root, path, rule)

    for finding in findings:
        fault = finding.fault
        related = tuple((span(number, path), label) for number, path, label in finding.related if number != OFFER)
        at = span(finding.subject, fault.path, fault.rule)
        yield Problem(fault.rule, at, fault.message, fault.help, fault.severity, (*related, *finding.beside))
