"""A path such as serving.replicas -> the page that says what may be written there."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import wrap
from typing import Any

from mlgen import schema
from mlgen.commands import FINE, UsageError, console, contract, manual
from mlgen.commands.schema import NAMES
from mlgen.schema import fields
from mlgen.suggest import did_you_mean

Own = Mapping[str, schema.Schema]
FORM = "an object is named PROJECT/ENV:KIND/NAME[:PATH], as in churn/prod:Deployment/serve:spec.replicas"


def explain(root: Path | None, what: str, *, form: str) -> int:
    """Print the page of a field. Raises UsageError where there is none."""
    own = contract.schemas(root)
    steps = what.strip(".").split(".")
    found = _found(steps, own)
    if found is None:
        raise UsageError(f"there is no field `{what}`", _hint(steps, own))
    if form == "json":
        page = {**found._asdict(), "children": dict(found.children)}
        console.product(json.dumps({"schema_version": 1, **page}, indent=2) + "\n")
    else:
        console.product("".join(f"{line}\n" for line in _page(what, found)))
    return FINE


def starts(own: Own) -> list[str]:
    """The words that a path can begin with: the kinds of workloads, ``own`` ones too, and the keys of files."""
    words = schema.load("project", own).root["definitions"]
    kinds = [word.removeprefix("kind-") for word in words if word.startswith("kind-")]
    return [*kinds, *dict.fromkeys(key for name in NAMES for key in schema.load(name, own).root["properties"])]


def _found(steps: list[str], own: Own) -> fields.Field | None:
    pages = (fields.fields(schema.load(name, own), *steps) for name in NAMES)
    return next((page for page in pages if page is not None), None)


def _hint(steps: list[str], own: Own) -> str:
    """The word that was meant, below the last part of the path that exists."""
    if any(sign in step for step in steps for sign in "/:"):
        return FORM
    for end in range(len(steps) - 1, 0, -1):
        page = _found(steps[:end], own)
        if page is not None:
            hint = did_you_mean(steps[end], dict(page.children)) or f"see `mlgen explain {'.'.join(steps[:end])}`"
            return f"below `{'.'.join(steps[:end])}`, {hint}" if page.children else "nothing is below it"
    return did_you_mean(steps[0], starts(own)) or "a path begins with a kind of workload, as `serving.replicas` does"


def _page(what: str, field: fields.Field) -> Iterator[str]:
    yield f"{what}  <{field.type}>"
    yield ""
    yield from _folded(field.description)
    if field.form:
        yield from _folded(f"{field.form[0].upper()}{field.form[1:]}.")
    if field.allowed:
        yield from _folded(f"One of: {', '.join(map(_text, field.allowed))}")
    if field.default not in (None, {}, []):
        yield f"  Default: {_text(field.default)}"
    if field.examples:
        yield f"  Example: {_text(field.examples[0])}"
    if field.children:
        yield ""
        marks = dict.fromkeys(field.required, " (required)")
        yield from manual.table([(name, f"{text}{marks.get(name, '')}") for name, text in field.children])


def _folded(text: str) -> list[str]:
    return wrap(text, manual.WIDEST, initial_indent="  ", subsequent_indent="  ")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
