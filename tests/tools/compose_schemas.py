"""schemas/{top,common,workload,pipeline}.json, kinds/, data/, storage/, secrets/, gitops/ -> the composed schemas.

The sources say each thing once; the composed files are flat, so that an editor needs one file only.
Run with `make schemas`; a test compares what is committed.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mlgen.schema.partial import Schema, either, exchangeable, partial, union

SCHEMAS = Path(__file__).parents[2] / "schemas"

# Workload kinds that are promised and not built yet: refused by name.
PLANNED_KINDS: dict[str, str] = {}
# What Kubernetes calls such a thing, and what it is here.
OTHER_KINDS = {
    "CronJob": "write `kind: job`, with a `schedule`",
    "Experiment": "write `kind: sweep`",
    "Deployment": "write `kind: serving`",
    "InferenceService": "write `kind: serving`",
    "MPIJob": "write `kind: mpi`",
    "PyTorchJob": "write `kind: pytorch`",
    "RayJob": "write `kind: ray`",
    "Notebook": "write `kind: notebook`",
    "Service": "write `kind: serving`",
    "SparkApplication": "write `kind: spark`",
    "StatefulSet": "write `kind: notebook`, or `kind: serving`",
    "TFJob": "write `kind: tensorflow`",
}
PROFILE = "profile"
ABOUT_BACKENDS = ("x-backends", "x-marks")
NOT_IN_DEFAULTS = {"kind", "environments", "patches", "ignore"}


def read(path: Path) -> Schema:
    schema: Schema = json.loads(path.read_text(encoding="utf-8"))
    schema.pop("$schema", None)
    return schema


def folder(name: str) -> dict[str, Schema]:
    return {path.stem: read(path) for path in sorted((SCHEMAS / name).glob("*.json"), key=lambda path: path.stem)}


class Composer:
    """The sources, and what is made of them."""

    def __init__(self) -> None:
        self.common: Schema = read(SCHEMAS / "common.json")["definitions"]
        self.top: Schema = read(SCHEMAS / "top.json")["definitions"]
        self.workload = read(SCHEMAS / "workload.json")
        self.kinds = {name: self.kind(name, schema) for name, schema in folder("kinds").items()}
        self.data = folder("data")
        self.storage = folder("storage")
        self.pipeline = read(SCHEMAS / "pipeline.json")
        self.named = {f"storage-{name}": schema for name, schema in self.storage.items()}
        # The default first: it is the one that examples show.
        self.secrets = dict(sorted(folder("secrets").items(), key=lambda item: item[0] != "existing"))
        self.named |= {f"secrets-{name}": schema for name, schema in self.secrets.items()}
        self.gitops = folder("gitops")
        # The plain cluster first, as with every choice.
        self.platforms = dict(sorted(folder("platforms").items(), key=lambda item: item[0] != "plain"))
        self.named |= {f"gitops-{name}": schema for name, schema in self.gitops.items()}
        self.named |= {name: self.top[name] for name in ("gpuClass", "disk", "connection", "priority")}

    def kind(self, name: str, schema: Schema) -> Schema:
        return {
            "description": schema["description"],
            "type": "object",
            "additionalProperties": False,
            "required": schema.get("required", self.workload["required"]),
            # Null takes away what every kind has.
            "properties": {
                key: part
                for key, part in (self.workload["properties"] | schema["properties"]).items()
                if part is not None
            },
            "x-planned": self.workload["x-planned"] | schema.get("x-planned", {}),
            "x-instead": self.workload["x-instead"] | schema.get("x-instead", {}),
            "x-backends": schema["x-backends"],
            # Null where a plain cluster cannot run the kind: an environment must choose a back-end.
            **{key: schema[key] for key in ("x-default-backend",) if key in schema},
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
        return partial(schema, self.common | self.named, nullable=nullable)

    def union(self, description: str, shapes: Mapping[Any, Schema], leave_out: set[str]) -> Schema:
        return union(description, shapes, leave_out, self.common | self.named)

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
                    "x-instead-values": OTHER_KINDS,
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
            "description": f"What workloads read and write: {', '.join(f'`{name}`' for name in self.data)}.",
            "type": "object",
            "anyOf": [{"$ref": f"#/definitions/data-{name}"} for name in self.data],
            "x-short": "blob",
            "examples": [{"blob": "telemetry/raw", "freshness": "1h"}],
        }
        definitions = {
            "workload": workload,
            "data": data,
            **{f"kind-{name}": schema for name, schema in self.kinds.items()},
            **{f"data-{name}": schema for name, schema in self.data.items()},
            "pipeline": {word: value for word, value in self.pipeline.items() if word not in ABOUT_BACKENDS},
            "step": self.top["step"],
            "override": self.top["override"],
            "pipelineOverride": self.pipeline_override(),
            "stepOverride": self.partial(self.top["step"]),
            "workloadOverride": self.union(
                "What is different about a workload; `null` takes it away.", self.kinds, {"kind"}
            ),
            "dataOverride": self.union("What is different about this data.", exchangeable(self.data), set()),
        }
        return self.flat(self.top["project"], definitions)

    def pipeline_override(self) -> Schema:
        """What an environment may change of a pipeline: of its steps too, where they are a map."""
        part = self.partial(self.pipeline) | {
            "description": "What is different about a pipeline; `null` takes it away."
        }
        steps = part["properties"]["steps"] = json.loads(json.dumps(part["properties"]["steps"]))
        for branch in steps["anyOf"]:
            branch.pop("minProperties", None)
            if "additionalProperties" in branch:
                branch["additionalProperties"] = {"$ref": "#/definitions/stepOverride"}
        return {word: value for word, value in part.items() if word not in ABOUT_BACKENDS}

    def environment(self) -> Schema:
        frame = json.loads(json.dumps(self.top["environment"]))
        properties = frame["properties"]
        for name, schema in self.kinds.items():
            backends = list(schema["x-backends"])
            properties["platform"]["properties"][name] = {
                "description": " ".join(f"`{key}`: {text}" for key, text in schema["x-backends"].items()),
                "enum": backends,
                **({} if "x-default-backend" in schema else {"default": backends[0]}),
                "examples": backends[:1],
            }
            part = self.union(f"What a {name} gets unless the project says otherwise.", {name: schema}, NOT_IN_DEFAULTS)
            properties["defaults"]["properties"][name] = part | {"examples": schema["examples"]}
        engines = self.pipeline["x-backends"]
        properties["platform"]["properties"]["pipelines"] = {
            "description": " ".join(f"`{key}`: {text}" for key, text in engines.items()),
            "enum": list(engines),
            "default": next(iter(engines)),
            "examples": list(engines)[1:2],
        }
        properties["platform"]["properties"][PROFILE] |= {
            "description": properties["platform"]["properties"][PROFILE]["description"]
            + "".join(f" `{name}`: {profile['description']}" for name, profile in self.platforms.items()),
            "enum": list(self.platforms),
            "examples": ["kubeflow-26.03"],
        }
        stores = {schema["x-storage"]: self.drivers(schema["x-storage"]) for schema in self.storage.values()}
        properties["storage"]["properties"] |= {
            kind: by_tag("driver", "storage", drivers) for kind, drivers in stores.items()
        }
        provided = by_tag("from", "secrets", self.secrets)
        properties["secrets"] |= {key: provided[key] for key in provided if key != "description"}
        pointed = by_tag("engine", "gitops", self.gitops)
        properties["gitops"] |= {key: pointed[key] for key in pointed if key != "description"}
        # A file states only what it changes of base.yaml; laid over it, the whole must be complete.
        part = self.partial(frame, nullable=False) | {"required": frame["required"]}
        part["properties"]["storage"]["properties"] |= {
            kind: self.union(properties["storage"]["properties"][kind]["description"], exchangeable(drivers), set())
            | {"examples": [example for schema in drivers.values() for example in schema["examples"]]}
            for kind, drivers in stores.items()
        }
        part["properties"]["platform"] = either_profile(part["properties"]["platform"])
        part["properties"]["secrets"] = self.union(
            properties["secrets"]["description"], exchangeable(self.secrets), set()
        ) | {key: properties["secrets"][key] for key in ("x-short", "examples")}
        part["properties"]["gitops"] = self.union(
            properties["gitops"]["description"], exchangeable(self.gitops), set()
        ) | {"examples": properties["gitops"]["examples"]}
        head = {key: properties[key] for key in frame["required"]}
        part["properties"] |= head | {key: properties[key] for key in ("defaults",)}
        return self.flat(part | {"x-whole": {"$ref": "#/definitions/complete"}}, self.named | {"complete": frame})

    def drivers(self, kind: str) -> dict[str, Schema]:
        """The drivers of one kind of storage, by name."""
        return {name: schema for name, schema in self.storage.items() if schema["x-storage"] == kind}

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


def either_profile(platform: Schema) -> Schema:
    """What a file may say of its platform: a map, or the name of a profile in its place."""
    named = platform["properties"][PROFILE]
    alone = {word: named[word] for word in ("description", "examples", "x-instead-values")}
    told = {"description": platform["description"], "examples": [*named["examples"], *platform["examples"]]}
    choice = [choice for choice in named["enum"] if choice is not None]
    return told | {"anyOf": [alone | {"type": "string", "enum": choice}, platform]}


def by_tag(tag: str, kind: str, shapes: Mapping[str, Schema]) -> Schema:
    """One choice between shapes, each a definition of its own: the key ``tag`` says which one it is."""
    return {
        "description": " ".join(f"`{name}`: {schema['description']}" for name, schema in shapes.items()),
        "type": "object",
        "required": [tag],
        "properties": {tag: either([schema["properties"][tag] for schema in shapes.values()])},
        "allOf": [
            {
                "if": {"required": [tag], "properties": {tag: {"const": name}}},
                "then": {"$ref": f"#/definitions/{kind}-{name}"},
            }
            for name in shapes
        ],
        "examples": [example for schema in shapes.values() for example in schema["examples"]],
    }


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
