"""`mlgen platform detect`: a cluster's CustomResourceDefinitions -> the `platform` of its environment, and why."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from textwrap import wrap

from mlgen import detecting, document, profiles
from mlgen.body import Body, maps_at, text_at
from mlgen.commands import FINE, PROBLEMS, UsageError, console, counted, manual
from mlgen.crd import definition, importing
from mlgen.detecting import Detected
from mlgen.detecting.shown import Definition
from mlgen.detecting.shown import definition as read
from mlgen.node import Node
from mlgen.problem import Fault, Problem, Span, errors

STDIN = "-"
PIPE = "`kubectl get crd -o yaml | mlgen platform detect` reads a cluster's"
CUT = "the input is cut off: let kubectl finish, and give all of what it prints"


def detect(name: str | None, *, form: str) -> int:
    """Print the entry, and why; on stderr what could not be told. 1 where the definitions cannot be read."""
    file, data = _input(name)
    parsed = document.parse(data, file=file, dialect="kubernetes", limits=importing.LIMITS)
    problems = list(parsed.problems)
    found = _definitions(parsed.documents, file, problems) if not errors(problems) else {}
    if errors(problems):
        console.show(problems, {file: parsed.text}, "text", sys.stderr)
        return PROBLEMS
    detected = detecting.detect(found)
    console.product(_json(detected) if form == "json" else "\n".join(_text(detected)) + "\n")
    for line in detected.untold:
        console.say("\n".join(wrap(line, manual.WIDEST, break_on_hyphens=False)))
    if not detected.found and not detected.untold:
        console.say(f"Of {counted(len(found), 'definition')} none is of an operator that mlgen has a back-end for.")
    return FINE


def _input(name: str | None) -> tuple[str, bytes]:
    """The name that the input goes by, and all of it. Raises UsageError where there is none."""
    if name not in (None, STDIN):
        path = Path(str(name))
        if path.is_dir() or not path.exists():  # a pipe will do, as shells make it of `<(kubectl get crd -o yaml)`
            raise UsageError(f"there is no file {name}", PIPE)
        return str(name), path.read_bytes()
    if sys.stdin.isatty():
        raise UsageError("nothing is given", PIPE)
    data = sys.stdin.buffer.read()
    if not data.strip():
        raise UsageError("stdin is empty", "did kubectl print an error? `kubectl get crd -o yaml` prints definitions")
    return STDIN, data


def _definitions(documents: Sequence[Node], file: str, problems: list[Problem]) -> dict[str, Definition]:
    """The definitions by their names; whatever keeps one from being read joins ``problems``."""
    found = {}
    for one in documents:
        if "items" in one and "kind" not in one:  # which kubectl prints after them
            problems.append(Problem("bad-definition", one.key_span("items"), "this list has no end", CUT))
            return {}
        for node in importing.objects(one):
            body = node.plain()
            if isinstance(body, dict) and body.get("kind") == definition.KIND:
                problems += (_problem(node, fault) for fault in _faults(body))
                found[f"{text_at(body, 'spec', 'names', 'plural')}.{text_at(body, 'spec', 'group')}"] = read(body)
    if not found:
        message = f"there is no {definition.KIND} in this input"
        problems.append(Problem("bad-definition", Span(file, 1, 1, 1, 1), message, definition.GET))
    return found


def _faults(body: Body) -> Iterator[Fault]:
    """Why a definition cannot be read, or ends too soon: a version that is whole says whether it is served."""
    yield from definition.unreadable(body)
    for path, version in maps_at(body, "spec", "versions"):
        if not isinstance(version.get("served"), bool):
            yield Fault(path, "bad-definition", "`served` is missing", CUT)


def _problem(node: Node, fault: Fault) -> Problem:
    return Problem(fault.rule, node.nearest(fault.path).span, fault.message, fault.help or CUT)


def _text(detected: Detected) -> Iterator[str]:
    """YAML for the environment, and comments."""
    entry = detected.entry
    if isinstance(entry, str):
        yield f"{profiles.PLATFORM}: {entry}"
    else:
        written = ", ".join(f"{key}: {'null' if value is None else value}" for key, value in entry.items())
        yield f"{profiles.PLATFORM}: {{{written}}}"
    for one in detected.found:
        others = f"; or {' or '.join(one.backends[1:])}" if one.backends[1:] else ""
        yield f"# {one.key}: {one.backends[0]}, for {one.because}{others}"
    if detected.beside:
        yield "# The environment may say more of this cluster:"
        yield from (f"# {line}" for line in detected.beside)


def _json(detected: Detected) -> str:
    found = [
        {"key": one.key, "backend": one.backends[0], "others": one.backends[1:], "because": one.because}
        for one in detected.found
    ]
    document = {"schema_version": 1, "platform": detected.entry, "found": found}
    return json.dumps({**document, "untold": detected.untold, "beside": detected.beside}, indent=2) + "\n"
