"""kubernetes-validate's schemas -> schemas/kubernetes/native.tsv: a line for as long as a definition stayed the same.

Run with `make schemas`; a test compares what is committed. Kept are the objects that one can submit (those with
ObjectMeta) and what they refer to; descriptions and Kubernetes' own annotations go, and the API server's rules come
(`hardening`). A keyword of Kubernetes' that mlgen has no message for stops the build.
"""

import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from tests.tools import hardening

Schema = dict[str, Any]

TARGET = Path(__file__).parents[2] / "schemas" / "kubernetes" / "native.tsv"
HEADER = "# definition, first minor, last minor, kind, schema: the Kubernetes API (Apache-2.0), written by make schemas"
KEPT = {"type", "$ref", "required", "enum", "format"}
META = "io.k8s.apimachinery.pkg.apis.meta.v1."
POD_LIST = "io.k8s.api.core.v1.PodList"
REFERENCE = re.compile(r'"#/\$defs/([^"]+)"')


class Definition(NamedTuple):
    """What one minor version says under a name: ``kind`` is "apps/v1 Deployment" for an object, else empty."""

    kind: str
    schema: str

    @property
    def needs(self) -> list[str]:
        return REFERENCE.findall(self.schema)


def sources() -> dict[str, Mapping[str, Schema]]:
    """Minor version -> its strict definitions as kubernetes-validate has them, oldest first."""
    folder = files("kubernetes_validate").joinpath("kubernetes-json-schema")
    numbers = sorted(
        int(found[1]) for entry in folder.iterdir() if (found := re.fullmatch(r"v1\.(\d+)\.0-local-strict", entry.name))
    )
    paths = {f"1.{number}": folder.joinpath(f"v1.{number}.0-local-strict", "_definitions.json") for number in numbers}
    return {minor: json.loads(path.read_bytes())["$defs"] for minor, path in paths.items()}


def bare(schema: Schema) -> Schema:
    """A schema without what only people read. Raises ValueError for a keyword that mlgen cannot explain."""
    result: Schema = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            result[keyword] = {name: bare(inner) for name, inner in value.items()}
        elif keyword in {"items", "additionalProperties"} and isinstance(value, dict):
            result[keyword] = bare(value)
        elif keyword == "oneOf":
            result[keyword] = [bare(inner) for inner in value]
        elif keyword in KEPT or (keyword == "additionalProperties" and value is False):
            result[keyword] = value
        elif keyword != "description" and not keyword.startswith("x-kubernetes-"):
            raise ValueError(f"mlgen has no message for the keyword {keyword}: {value}")
    return result


def kind_of(schema: Schema) -> str:
    """What an object with this schema says it is, or nothing if nobody submits it (a List, Status, DeleteOptions)."""
    named = schema.get("x-kubernetes-group-version-kind", [])
    if schema.get("properties", {}).get("metadata", {}).get("$ref") != f"#/$defs/{META}ObjectMeta" or len(named) != 1:
        return ""
    group, version, kind = (named[0][part] for part in ("group", "version", "kind"))
    return f"{group}/{version} {kind}" if group else f"{version} {kind}"


def with_list(definitions: Mapping[str, Schema]) -> dict[str, Schema]:
    """The definitions and kubectl's v1 List, which the published API leaves out: a PodList of anything."""
    plain = json.loads(json.dumps(definitions[POD_LIST]))
    plain["properties"]["kind"]["enum"] = ["List"]
    plain["properties"]["items"]["items"] = {"type": "object"}
    return {**definitions, f"{META}List": plain}


def definitions_of(minor: str, published: Mapping[str, Schema]) -> dict[str, Definition]:
    """The objects of one minor version and whatever they refer to, the API server's rules among it."""
    whole = with_list(published)
    kinds = {name: "v1 List" if name == f"{META}List" else kind_of(schema) for name, schema in whole.items()}
    plain = {name: bare(schema) for name, schema in whole.items()}
    found = hardening.hardened(int(minor.rpartition(".")[2]), plain, kinds)
    known = {name: Definition(kinds.get(name, ""), compact(schema)) for name, schema in found.items()}
    wanted = {name for name, definition in known.items() if definition.kind}
    open_names = list(wanted)
    while open_names:
        new = set(known[open_names.pop()].needs) - wanted
        wanted |= new
        open_names.extend(new)
    return {name: known[name] for name in wanted}


def compact(schema: Schema) -> str:
    """The schema on one line."""
    return json.dumps(schema, sort_keys=True, separators=(",", ":"))


def lines() -> Iterator[str]:
    """A line for each name and each unbroken row of minor versions in which it means the same."""
    minors = {minor: definitions_of(minor, definitions) for minor, definitions in sources().items()}
    for name in sorted(set().union(*minors.values())):
        first = before = last = None
        for minor, definitions in minors.items():
            definition = definitions.get(name)
            if definition != before:
                if before is not None:
                    yield "\t".join((name, str(first), str(last), *before))
                first, before = minor, definition
            last = minor
        if before is not None:
            yield "\t".join((name, str(first), str(last), *before))


def text() -> str:
    """The whole file."""
    return "\n".join((HEADER, *lines())) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
