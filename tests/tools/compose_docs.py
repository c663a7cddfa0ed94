"""The registries -> docs/rules.md, docs/spec.md, docs/platforms.md: what `mlgen rule`, `explain` and `platform` say.

Run with `make schemas`; a test compares what is committed.
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlgen import profiles, schema
from mlgen.catalog import RULES
from mlgen.kinds import KINDS
from mlgen.schema.fields import Field, fields

DOCS = Path(__file__).parents[2] / "docs"
PIPELINE = ("pipelines", "nightly")
COMPLETE: Any = schema.load("environment").shape("#/definitions/complete")["properties"]["platform"]["properties"]
CHOICES: Mapping[str, Any] = {key: choice for key, choice in sorted(COMPLETE.items()) if key != "profile"}
PLATFORMS_HEAD = """\
The same project runs on each of these without a change: an environment says what it has, and mlgen writes the objects
for that. `platform: kubeflow-26.03` names a profile; single entries differ from it, or stand alone:
`platform: {profile: kubeflow-26.03, pipelines: argo-workflows-4.1}`. `mlgen platform show kubeflow-26.03` prints one.
In brackets: the release that a profile was made for.
[tests/cases/platforms](../tests/cases/platforms) has three projects on seven platforms."""
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


def platforms() -> Iterator[str]:
    yield f"# What runs on what\n\n{PLATFORMS_HEAD}\n\n## Profiles\n"
    shipped = {name: profiles.load(name) for name in profiles.names()}
    for name, profile in shipped.items():
        yield f"* `{name}`: {profile.description}"
        yield from (f"  `{key}`: {note}" for key, note in profile.notes.items())
    columns = {name: profiles.filled(profile) for name, profile in shipped.items()}
    yield f"\n| `platform` | {' | '.join(f'`{name}`' for name in columns)} |\n|---|{'---|' * len(columns)}"
    for key in CHOICES:
        cells = (release(columns[name][key], shipped[name].versions) for name in columns)
        yield f"| `{key}` | {' | '.join(cells)} |"
    yield "\n## Back-ends\n\n| `platform` | may be | which is |\n|---|---|---|"
    for key, choice in CHOICES.items():
        _, *told = re.split(rf"(?:^| )`({'|'.join(map(re.escape, choice['enum']))})`: ", choice["description"])
        assert told[::2] == choice["enum"], f"`x-backends` of {key}"
        for name, text in zip(told[::2], told[1::2], strict=True):
            yield f"| `{key}` | `{name}`{', the default' if name == choice.get('default') else ''} | {cell(text)} |"
    yield ""


def release(backend: str | None, versions: Mapping[str, str]) -> str:
    """A back-end, and which release of it a profile was made for."""
    if backend is None:
        return "nothing"
    return f"`{backend}`" + (f" ({versions[backend]})" if backend in versions else "")


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
    return {"rules.md": "\n".join(rules()), "spec.md": "\n".join(spec()), "platforms.md": "\n".join(platforms())}


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    for name, text in compose().items():
        (DOCS / name).write_text(text, encoding="utf-8")
