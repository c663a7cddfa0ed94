"""A path such as serving.replicas -> the page that says what may be written there."""

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from mlgen import schema
from mlgen.commands import FINE, UsageError, console, manual
from mlgen.commands.schema import NAMES
from mlgen.schema import fields
from mlgen.suggest import did_you_mean

FORM = "an object is named PROJECT/ENV:KIND/NAME[:PATH], as in churn/prod:Deployment/serve:spec.replicas"


def explain(what: str, *, form: str) -> int:
    """Print the page of a field. Raises UsageError where there is none."""
    steps = what.strip(".").split(".")
    found = _found(steps)
    if found is None:
        raise UsageError(f"there is no field `{what}`", _hint(steps))
    if form == "json":
        page = {**found._asdict(), "children": dict(found.children)}
        console.product(json.dumps({"schema_version": 1, **page}, indent=2) + "\n")
    else:
        console.product("".join(f"{line}\n" for line in _page(what, found)))
    return FINE


def starts() -> list[str]:
    """The words that a path can begin with: the kinds of workloads, and the keys of files."""
    words = schema.load("project").root["definitions"]
    kinds = [word.removeprefix("kind-") for word in words if word.startswith("kind-")]
    return [*kinds, *dict.fromkeys(key for name in NAMES for key in schema.load(name).root["properties"])]


def _found(steps: list[str]) -> fields.Field | None:
    pages = (fields.fields(schema.load(name), *steps) for name in NAMES)
    return next((page for page in pages if page is not None), None)


def _hint(steps: list[str]) -> str:
    """The word that was meant, below the last part of the path that exists."""
    if any(sign in step for step in steps for sign in "/:"):
        return FORM
    for end in range(len(steps) - 1, 0, -1):
        page = _found(steps[:end])
        if page is not None:
            hint = did_you_mean(steps[end], dict(page.children)) or f"see `mlgen explain {'.'.join(steps[:end])}`"
            return f"below `{'.'.join(steps[:end])}`, {hint}" if page.children else "nothing is below it"
    return did_you_mean(steps[0], starts()) or "a path begins with a kind of workload, as `serving.replicas` does"


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
