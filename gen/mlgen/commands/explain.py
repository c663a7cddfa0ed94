"""`mlgen explain`: where a value of a built object came from, or what a field of a spec means."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mlgen import report
from mlgen.chain import Cause, Link, causes
from mlgen.commands import FINE, PROBLEMS, address, console, field
from mlgen.commands.build import place_of
from mlgen.commands.workspace import open_workspace
from mlgen.manifest import Manifest
from mlgen.masking import without_tokens
from mlgen.meeting import Place
from mlgen.node import Path as Pointer
from mlgen.problem import errors

NAME = ("metadata", "name")
SECRET = "secret-value"  # law 8: what is built of it is not shown either


def explain(root: Path | None, what: str, *, form: str) -> int:
    """Print the page of a field, or a project's objects, or the places behind the values of one object."""
    wanted = address.parse(what)
    if wanted is None:
        return field.explain(root, what, form=form)
    workspace = open_workspace(root, [wanted.project])
    place = place_of(workspace, wanted.environment)
    problems = list(workspace.platform.problems) if place is None else place.problems
    found = address.objects(place, wanted) if place is not None else []
    if place is None or not found or any(problem.rule == SECRET for problem in problems):
        if place is not None and not errors(problems):
            raise address.nothing(place, wanted)
        workspace.show(problems, form, sys.stderr)
        return PROBLEMS
    path = None if wanted.name is None else address.pointer(found[0].body, wanted.path or "")
    shown = _list(found, place, form) if path is None else _values(found[0], path, place, form)
    console.product(without_tokens(shown))
    return FINE


def _list(found: Sequence[Manifest], place: Place, form: str) -> str:
    """The objects, each with the place that it has its name from."""
    links = [(address.shown(manifest), causes(manifest, NAME, place.resolved)[0].link) for manifest in found]
    if form == "json":
        return _json({"objects": [{"object": name, **_link_as_json(link)} for name, link in links]})
    return _table([(name, _where(link)) for name, link in links])


def _values(manifest: Manifest, path: Pointer, place: Place, form: str) -> str:
    """One value with all that is behind it, or a line for each of many."""
    name = address.shown(manifest)
    values = [
        (".".join(map(str, leaf)), value, causes(manifest, leaf, place.resolved))
        for leaf, value in address.leaves(manifest.body, path)
    ]
    if form == "json":
        entries = [
            {"path": where, "value": value, "from": [_cause_as_json(cause) for cause in why]}
            for where, value, why in values
        ]
        return _json({"object": name, "values": entries})
    if len(values) == 1:
        where, value, why = values[0]
        return (
            f"{name}: {where} = {report.safe(_text(value))}\n{_table([row for cause in why for row in _rows(cause)])}"
        )
    rows = [("", why[0].link.layer, _where(why[0].link), f"{where} = {_text(value)}") for where, value, why in values]
    return f"{name}\n{_table(rows)}"


def _rows(cause: Cause) -> Iterator[tuple[str, ...]]:
    yield "  from", cause.link.layer, _where(cause.link), cause.link.text
    for link in cause.overrode:
        yield "  over", link.layer, _where(link), link.text


def _table(rows: Sequence[tuple[str, ...]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "".join(f"{report.safe(line.rstrip())}\n" for line in lines)


def _where(link: Link) -> str:
    return f"{link.span.file}:{link.span.line}:{link.span.column}"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _link_as_json(link: Link) -> dict[str, Any]:
    span = link.span
    return {"layer": link.layer, "file": span.file, "line": span.line, "column": span.column, "text": link.text}


def _cause_as_json(cause: Cause) -> dict[str, Any]:
    return {**_link_as_json(cause.link), "overrode": [_link_as_json(link) for link in cause.overrode]}


def _json(document: dict[str, Any]) -> str:
    return json.dumps({"schema_version": 1, **document}, indent=2) + "\n"
