"""What a schema refuses, in words and with the place; what defaults it fills in; what it says about a field."""

import json
import random
import re
import time
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import ROOT
from tests.suggest_test import mistyped

from mlgen.document import parse
from mlgen.node import Node
from mlgen.problem import Problem, Span, in_order
from mlgen.rules.schema import RULES
from mlgen.schema import Schema, check, defaults, load
from mlgen.schema.fields import fields

SCHEMAS = ROOT / "schemas"

NAMES = ("project", "environment", "releases")

SHAPES = Schema(
    """
{
  "type": "object",
  "additionalProperties": false,
  "required": ["name"],
  "properties": {
    "name": {
      "type": "string",
      "minLength": 1,
      "maxLength": 12,
      "pattern": "^[a-z]([-a-z0-9]*[a-z0-9])?$",
      "x-message": "a name is lower-case letters, digits and dashes, such as `churn`",
      "examples": ["churn"]
    },
    "tag": {"type": "string"},
    "memory": {
      "type": "string",
      "pattern": "^[1-9][0-9]*(Ki|Mi|Gi|G)$",
      "x-message": "memory is a number with its unit, such as `8Gi`"
    },
    "workers": {"type": "integer", "minimum": 1, "maximum": 100, "default": 1},
    "share": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5},
    "protected": {"type": "boolean"},
    "access": {"enum": ["read", "write"], "default": "read", "x-planned-values": {"append": "it comes with streams"}},
    "version": {"const": "mlgen.dev/v1"},
    "steps": {"type": "array", "minItems": 1, "maxItems": 3, "uniqueItems": true, "items": {"type": "string"}},
    "env": {
      "type": "object",
      "maxProperties": 2,
      "propertyNames": {"pattern": "^[A-Z_]+$", "maxLength": 8, "x-message": "a variable is capital letters"},
      "additionalProperties": {"type": ["string", "number"]}
    },
    "servers": {"type": "object", "propertyNames": {"enum": ["triton", "onnx"]}},
    "resources": {
      "type": "object",
      "additionalProperties": false,
      "default": {},
      "properties": {"cpu": {"$ref": "#/definitions/cpu", "default": 2}, "gpu": {"type": "integer"}}
    },
    "data": {"type": "object", "additionalProperties": {"$ref": "#/definitions/data"}},
    "replicas": {"anyOf": [{"type": "integer"}, {"$ref": "#/definitions/range"}]},
    "when": {"anyOf": [{"const": "always"}, {"const": "never"}, {"type": "integer", "minimum": 1}]},
    "store": {
      "oneOf": [
        {"type": "object", "additionalProperties": false, "required": ["from"],
         "properties": {"from": {"const": "vault"}, "path": {"type": "string"}}},
        {"type": "object", "additionalProperties": false, "required": ["from"],
         "properties": {"from": {"const": "file"}, "file": {"type": "string"}}}
      ]
    },
    "network": {
      "type": "object",
      "anyOf": [{"required": ["host"]}, {"required": ["port"]}],
      "dependencies": {"host": ["tls"]}
    },
    "window": {"type": "object", "not": {"required": ["before", "after"]}},
    "gone": false,
    "workloads": {"type": "object", "additionalProperties": {"$ref": "#/definitions/workload"}}
  },
  "x-planned": {"pipelines": "pipelines come with the engines that run them"},
  "definitions": {
    "cpu": {"description": "Cores. Half of one is 0.5.", "type": "number", "default": 1, "examples": [2]},
    "range": {
      "type": "object",
      "additionalProperties": false,
      "required": ["min"],
      "properties": {"min": {"type": "integer", "examples": [2]}, "max": {"type": "integer"}}
    },
    "data": {
      "x-planned": {"files": "Azure Files come later"},
      "anyOf": [
        {"$ref": "#/definitions/blob"},
        {"type": "object", "additionalProperties": false, "required": ["claim"],
         "properties": {"claim": {"type": "string"}, "access": {"enum": ["read", "write"], "default": "read"}}},
        {"type": "object", "additionalProperties": false, "required": ["scratch"],
         "properties": {"scratch": {"type": "string"}}}
      ]
    },
    "blob": {
      "type": "object",
      "additionalProperties": false,
      "required": ["blob"],
      "properties": {
        "blob": {"type": "string", "description": "The container. Then the folder."},
        "access": {"enum": ["read", "write"], "default": "write"},
        "freshness": {"type": "string", "default": "2m"}
      }
    },
    "workload": {
      "type": "object",
      "required": ["kind"],
      "properties": {"kind": {"enum": ["job", "serving"], "x-planned-values": {"spark": "Spark comes later"}}},
      "allOf": [
        {"if": {"required": ["kind"], "properties": {"kind": {"const": "job"}}}, "then": {"$ref": "#/definitions/job"}},
        {"if": {"properties": {"kind": {"const": "serving"}}}, "then": {"$ref": "#/definitions/serving"}}
      ]
    },
    "job": {
      "description": "It runs once.",
      "type": "object",
      "additionalProperties": false,
      "required": ["kind", "image"],
      "properties": {
        "kind": {"const": "job"},
        "image": {"type": "string", "description": "What it runs. An image."},
        "retries": {"type": "integer", "default": 2, "description": "How often. At most so often."}
      }
    },
    "serving": {
      "type": "object",
      "additionalProperties": false,
      "required": ["kind"],
      "properties": {"kind": {"const": "serving"}, "port": {"type": "integer", "default": 8080}}
    }
  }
}
""",
    "schemas/test.json",
)


def read(text: str) -> Node:
    """A document as mlgen reads it; an empty one says nothing."""
    parsed = parse(text.encode(), file="churn.yaml")
    assert parsed.problems == ()
    return parsed.documents[0] if parsed.documents else Node(None, Span("churn.yaml", 1, 1, 1, 1), text="")


def report(text: str, schema: Schema = SHAPES, pointer: str = "") -> list[str]:
    """Problems as lines: place, rule, message, advice."""
    found = in_order(check(read(text), schema, pointer=pointer))
    return [
        f"{problem.span.line}:{problem.span.column} {problem.rule}: {problem.message}"
        + (f" | {problem.help}" if problem.help else "")
        for problem in found
    ]


MESSAGES = {
    "name: churn": [],
    # keys
    "name: churn\nwrkers: 4": ["2:1 unknown-key: unknown key `wrkers` | did you mean `workers`?"],
    "name: churn\ncpu: 4": ["2:1 unknown-key: unknown key `cpu` | `cpu` belongs in `resources`"],
    "name: churn\nresources: {memory: 4}": [
        "2:13 unknown-key: unknown key `memory` in `resources` | choose one of: cpu, gpu"
    ],
    "name: churn\ngone: 1": ["2:1 unknown-key: `gone` has no place | remove it"],
    "name: churn\npipelines: {}": [
        "2:1 not-yet: `pipelines` is not supported by this version of mlgen yet | "
        "pipelines come with the engines that run them"
    ],
    "tag: x": ["1:1 missing-key: `name` is missing | add `name: churn`"],
    "nmae: churn": ["1:1 unknown-key: unknown key `nmae` | did you mean `name`?"],
    "name: churn\nreplicas: {max: 2}": ["2:1 missing-key: `min` is missing in `replicas` | add `min: 2`"],
    "name: churn\nnetwork: {host: x}": ["2:1 missing-key: `tls` is missing in `network`: `host` needs it | add `tls:`"],
    # types
    "name: churn\nworkers: four": ["2:10 wrong-type: `workers` must be a whole number, not the text `four`"],
    "name: churn\nworkers: '4'": [
        "2:10 wrong-type: `workers` must be a whole number, not the text `4` | write 4 without quotes"
    ],
    "name: churn\nworkers: 4.5": ["2:10 wrong-type: `workers` must be a whole number, not the number `4.5`"],
    "name: churn\ntag: 1.10": ['2:6 wrong-type: `tag` must be text, not the number `1.10` | write "1.10" in quotes'],
    "name: churn\ntag: true": ['2:6 wrong-type: `tag` must be text, not `true` | write "true" in quotes'],
    "name: churn\nmemory: 8": [
        "2:9 wrong-type: `memory` must be text, not the number `8` | memory is a number with its unit, such as `8Gi`"
    ],
    "name: churn\nshare: '0.5'": [
        "2:8 wrong-type: `share` must be a number, not the text `0.5` | write 0.5 without quotes"
    ],
    "name: churn\nprotected: 'true'": [
        "2:12 wrong-type: `protected` must be `true` or `false`, not the text `true` | write true without quotes"
    ],
    "name: churn\nsteps: a b": ["2:8 wrong-type: `steps` must be a list, not the text `a b` | write `steps: [a, b]`"],
    "name: churn\nsteps: [a, 1]": [
        '2:12 wrong-type: item 2 of `steps` must be text, not the number `1` | write "1" in quotes'
    ],
    "name: churn\nenv:\n  - A": ["3:3 wrong-type: `env` must be a map, not a list"],
    "name: churn\nenv: {A: {b: c}}": ["2:10 wrong-type: `A` must be text or a number, not a map"],
    "name: churn\ntag:": ["2:1 wrong-type: nothing stands after `tag:` | write text, or remove the key"],
    "name: churn\ntag: null": ["2:6 wrong-type: `tag` must be text, not `null` | remove the key"],
    "name: churn\nsteps: [a, ]\nenv: {A: }": [
        "3:7 wrong-type: nothing stands after `A:` | write text or a number, or remove the key"
    ],
    "name: churn\nsteps:\n  - a\n  -": ["4:4 wrong-type: item 2 of `steps` is empty | write text, or remove the item"],
    "": ["1:1 wrong-type: the file is empty | it must be a map"],
    "- a": ["1:1 wrong-type: the file must be a map, not a list"],
    # values
    "name: churn\naccess: wrtie": ["2:9 not-allowed: `access` cannot be `wrtie` | did you mean `write`?"],
    "name: churn\naccess: append": [
        "2:9 not-yet: `access: append` is not supported by this version of mlgen yet | it comes with streams"
    ],
    "name: churn\naccess: []": ["2:1 not-allowed: `access` cannot be a list | choose one of: read, write"],
    "name: churn\naccess: ''": ["2:9 not-allowed: `access` is empty | choose one of: read, write"],
    "name: churn\nversion: v1": ["2:10 not-allowed: `version` must be `mlgen.dev/v1`, not `v1`"],
    "name: Churn_Model": [
        "1:7 wrong-form: `name` cannot be `Churn_Model`: "
        "a name is lower-case letters, digits and dashes, such as `churn` | did you mean `churn-model`?"
    ],
    "name: ''": ["1:7 wrong-form: `name` is empty | a name is lower-case letters, digits and dashes, such as `churn`"],
    'name: "churn\\n"': [
        "1:7 wrong-form: `name` cannot be `churn\\u000a`: "
        "a name is lower-case letters, digits and dashes, such as `churn` | did you mean `churn`?"
    ],
    "name: churn\nmemory: 8GB": [
        "2:9 wrong-form: `memory` cannot be `8GB`: memory is a number with its unit, such as `8Gi` | "
        "did you mean `8Gi`?"
    ],
    "name: abcdefghijklmnop": ["1:7 too-many: `name` is 16 characters long; at most 12 are allowed | shorten it"],
    "name: churn\nworkers: 0": ["2:10 out-of-range: `workers` must be from 1 to 100, not `0`"],
    "name: churn\nshare: 0": ["2:8 out-of-range: `share` must be more than 0, not `0`"],
    "name: churn\nshare: 0.7": ["2:8 out-of-range: `share` must be a multiple of 0.5, not `0.7`"],
    "name: churn\nsteps: []": ["2:1 too-few: `steps` is empty | it needs at least 1 item"],
    "name: churn\nsteps: [a, b, c, d]": ["2:1 too-many: `steps` has 4 items; at most 3 are allowed"],
    "name: churn\nsteps: [a, b, a]": ["2:15 repeated-item: `a` stands twice in `steps` | remove one of the two"],
    "name: churn\nenv: {A: 1, B: 2, C: 3}": ["2:1 too-many: `env` has 3 entries; at most 2 are allowed"],
    "name: churn\nenv: {a: 1}": ["2:7 wrong-form: `a` cannot be a key of `env`: a variable is capital letters"],
    "name: churn\nenv: {ABCDEFGHI: 1}": [
        "2:7 too-many: `ABCDEFGHI` is 9 characters long; at most 8 are allowed | shorten it"
    ],
    "name: churn\nservers: {trition: x}": [
        "2:11 unknown-key: `trition` cannot be a key of `servers` | did you mean `triton`?"
    ],
    # alternatives
    "name: churn\ndata: {f: {blob: x, acess: read}}": [
        "2:21 unknown-key: unknown key `acess` in `f` | did you mean `access`?"
    ],
    "name: churn\ndata: {f: {bolb: x}}": ["2:12 unknown-key: unknown key `bolb` in `f` | did you mean `blob`?"],
    "name: churn\ndata: {f: {claim: 3, access: reed}}": [
        '2:19 wrong-type: `claim` must be text, not the number `3` | write "3" in quotes',
        "2:30 not-allowed: `access` cannot be `reed` | did you mean `read`?",
    ],
    "name: churn\ndata: {f: {freshness: 1h}}": [
        "2:8 missing-key: `blob` is missing in `f` | add `blob:` (the container)"
    ],
    "name: churn\ndata: {f: {access: read}}": ["2:8 one-of: exactly one of `blob`, `claim` says what `f` is"],
    "name: churn\ndata: {f: {}}": ["2:8 one-of: exactly one of `blob`, `claim`, `scratch` says what `f` is"],
    "name: churn\ndata: {f: {claim: x, blob: z}}": [
        "2:22 one-of: `claim` and `blob` exclude each other | "
        "exactly one of `blob`, `claim`, `scratch` says what `f` is"
    ],
    "name: churn\ndata: {f: {files: x}}": [
        "2:12 not-yet: `files` is not supported by this version of mlgen yet | Azure Files come later"
    ],
    "name: churn\ndata: {f: x}": ["2:11 wrong-type: `f` must be a map, not the text `x`"],
    "name: churn\nreplicas: x": ["2:11 wrong-type: `replicas` must be a whole number or a map, not the text `x`"],
    "name: churn\nreplicas: {min: x}": [
        "2:17 wrong-type: `min` must be a whole number, not the text `x` | for example `min: 2`"
    ],
    "name: churn\nwhen: alwys": ["2:7 not-allowed: `when` cannot be `alwys` | did you mean `always`?"],
    "name: churn\nwhen: 0": ["2:7 out-of-range: `when` must be at least 1, not `0`"],
    "name: churn\nstore: {from: fiel, file: x}": ["2:15 not-allowed: `from` cannot be `fiel` | did you mean `file`?"],
    "name: churn\nstore: {from: vault, file: x}": [
        "2:22 unknown-key: unknown key `file` in `store` | choose one of: from, path"
    ],
    "name: churn\nnetwork: {tls: x}": ["2:1 one-of: at least one of `host`, `port` must be given"],
    "name: churn\nwindow: {before: 1, after: 2}": [
        "2:21 one-of: `before` and `after` exclude each other | keep one of them"
    ],
    # kinds
    "name: churn\nworkloads: {a: {knd: job}}": ["2:17 unknown-key: unknown key `knd` in `a` | did you mean `kind`?"],
    "name: churn\nworkloads: {a: {kind: jop}}": ["2:23 not-allowed: `kind` cannot be `jop` | did you mean `job`?"],
    "name: churn\nworkloads: {a: {kind: spark, x: 1}}": [
        "2:23 not-yet: `kind: spark` is not supported by this version of mlgen yet | Spark comes later"
    ],
    "name: churn\nworkloads:\n  a:\n    kind: job": [
        "3:3 missing-key: `image` is missing in `a` | add `image:` (what it runs)"
    ],
    "name: churn\nworkloads: {a: {kind: job, image: x, port: 1}}": [
        "2:38 unknown-key: unknown key `port` in `a` | `port` is a key of `kind: serving`"
    ],
}


@pytest.mark.parametrize("text", MESSAGES)
def test_messages(text: str) -> None:
    assert report(text) == MESSAGES[text]


def test_what_is_planned_has_a_rule_of_its_own() -> None:
    [line] = report("name: churn\npipelines: {}")
    assert line.split()[1] == "not-yet" + ":"


def test_everything_wrong_is_said_at_once_and_once() -> None:
    text = "nmae: x\nworkers: 0\naccess: rwite\ndata: {f: {blob: x, acess: z}, g: 3}\n"
    text += "workloads: {a: {kind: job, replicas: 3}}"
    assert [line.split(":")[:3] for line in report(text)] == [
        ["1", "1 unknown-key", " unknown key `nmae` | did you mean `name`?"],
        ["2", "10 out-of-range", " `workers` must be from 1 to 100, not `0`"],
        ["3", "9 not-allowed", " `access` cannot be `rwite` | did you mean `write`?"],
        ["4", "21 unknown-key", " unknown key `acess` in `f` | did you mean `access`?"],
        ["4", "35 wrong-type", " `g` must be a map, not the number `3`"],
        ["5", "13 missing-key", " `image` is missing in `a` | add `image"],
        ["5", "28 unknown-key", " unknown key `replicas` in `a` | choose one of"],
    ]


def test_a_long_value_is_cut_and_control_characters_are_shown() -> None:
    (line,) = report(f'name: churn\naccess: "{"x" * 5000}\\n"')
    assert line == f"2:9 not-allowed: `access` cannot be `{'x' * 59}…` | choose one of: read, write"
    here = Span("churn.yaml", 1, 1, 1, 9)
    for text, shown in {"\x1b[31m": "\\u001b[31m", "\U0010ffff0": "\\U0010ffff0"}.items():
        (problem,) = check(Node(text, here), SHAPES, pointer="#/properties/access")
        assert problem.message == f"the file cannot be `{shown}`"


def test_a_part_of_a_schema_checks_a_part_of_a_document() -> None:
    assert report("{kind: job}", pointer="#/definitions/job") == [
        "1:1 missing-key: `image` is missing | add `image:` (what it runs)"
    ]
    assert report("3", pointer="#/properties/steps") == [
        '1:1 wrong-type: the file must be a list, not the number `3` | write `["3"]`'
    ]


def test_keys_of_digits_are_keys() -> None:
    assert report("name: churn\ndata: {'007': 3, '1': {blob: 4}}") == [
        "2:15 wrong-type: `007` must be a map, not the number `3`",
        '2:30 wrong-type: `blob` must be text, not the number `4` | write "4" in quotes',
    ]


def test_an_empty_key_is_a_key() -> None:
    assert report("name: churn\ndata: {'': {blob: 4}, a: {'': 3}}\nenv: {'': []}") == [
        '2:19 wrong-type: `blob` must be text, not the number `4` | write "4" in quotes',
        "2:23 one-of: exactly one of `blob`, `claim`, `scratch` says what `a` is",
        '3:7 wrong-form: `""` cannot be a key of `env`: a variable is capital letters',
        '3:11 wrong-type: `""` must be text or a number, not a list',
    ]


def test_every_rule_is_documented() -> None:
    said = {line.split(" ")[1].rstrip(":") for lines in MESSAGES.values() for line in lines}
    assert said == {rule.id for rule in RULES}


# Defaults


def test_defaults_are_filled_in_at_every_depth() -> None:
    text = """
    name: churn
    data: {f: {blob: x, access: read}, g: {claim: w}, h: {scratch: z}}
    replicas: 3
    workloads: {a: {kind: job, image: x}, b: {kind: serving}}
    """
    assert defaults(read(text), SHAPES).plain() == {
        "name": "churn",
        "workers": 1,
        "access": "read",
        "resources": {"cpu": 2},
        "data": {
            "f": {"blob": "x", "access": "read", "freshness": "2m"},
            "g": {"claim": "w", "access": "read"},
            "h": {"scratch": "z"},
        },
        "replicas": 3,
        "workloads": {"a": {"kind": "job", "image": "x", "retries": 2}, "b": {"kind": "serving", "port": 8080}},
    }


def test_a_default_stands_in_the_schema() -> None:
    filled = defaults(read("name: churn"), SHAPES)
    lines = SHAPES.text.split("\n")
    for path, value in {"workers": "1", "access": '"read"', "resources.cpu": "2", "resources": "{}"}.items():
        node = filled.find(*path.split("."))
        assert node is not None
        assert node.span.file == "schemas/test.json"
        assert lines[node.span.line - 1][node.span.column - 1 : node.span.end_column - 1] == value


def test_what_needs_no_default_stays_the_same_object() -> None:
    node = read("name: churn\nworkers: 4\naccess: write\nresources: {cpu: 1}\ndata: {h: {scratch: z}}\nsteps: [a]")
    assert defaults(node, SHAPES) is node
    filled = defaults(read("name: churn\nsteps: [a]"), SHAPES)
    assert defaults(filled, SHAPES) is filled


def test_a_part_of_a_schema_fills_a_part_of_a_document() -> None:
    assert defaults(read("{kind: serving}"), SHAPES, pointer="#/definitions/serving")["port"].value == 8080


def test_an_if_that_asks_for_more_than_a_tag_is_refused() -> None:
    schema = Schema('{"if": {"properties": {"a": {"minimum": 3}}}, "then": {}}', "schemas/test.json")
    with pytest.raises(NotImplementedError, match="minimum"):
        defaults(read("a: 3"), schema)


@pytest.mark.parametrize("name", NAMES)
def test_the_places_of_defaults_are_found_fast(name: str) -> None:
    schema = load(name)
    fresh = Schema(schema.text, schema.file)
    started = time.process_time()
    owners = [shape for shape, _ in shapes(fresh.root) if "default" in shape]
    for owner in owners:
        span = fresh.default_span(owner)
        line = fresh.text.split("\n")[span.line - 1]
        assert line[: span.column - 1].rstrip().endswith('"default":')
        if span.line == span.end_line:
            assert json.loads(line[span.column - 1 : span.end_column - 1]) == owner["default"]
    assert time.process_time() - started < 0.5


# Fields


def test_fields_of_a_kind() -> None:
    field = fields(SHAPES, "job")
    assert field is not None
    assert (field.description, field.type, field.required) == ("It runs once.", "a map", ("kind", "image"))
    assert field.children == (("kind", ""), ("image", "What it runs"), ("retries", "How often"))


def test_fields_below_references_names_and_alternatives() -> None:
    cpu = fields(SHAPES, "resources", "cpu")
    assert cpu is not None
    assert (cpu.description, cpu.type, cpu.default, cpu.examples) == ("Cores. Half of one is 0.5.", "a number", 2, (2,))
    blob = fields(SHAPES, "data", "any-name", "blob")
    assert blob is not None
    assert blob.description == "The container. Then the folder."
    access = fields(SHAPES, "access")
    assert access is not None
    assert access.allowed == ("read", "write")
    replicas = fields(SHAPES, "replicas")
    assert replicas is not None
    assert (replicas.type, [name for name, _ in replicas.children]) == ("a whole number or a map", ["min", "max"])
    workloads = fields(SHAPES, "workloads")
    assert workloads is not None
    assert ("<name>.retries", "How often") in workloads.children
    steps = fields(SHAPES, "steps")
    assert steps is not None
    assert steps.type == "a list, each item text"


def test_an_unknown_field_is_none() -> None:
    assert fields(SHAPES, "nothing") is None
    assert fields(SHAPES, "resources", "disk") is None


def test_the_file_itself_is_a_field() -> None:
    field = fields(SHAPES)
    assert field is not None
    assert "workloads" in dict(field.children)


# The real schemas


def shapes(value: Any, pointer: str = "#") -> Iterator[tuple[dict[str, Any], str]]:
    """Every map in a schema, with its pointer."""
    if isinstance(value, dict):
        yield value, pointer
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, entry in entries:
        yield from shapes(entry, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


def test_an_unknown_schema_is_not_found() -> None:
    with pytest.raises(FileNotFoundError):
        load("nothing")
    assert load("project") is load("project")


@pytest.mark.parametrize("name", NAMES)
def test_a_typo_in_any_key_gets_its_suggestion(name: str) -> None:
    schema, dice = load(name), random.Random(name)
    asked, right, wrong = 0, 0, []
    for shape, pointer in shapes(schema.root):
        keys = shape.get("properties")
        if shape.get("additionalProperties") is not False or not isinstance(keys, dict):
            continue
        for key in keys:
            typo = mistyped(key, dice)
            if typo and typo not in {**keys, **shape.get("x-planned", {})}:
                here = Span("a", 1, 1, 1, 9)
                node = Node({typo: Node(None, here)}, here, {typo: here})
                said = [one.help for one in check(node, schema, pointer=pointer) if one.rule == "unknown-key"]
                asked, right = asked + 1, right + (said == [f"did you mean `{key}`?"])
                wrong += [(pointer, key, typo, said)] if said != [f"did you mean `{key}`?"] else []
    assert asked >= 5
    assert right >= 0.95 * asked, wrong


@pytest.mark.parametrize("name", NAMES)
def test_no_pattern_takes_a_line_end_or_takes_long(name: str) -> None:
    schema = load(name)
    for shape, pointer in shapes(schema.root):
        if not isinstance(shape.get("pattern"), str):
            continue
        for example_value in (one for one in shape.get("examples", []) if isinstance(one, str)):
            assert not list(check(leaf(example_value), schema, pointer=pointer)), pointer
            if shape["pattern"].endswith("$"):
                assert list(check(leaf(f"{example_value}\n"), schema, pointer=pointer)), pointer
        started = time.process_time()
        for letter in "a0-./A ":
            list(check(leaf(letter * 10_000 + "!"), schema, pointer=pointer))
        assert time.process_time() - started < 1, f"{pointer} is slow"


def leaf(value: str) -> Node:
    return Node(value, Span("a", 1, 1, 1, 2))


def python_validator(schema: Schema) -> Any:
    """The pure Python validator, with patterns that mean what ECMA says and not what Python says."""

    def pattern(_: Any, form: str, instance: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
        exact = re.sub(r"(?<!\\)\$", r"\\Z", form)
        if isinstance(instance, str) and not re.search(exact, instance, re.ASCII):
            yield jsonschema.ValidationError("pattern")

    kind = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return kind(schema.root)


def vocabulary(schema: Schema) -> tuple[list[str], list[Any]]:
    """The keys and the values that the schema speaks of: what random documents are made of."""
    keys, values = {"churn", "x"}, []
    for shape, _ in shapes(schema.root):
        if isinstance(shape.get("properties"), dict):
            keys |= set(shape["properties"])
        if isinstance(shape.get("examples"), list):
            values += shape["examples"]
        values += [shape["const"]] if "const" in shape else []
        values += shape["enum"] if isinstance(shape.get("enum"), list) else []
    return sorted(keys), values


TEXTS = st.text(alphabet="abZ09-._/:{} \n~é٣", max_size=12)
NUMBERS = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXTS


@st.composite
def documents(draw: st.DrawFn, schema: Schema) -> Any:
    """Random JSON, or an example of the schema in which some values, at random places, are others."""
    keys, values = vocabulary(schema)
    small = SCALARS | st.sampled_from(values)
    names = st.sampled_from(keys) | TEXTS
    anything = st.recursive(
        small,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4),
        max_leaves=12,
    )
    if draw(st.booleans()):
        return draw(anything)
    document = json.loads(json.dumps(VALID.get(schema.file, {})))
    for _ in range(draw(st.integers(0, 3))):
        place = document
        while isinstance(place, (dict, list)) and place:
            at: Any = draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
            if draw(st.integers(0, 2)) == 0 or not isinstance(place[at], (dict, list)) or not place[at]:
                place[at] = deepcopy(draw(anything))
                break
            place = place[at]
        if isinstance(document, dict) and draw(st.booleans()):
            document[draw(names)] = deepcopy(draw(anything))
    return document


VALID: dict[str, Any] = {
    "schemas/project.json": {
        "apiVersion": "mlgen.dev/v1",
        "kind": "Project",
        "name": "churn",
        "owner": "growth-ml",
        "image": "churn",
        "data": {
            "features": {"blob": "churn/features", "access": "write"},
            "shared": {"claim": "sets"},
            "s": {"scratch": "2Gi"},
        },
        "secrets": {"maps-api": ["MAPS_KEY"]},
        "workloads": {
            "train": {"kind": "job", "command": ["python"], "data": ["features"], "resources": {"cpu": 2}},
            "serve": {"kind": "serving", "server": "custom", "port": 8080, "replicas": {"min": 1, "max": 2}},
            "lab": {"kind": "notebook", "image": "lab", "users": ["anna"], "environments": ["dev"]},
        },
        "environments": {"dev": {}, "prod": {"workloads": {"serve": {"replicas": {"min": 4}}}}},
    },
    "schemas/environment.json": {
        "apiVersion": "mlgen.dev/v1",
        "kind": "Environment",
        "name": "prod",
        "namespace": "ml-{{ project.name }}",
        "registry": {"host": "acme.azurecr.io"},
        "gpus": {"a100": {"resource": "nvidia.com/gpu", "tolerations": [{"key": "gpu", "operator": "Exists"}]}},
        "network": {"ingress": {"class": "nginx"}},
    },
    "schemas/releases.json": {
        "apiVersion": "mlgen.dev/v1",
        "kind": "Releases",
        "environments": {"prod": {"images": {"churn": "1.4.2"}, "models": {"churn": 42}}},
    },
}


def agree(document: Any, schema: Schema) -> None:
    """No exception; empty exactly if the other validator accepts; each problem on one line of the document."""
    text = json.dumps(document, ensure_ascii=False, indent=1)
    node = placed(text)
    problems = list(check(node, schema))
    assert bool(problems) != python_validator(schema).is_valid(document)
    lines = text.split("\n")
    for problem in problems:
        assert problem.rule in {rule.id for rule in RULES}
        inside(problem, lines)
        assert len(problem.message) < 600
    if not problems:
        filled = defaults(node, schema)
        assert not list(check(filled, schema)), "the defaults themselves are refused"
        assert defaults(filled, schema) is filled


def inside(problem: Problem, lines: list[str]) -> None:
    span = problem.span
    assert 1 <= span.line == span.end_line <= len(lines), problem
    assert 1 <= span.column < span.end_column <= len(lines[span.line - 1]) + 1, problem


def placed(text: str) -> Node:
    """JSON as a document with places: one value a line, as `indent=1` writes it."""
    decoder, starts = json.JSONDecoder(), [0, *(match.end() for match in re.finditer("\n", text))]

    def span(start: int, end: int) -> Span:
        line, last = (sum(begin <= offset for begin in starts) for offset in (start, max(start, end - 1)))
        return Span("a.json", line, start - starts[line - 1] + 1, last, end - starts[last - 1] + 1)

    def node(at: int) -> tuple[Node, int]:
        at = blank(at)
        value, end = decoder.raw_decode(text, at)
        if not isinstance(value, (dict, list)) or not value:
            written = None if isinstance(value, (str, dict, list)) else text[at:end]
            return Node(value, span(at, end), text=written), end
        entries: dict[str, Node] = {}
        keys: dict[str, Span] = {}
        items: list[Node] = []
        inner = at + 1
        for _ in value:
            inner = blank(inner)
            if isinstance(value, dict):
                key, stop = decoder.raw_decode(text, inner)
                keys[key] = span(inner, stop)
                entries[key], inner = node(stop + 1)
            else:
                item, inner = node(inner)
                items.append(item)
            inner = blank(inner) + 1
        return Node(entries if isinstance(value, dict) else items, span(at, end), keys), end

    def blank(at: int) -> int:
        while at < len(text) and text[at] in " \n":
            at += 1
        return at

    return node(0)[0]


@pytest.mark.parametrize("name", NAMES)
def test_an_ordinary_document_is_accepted(name: str) -> None:
    schema = load(name)
    assert [problem.message for problem in check(placed(json.dumps(VALID[schema.file], indent=1)), schema)] == []
    agree(VALID[schema.file], schema)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=100)
def test_random_documents(name: str, data: st.DataObject) -> None:
    agree(data.draw(documents(load(name))), load(name))


@pytest.mark.proof
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
@settings(max_examples=5000)
def test_many_random_documents(name: str, data: st.DataObject) -> None:
    agree(data.draw(documents(load(name))), load(name))


@given(document=documents(SHAPES))
@example(document={"name": 10**400})
@settings(max_examples=300)
def test_random_documents_of_every_keyword(document: Any) -> None:
    agree(document, SHAPES)


@pytest.mark.parametrize("path", sorted(SCHEMAS.rglob("*.json")), ids=lambda path: path.relative_to(SCHEMAS).as_posix())
def test_no_key_of_a_schema_stands_twice(path: Path) -> None:
    """JSON takes the last one in silence, and two branches that are merged easily bring two."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs), [key for key, _ in pairs]
        return dict(pairs)

    json.loads(path.read_text("utf-8"), object_pairs_hook=once)
