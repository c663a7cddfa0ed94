"""schemas/{top,common,workload}.json, kinds/, data/, storage/ -> project.json, environment.json, releases.json.

The sources say each thing once; the composed files are flat, so that an editor needs one file only.
Run with `make schemas`; a test compares what is committed.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SCHEMAS = Path(__file__).parents[2] / "schemas"
Schema = dict[str, Any]

# Workload kinds that DESIGN promises and that are not built yet: refused by name.
PLANNED_KINDS = {
    "spark": "Spark comes with the platform's other kinds",
    "tensorflow": "TensorFlow training comes with the platform's other kinds",
    "pytorch": "PyTorch training comes with the platform's other kinds",
}
PLANNED_DATA = {"files": "Azure Files come with the platform's other storage"}
# What only a complete value can keep: a part may lack keys, and null may stand beside what replaces it.
COMPLETE_ONLY = {"required", "default", "minProperties", "maxProperties"}
NOT_IN_DEFAULTS = {"kind", "environments"}


def read(path: Path) -> Schema:
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    schema.pop("$schema", None)
    return schema


def folder(name: str) -> dict[str, Schema]:
    return {path.stem: read(path) for path in sorted((SCHEMAS / name).glob("*.json"))}


class Composer:
    """The sources, and what is made of them."""

    def __init__(self) -> None:
        self.common: Schema = read(SCHEMAS / "common.json")["definitions"]
        self.top: Schema = read(SCHEMAS / "top.json")["definitions"]
        self.workload = read(SCHEMAS / "workload.json")
        self.kinds = {name: self.kind(name, schema) for name, schema in folder("kinds").items()}
        self.data = folder("data")
        self.storage = folder("storage")
        self.named = {f"storage-{name}": schema for name, schema in self.storage.items()}
        self.named |= {"gpuClass": self.top["gpuClass"]}

    def kind(self, name: str, schema: Schema) -> Schema:
        return {
            "description": schema["description"],
            "type": "object",
            "additionalProperties": False,
            "required": schema.get("required", self.workload["required"]),
            "properties": self.workload["properties"] | schema["properties"],
            "x-planned": self.workload["x-planned"] | schema.get("x-planned", {}),
            "x-backends": schema["x-backends"],
            "examples": schema["examples"],
        }

    def local(self, schema: Any) -> Any:
        """References made local; one with keywords beside it is inlined, since draft-07 ignores those."""
        if isinstance(schema, list):
            return [self.local(item) for item in schema]
        if not isinstance(schema, dict):
            return schema
        reference = schema.get("$ref")
        if isinstance(reference, str):
            name = reference.rsplit("/", 1)[1]
            if len(schema) == 1:
                return {"$ref": f"#/definitions/{name}"}
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            return self.local(self.common[name] | beside)
        return {key: self.local(value) for key, value in schema.items()}

    def partial(self, schema: Schema, *, nullable: bool = True) -> Schema:
        """What an override may write of ``schema``: any part of it, and null to take a value away."""
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[1]
            beside = {key: value for key, value in schema.items() if key != "$ref"}
            return self.partial((self.common | self.named)[name] | beside, nullable=nullable)
        result = {key: value for key, value in schema.items() if key not in COMPLETE_ONLY}
        if nullable and "enum" in result:
            result["enum"] = [*result["enum"], None]
        elif nullable and "type" in result:
            types = result["type"] if isinstance(result["type"], list) else [result["type"]]
            result["type"] = [*types, "null"]
        if result.get("type") in ("object", ["object", "null"]):
            required = schema.get("required", [])
            if "properties" in result:
                result["properties"] = {
                    key: self.partial(value, nullable=key not in required)
                    for key, value in result["properties"].items()
                }
            if isinstance(result.get("additionalProperties"), dict):
                result["additionalProperties"] = self.partial(result["additionalProperties"])
        return result

    def union(self, description: str, shapes: Mapping[str, Schema], leave_out: set[str]) -> Schema:
        """One open choice over the properties of several shapes, each partial: what an override may write."""
        properties: dict[str, list[Schema]] = {}
        for shape in shapes.values():
            for key, schema in self.partial(shape)["properties"].items():
                found = properties.setdefault(key, [])
                if key not in leave_out and schema not in found:
                    found.append(schema)
        planned = {key: why for shape in shapes.values() for key, why in shape.get("x-planned", {}).items()}
        merged = {
            key: found[0] if len(found) == 1 else {"description": found[0]["description"], "anyOf": found}
            for key, found in properties.items()
            if found
        }
        result = {
            "description": description,
            "type": ["object", "null"],
            "additionalProperties": False,
            "properties": merged,
        }
        return result | (
            {"x-planned": {key: why for key, why in planned.items() if key not in merged}} if planned else {}
        )

    def project(self) -> Schema:
        kinds = list(self.kinds)
        workload = {
            "description": "One thing that runs.",
            "type": "object",
            "required": ["kind"],
            "properties": {
                "kind": {
                    "description": "What kind of workload it is.",
                    "enum": kinds,
                    "x-planned-values": {k: why for k, why in PLANNED_KINDS.items() if k not in kinds},
                    "examples": kinds[:1],
                }
            },
            "allOf": [
                {
                    "if": {"required": ["kind"], "properties": {"kind": {"const": kind}}},
                    "then": {"$ref": f"#/definitions/kind-{kind}"},
                }
                for kind in kinds
            ],
            "examples": [{"kind": "job", "command": ["python", "-m", "churn.train"]}],
        }
        data = {
            "description": "What workloads read and write: `blob`, `claim` or `scratch`.",
            "type": "object",
            "anyOf": [{"$ref": f"#/definitions/data-{name}"} for name in self.data],
            "x-planned": PLANNED_DATA,
            "examples": [{"blob": "telemetry/raw", "freshness": "1h"}],
        }
        definitions = {
            "workload": workload,
            "data": data,
            **{f"kind-{name}": schema for name, schema in self.kinds.items()},
            **{f"data-{name}": schema for name, schema in self.data.items()},
            "override": self.top["override"],
            "workloadOverride": self.union(
                "What is different about a workload; `null` takes it away.", self.kinds, {"kind"}
            ),
            "dataOverride": self.union("What is different about this data.", self.data, set()),
        }
        return self.flat(self.top["project"], definitions)

    def environment(self) -> Schema:
        frame = json.loads(json.dumps(self.top["environment"]))
        properties = frame["properties"]
        for name, schema in self.kinds.items():
            backends = list(schema["x-backends"])
            properties["platform"]["properties"][name] = {
                "description": " ".join(f"`{key}`: {text}" for key, text in schema["x-backends"].items()),
                "enum": backends,
                "default": backends[0],
                "examples": backends[:1],
            }
            part = self.union(f"What a {name} gets unless the project says otherwise.", {name: schema}, NOT_IN_DEFAULTS)
            properties["defaults"]["properties"][name] = part | {"examples": schema["examples"]}
        for kind in sorted({schema["x-storage"] for schema in self.storage.values()}):
            shapes = [
                {"$ref": f"#/definitions/storage-{k}"}
                for k, schema in self.storage.items()
                if schema["x-storage"] == kind
            ]
            properties["storage"]["properties"][kind] = shapes[0] if len(shapes) == 1 else {"anyOf": shapes}
        # A file states only what it changes of base.yaml; laid over it, the whole must be complete.
        part = self.partial(frame, nullable=False) | {"required": frame["required"]}
        head = {key: properties[key] for key in frame["required"]}
        part["properties"] |= head | {key: properties[key] for key in ("defaults",)}
        return self.flat(part | {"x-whole": {"$ref": "#/definitions/complete"}}, self.named | {"complete": frame})

    def releases(self) -> Schema:
        return self.flat(self.top["releases"], {"release": self.top["release"]})

    def flat(self, frame: Schema, definitions: dict[str, Schema]) -> Schema:
        """``frame`` with the definitions it needs, and no others."""
        known = {name: self.local(schema) for name, schema in (self.common | definitions).items()}
        body = self.local(frame)
        needed: dict[str, Schema] = {}
        open_names = list(references(body))
        while open_names:
            name = open_names.pop()
            if name not in needed:
                needed[name] = known[name]
                open_names.extend(references(known[name]))
        ordered = {name: needed[name] for name in known if name in needed}
        return {"$schema": "http://json-schema.org/draft-07/schema#", **body, "definitions": ordered}


def references(schema: Any) -> Iterator[str]:
    """The names of the definitions that ``schema`` refers to."""
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].rsplit("/", 1)[1]
        for value in schema.values():
            yield from references(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from references(item)


def compose() -> dict[str, str]:
    """File name -> text of every composed schema."""
    composer = Composer()
    schemas = {"project": composer.project(), "environment": composer.environment(), "releases": composer.releases()}
    return {f"{name}.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in schemas.items()}


if __name__ == "__main__":
    for name, text in compose().items():
        (SCHEMAS / name).write_text(text, encoding="utf-8")
