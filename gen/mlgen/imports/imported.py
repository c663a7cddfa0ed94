"""Objects by environment -> the text of a spec that builds them, and the proof of that.

What a spec's own words do not build is laid over it as a patch, by comparison, so that nothing is forgotten; an object
that cannot be had even so is kept whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from mlgen import schema
from mlgen.imports import written
from mlgen.imports.note import Note
from mlgen.imports.part import Here, here
from mlgen.imports.project import project
from mlgen.imports.proof import Proof, Proven, proofs
from mlgen.imports.source import Source
from mlgen.problem import MlgenError, Problem, errors

SECURITY, LEVELS = "podSecurity", ("baseline", "privileged")
PATCHES = "`patches`"


class Imported(NamedTuple):
    """A project's spec as text, and by environment what its objects became and the proof."""

    name: str
    text: str
    found: Mapping[str, Here]
    proofs: Mapping[str, Proof]


def imported(name: str, objects: Mapping[str, Sequence[Source]]) -> Imported:
    """``objects`` by the environments that they are in. Raises MlgenError where they are too many."""
    whole: dict[str, str] = {}
    while True:
        found = {environment: here(some, whole) for environment, some in objects.items()}
        _few(found)
        bare = _proven(name, found)
        for environment, proof in bare.proofs.items():
            _patch(found[environment], proof)
        result = _proven(name, found)
        broken = {title: why for proof in result.proofs.values() for title, why in _broken(proof)}
        if not broken:
            return _fitting(result)
        whole |= broken


def _few(found: Mapping[str, Here]) -> None:
    """Raises MlgenError where one project cannot have so much."""
    for one in found.values():
        for key, most in (("workloads", "maxProperties"), ("manifests", "maxItems")):
            limit, here_are = schema.load("project").shape(f"#/properties/{key}")[most], one.count(key)
            if here_are > limit:
                message = f"a project has at most {limit} `{key}`, and here would be {here_are}"
                span = one.parts[-1].source.span
                raise MlgenError(Problem("not-importable", span, message, "import a part of the files at a time"))


def _fitting(result: Imported) -> Imported:
    """The result on environments whose namespaces take its pods: of those that refuse least, the strictest."""
    for environment, found in result.found.items():
        offered = found.shared.needs.further
        for level in LEVELS:
            before, fewest = offered.get(SECURITY), _refused(result, environment)
            if not fewest:
                break
            offered[SECURITY] = level
            other = _proven(result.name, result.found)
            if _refused(other, environment) < fewest:
                result = other
            elif before is None:
                del offered[SECURITY]
            else:
                offered[SECURITY] = before
    return result


def _refused(result: Imported, environment: str) -> int:
    return len(errors(result.proofs[environment].problems))


def _broken(proof: Proof) -> Iterator[tuple[str, str]]:
    """The objects of workloads that do not come out as they must, and why."""
    for each in proof.proven:
        if each.part.form is not None and (each.built is None or each.missing):
            yield each.part.source.title, _reason(each) or proof.reason or "no workload builds it"


def _reason(each: Proven) -> str:
    """Why an object does not come out as it must, where it shows by itself."""
    if each.built is None or (("apiVersion",) not in [path for path, _ in each.missing]):
        return ""
    return f"mlgen makes it of {each.built.body['apiVersion']}"


def _proven(name: str, found: Mapping[str, Here]) -> Imported:
    text = written.text(project(name, {environment: here.plain() for environment, here in found.items()}))
    return Imported(name, text, found, proofs(name, text, found))


def _patch(found: Here, proof: Proof) -> None:
    """Lay over what is not yet as it must be, and note it."""
    for each in proof.proven:
        if each.part.form is not None and each.built is not None:
            each.part.patch = each.patch
            each.part.notes += [Note(node.span, path, PATCHES) for path, node in each.missing]
