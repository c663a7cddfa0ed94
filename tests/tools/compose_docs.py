"""The rules and the schemas -> docs/rules.md and docs/spec.md: what `mlgen rule` and `mlgen explain` say, on two pages.

Run with `make schemas`; a test compares what is committed.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from mlgen import schema
from mlgen.catalog import RULES
from mlgen.kinds import KINDS
from mlgen.schema.fields import Field, fields

DOCS = Path(__file__).parents[2] / "docs"
PIPELINE = ("pipelines", "nightly")
ROOTS = {
    "project": "A project: `projects/<name>/mlgen.yaml`",
    "environment": "An environment: `environments/<name>.yaml`",
}


def rules() -> Iterator[str]:
    yield "# Rules\n\nWhat mlgen reports, and why. `mlgen rule ID` prints one of them.\n"
    for rule in RULES.values():
        yield f"## {rule.id}\n\n{rule.title}.\n\n{rule.why}\n"
        yield from (
            f"{word}:\n\n```yaml\n{text}\n```\n"
            for word, text in (("Instead of", rule.bad), ("write", rule.good))
            if text
        )
        if rule.source:
            yield f"Source: {rule.source}.\n"
        yield f"{rule.weight}\n"


def spec() -> Iterator[str]:
    yield "# What may be written\n\n`mlgen explain FIELD` says more of each; `mlgen schema` is for editors.\n"
    for name, title in ROOTS.items():
        yield f"## {title}\n"
        yield table([(key, fields(schema.load(name), key)) for key in schema.load(name)["properties"]])
    for kind in KINDS:
        page = fields(schema.load("project"), kind)
        if page is not None:
            yield f"## kind: {kind}\n\n{page.description}\n"
            yield table([(key, fields(schema.load("project"), kind, key)) for key, _ in page.children])
    page = fields(schema.load("project"), *PIPELINE)
    if page is not None:
        yield f"## `pipelines.<name>`\n\n{page.description}\n"
        yield table([(key, fields(schema.load("project"), *PIPELINE, key)) for key, _ in page.children])


def table(rows: list[tuple[str, Field | None]]) -> str:
    lines = ["| key | is | default |", "|---|---|---|"]
    for key, field in rows:
        if field is not None:
            default = "" if field.default in (None, {}) else f"`{json.dumps(field.default)}`"
            lines.append(f"| `{key}` | {cell(field.description)} | {cell(default)} |")
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def compose() -> dict[str, str]:
    """File name -> text of every generated page."""
    return {"rules.md": "\n".join(rules()), "spec.md": "\n".join(spec())}


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    for name, text in compose().items():
        (DOCS / name).write_text(text, encoding="utf-8")
