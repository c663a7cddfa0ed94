"""A platform repository's own kinds -> the schemas of projects and environments that know them beside the others."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from mlgen import shipped
from mlgen.node import Node
from mlgen.own.kind import Kind
from mlgen.problem import Span
from mlgen.schema.contract import Composed, Schema
from mlgen.schema.partial import Named, partial, union

Part = dict[str, Any]
# What no workload of a kind gets from its environment: it says what it is, or is about one workload.
NOT_IN_DEFAULTS = {"kind", "environments", "patches", "ignore"}
ANYTHING: Part = {"description": "A kind that has errors: what is written of it is not looked at.", "examples": [{}]}


class Composer:
    """The schemas that ship, and what is laid over them."""

    def __init__(self, project: Schema, environment: Schema) -> None:
        self.project = project
        self.environment = environment
        self.spans: dict[int, Span] = {}
        self.named: Named = {**_shipped("common")["definitions"], **project["definitions"]}

    def compose(self, kinds: Iterable[Kind], broken: Iterable[str]) -> Mapping[str, Schema]:
        """Both schemas with ``kinds`` in them; those that are ``broken`` may say anything."""
        sound = {kind.name: kind for kind in kinds}
        shapes = {name: self.kind(kind) for name, kind in sound.items()}
        overrides = {name: union("", {name: shapes[name]}, {"kind"}, self.named)["properties"] for name in sound}
        shapes |= {name: ANYTHING | {"type": "object"} for name in broken}
        return {
            "project": Composed(self.with_kinds(shapes, overrides), self.project, self.spans),
            "environment": Composed(self.with_offers(sound, shapes), self.environment, self.spans),
        }

    def kind(self, kind: Kind) -> Part:
        """The shape of a workload of one kind: what every kind has, and its own keys over that."""
        workload, schema = _shipped("workload"), kind.schema
        common = self.project["definitions"]["kind-job"]["properties"]
        own = schema["properties"].entries
        properties: Part = {key: common[key] for key in workload["properties"] if key not in own}
        properties["kind"] = {"description": _text(schema["description"]), "const": kind.name, "examples": [kind.name]}
        if any("run" in template for template in kind.templates.values()):
            properties["run"] = common["run"]
        properties |= {key: self.shape(node) for key, node in own.items() if node.value is not None}
        required, examples, instead = (schema.get(key) for key in ("required", "examples", "x-instead"))
        advice = {key: text for key, text in workload["x-instead"].items() if key not in properties}
        return {
            "description": _text(schema["description"]),
            "type": "object",
            "additionalProperties": False,
            "required": ["kind", *(required.plain() if required is not None else [])],  # type: ignore[misc]  # texts
            "properties": properties,
            "x-instead": advice | (instead.plain() if instead is not None else {}),  # type: ignore[operator]  # a map
            "x-backends": schema["x-backends"].plain(),
            **({"x-default-backend": None} if "x-default-backend" in schema else {}),
            "examples": examples.plain() if examples is not None else [{"kind": kind.name}],
        }

    def shape(self, node: Node) -> Part:
        """One shape: its reference followed, its maps closed, and the place of its default kept."""
        found: Part = {}
        for key, entry in node.entries.items():
            if key == "properties":
                found[key] = {name: self.shape(inner) for name, inner in entry.entries.items()}
            elif key in ("items", "additionalProperties") and isinstance(entry.value, dict):
                found[key] = self.shape(entry)
            elif key == "$ref":
                found = {**self.named[_text(entry).rpartition("/")[2]], **found}
            else:
                found[key] = entry.plain()
        if node.get("$ref") is not None and "examples" not in node and found.get("type") in ("string", "array"):
            found.pop("examples", None)  # those of any text say nothing about this one
        if found.get("type") == "object":
            found.setdefault("additionalProperties", False)
        if "enum" in found and "type" not in found:
            found.setdefault("examples", found["enum"][:1])
        if (default := node.get("default")) is not None:
            self.spans[id(found)] = default.span
        return found

    def with_kinds(self, shapes: Mapping[str, Part], overrides: Mapping[str, Part]) -> Part:
        """The project's schema: what a workload may be, and what an environment may change of it."""
        definitions = dict(self.project["definitions"])
        workload, override = definitions["workload"], definitions["workloadOverride"]
        words = workload["properties"]["kind"]
        definitions["workload"] = {
            **workload,
            "properties": {"kind": {**words, "enum": [*words["enum"], *shapes]}},
            "allOf": [*workload["allOf"], *map(_branch, shapes)],
        }
        properties = dict(override["properties"])
        for own in overrides.values():
            for key, shape in own.items():
                properties[key] = _either(properties[key], shape) if key in properties else shape
        definitions["workloadOverride"] = {**override, "properties": properties}
        if shapes.keys() - overrides.keys():  # of what is broken, nobody knows what may be changed
            definitions["workloadOverride"]["additionalProperties"] = True
        return {
            **self.project.root,
            "definitions": {**definitions, **{f"kind-{name}": one for name, one in shapes.items()}},
        }

    def with_offers(self, kinds: Mapping[str, Kind], shapes: Mapping[str, Part]) -> Part:
        """The environment's schema: what runs the kinds there, and what workloads of them get there."""
        root, complete = self.environment.root, self.environment["definitions"]["complete"]
        platforms = {name: self.platform(kinds[name]) if name in kinds else ANYTHING for name in shapes}
        parts = {name: partial(shape, {}) if name in kinds else ANYTHING for name, shape in platforms.items()}
        defaults = {name: self.defaults(shape) if name in kinds else ANYTHING for name, shape in shapes.items()}
        whole = self.extended(self.extended(complete, "platform", platforms), "defaults", defaults)
        part = self.extended(self.extended(root, "platform", parts), "defaults", defaults)
        return {**part, "definitions": {**root["definitions"], "complete": whole}}

    def extended(self, frame: Part, place: str, more: Mapping[str, Part]) -> Part:
        """``frame`` with ``more`` under one of its keys, which is a map of kinds."""
        properties = frame["properties"]
        before = properties[place]
        if "anyOf" in before:  # a name may stand there, too, in the place of the map
            after = {**before, "anyOf": [_with(one, more) if "properties" in one else one for one in before["anyOf"]]}
        else:
            after = _with(before, more)
        if "default" in before:
            self.spans[id(after)] = self.environment.default_span(before)
        return {**frame, "properties": {**properties, place: after}}

    def platform(self, kind: Kind) -> Part:
        """The choice of a back-end."""
        backends = kind.schema["x-backends"]
        names = list(backends.entries)
        description = " ".join(f"`{name}`: {_text(node)}" for name, node in backends.entries.items())
        shape: Part = {"description": description, "enum": names, "examples": names[:1]}
        if "x-default-backend" not in kind.schema:
            shape["default"] = names[0]
            self.spans[id(shape)] = backends.key_span(names[0])
        return shape

    def defaults(self, shape: Part) -> Part:
        """What an environment may say for all workloads of a kind."""
        name = shape["properties"]["kind"]["const"]
        found = union(
            f"What a {name} gets unless the project says otherwise.", {name: shape}, NOT_IN_DEFAULTS, self.named
        )
        return found | {"examples": shape["examples"]}


def _with(shape: Part, more: Mapping[str, Part]) -> Part:
    return {**shape, "properties": {**shape["properties"], **more}}


def _branch(name: str) -> Part:
    return {
        "if": {"required": ["kind"], "properties": {"kind": {"const": name}}},
        "then": {"$ref": f"#/definitions/kind-{name}"},
    }


def _either(one: Part, other: Part) -> Part:
    """What may be written of a key that several kinds have."""
    if one == other:
        return one
    several = one["anyOf"] if list(one) == ["description", "anyOf"] else [one]
    return one if other in several else {"description": one["description"], "anyOf": [*several, other]}


def _text(node: Node) -> str:
    return str(node.scalar)


def common() -> frozenset[str]:
    """The keys that every workload has, whatever its kind."""
    return frozenset(_shipped("workload")["properties"])


def is_time(shape: Mapping[str, Any]) -> bool:
    """Whether what a shape takes is a time, such as `6h`."""
    return bool(shape.get("pattern") == _shipped("common")["definitions"]["duration"]["pattern"])


def is_resources(shape: Mapping[str, Any]) -> bool:
    """Whether what a shape takes is what a pod asks for: processors, memory and GPUs."""
    own = _shipped("common")["definitions"]["resources"]["properties"]
    return bool(shape.get("properties", {}).keys() == own.keys())


@cache
def _shipped(name: str) -> Part:
    found: Part = json.loads(shipped.text("mlgen.schemas", f"{name}.json"))
    return found
