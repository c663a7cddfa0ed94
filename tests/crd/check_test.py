"""CRDs and custom resources in, faults out."""

import copy
import json
import random
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.crd.crds import (
    CRDS,
    DOUBLES,
    HERE,
    Manifest,
    crd,
    definitions,
    everywhere,
    imported,
    parse,
    samples,
    upstream,
)
from tests.kubernetes_test import SHARED

from mlgen import crd as crds
from mlgen import document
from mlgen.problem import Fault

needs_shared = pytest.mark.skipif(not CRDS.is_dir(), reason="../shared is not here")


def model(spec: Any) -> Manifest:
    return {"apiVersion": "ml.example.com/v1", "kind": "Model", "metadata": {"name": "a"}, "spec": spec}


def faults(schema: Any, spec: Any, before: Any = None) -> list[Fault]:
    text = schema if isinstance(schema, str) else json.dumps(schema)
    read = imported(crd(text)).find("ml.example.com/v1", "Model", "1.34")
    assert read is not None
    return list(crds.check(model(spec), read, model(before) if before is not None else None))


def said(schema: Any, spec: Any, before: Any = None) -> list[tuple[tuple[str | int, ...], str, str]]:
    return [(fault.path, fault.rule, fault.message) for fault in faults(schema, spec, before)]


UNKNOWN, MISSING = "kubernetes-unknown-field", "kubernetes-missing-field"
TYPE, VALUE = "kubernetes-wrong-type", "kubernetes-wrong-value"
NAMED = "`ml.example.com/v1 Model`"
CASES: Any = (
    document.parse((HERE / "cases.yaml").read_bytes(), file="cases.yaml", dialect="kubernetes").documents[0].plain()
)


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_faults(case: Any) -> None:
    assert said(case["schema"], case["spec"]) == [(tuple(path), *rest) for path, *rest in case["faults"]]


def items(**values: int) -> Any:
    return {"a": [{"name": name, "v": value} for name, value in values.items()]}


CHANGE = "{type: object, properties: {a: {type: string, x-kubernetes-validations: [{rule: self == oldSelf}]}}}"
SET = (
    "{type: object, properties: {a: {type: array, x-kubernetes-list-type: set, items: {type: string},"
    " x-kubernetes-validations: [{rule: self == oldSelf}]}}}"
)
MAP = (
    "{type: object, properties: {a: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [name],"
    " items: {type: object, required: [name], properties: {name: {type: string}, v: {type: integer,"
    " x-kubernetes-validations: [{rule: self >= oldSelf}]}}}}}}"
)
FIRST = (
    "{type: object, properties: {a: {type: string, x-kubernetes-validations:"
    " [{rule: \"oldSelf.orValue('new') == self\", optionalOldSelf: true}]}}}"
)


@pytest.mark.parametrize(
    ("schema", "before", "after", "path"),
    [
        (CHANGE, None, {"a": "x"}, None),
        (CHANGE, {"a": "x"}, {"a": "x"}, None),
        (CHANGE, {"a": "x"}, {"a": "y"}, ("spec", "a")),
        (CHANGE, {}, {"a": "y"}, None),
        (SET, {"a": ["x", "y"]}, {"a": ["y", "x"]}, None),
        (SET, {"a": ["x", "y"]}, {"a": ["y", "z"]}, ("spec", "a")),
        (
            MAP,
            {"a": [{"name": "x", "v": 1}, {"name": "y", "v": 5}]},
            {"a": [{"name": "y", "v": 5}, {"name": "x", "v": 1}]},
            None,
        ),
        (
            MAP,
            {"a": [{"name": "x", "v": 1}]},
            {"a": [{"name": "y", "v": 0}, {"name": "x", "v": 0}]},
            ("spec", "a", 1, "v"),
        ),
        (FIRST, None, {"a": "new"}, None),
        (FIRST, None, {"a": "old"}, ("spec", "a")),
        (FIRST, {"a": "old"}, {"a": "old"}, None),
    ],
)
def test_rules_about_a_change(schema: str, before: Any, after: Any, path: Any) -> None:
    assert [fault.path for fault in faults(schema, after, before)] == ([path] if path else [])


def test_a_change_tells_only_what_is_wrong_as_one() -> None:
    read = imported(crd(CHANGE)).find("ml.example.com/v1", "Model", "1.34")
    assert read is not None
    assert [one.path for one in crds.change(model({"a": "y"}), read, model({"a": "x"}))] == [("spec", "a")]
    assert list(crds.change(model({"a": "y", "b": 1}), read, model({"a": "x"}))) == []
    assert list(crds.change(model({"a": "x"}), read, model({"a": "x"}))) == []


def test_what_cannot_be_evaluated_is_said_once() -> None:
    rules = "[{rule: nothing(self)}, {rule: nothing(self) == 1}]"
    schema = f"{{type: array, items: {{type: string, x-kubernetes-validations: {rules}}}}}"
    (fault,) = faults(schema, ["a", "b"])
    message = f"2 rules of the schema of {NAMED} cannot be evaluated: mlgen does not know `nothing`"
    assert fault == Fault(("kind",), "not-evaluated", message, "", "warning")


def test_the_status_is_no_users() -> None:
    text = crd("type: object", more="    subresources: {status: {}}\n")
    with_status = text.replace(b"          spec:", b"          status: {type: object}\n          spec:")
    read = imported(with_status).find("ml.example.com/v1", "Model", "1.34")
    assert read is not None
    assert list(crds.check({**model({}), "status": {"anything": 1}}, read)) == []


def test_the_name_may_be_restricted_and_the_rest_of_metadata_is_kubernetes() -> None:
    text = crd("type: object").replace(
        b"          spec:",
        b"          metadata: {type: object, properties: {name: {type: string, maxLength: 3}}}\n          spec:",
    )
    read = imported(text).find("ml.example.com/v1", "Model", "1.34")
    assert read is not None
    body = {**model({}), "metadata": {"name": "long", "labels": {"a": "b"}, "nme": 1}}
    assert {fault.path for fault in crds.check(body, read)} == {("metadata", "name"), ("metadata", "nme")}


def test_a_file_that_somebody_spoilt_describes_nothing() -> None:
    for text in ("", "{", "[]", '{"$ref": "#/$defs/Model"}', '{"$ref": 1, "$defs": {"Model": {"type": 5}}}'):
        spoilt = crds.imported({"schemas/ml.example.com/model-v1.json": text})
        assert spoilt.find("ml.example.com/v1", "Model", "1.34") is None
        assert isinstance(spoilt.plurals, dict)


def test_the_spelling_of_a_kind_counts() -> None:
    known = imported(crd("type: object"))
    assert known.find("ml.example.com/v1", "model", "1.34") is None
    assert known.find("ml.example.com/v2", "Model", "1.34") is None
    assert known.find(None, 5, "1.34") is None
    assert known.plurals == {"ml.example.com/v1 Model": ("models", True)}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "p", "name", "x"]), inner),
)


@given(st.sampled_from(CASES), JSON)
def test_whatever_stands_there_a_fault_has_a_place_that_exists(case: Any, spec: Any) -> None:
    body = model(spec)
    read = imported(crd(json.dumps(case["schema"]))).find("ml.example.com/v1", "Model", "1.34")
    assert read is not None
    for fault in crds.check(body, read):
        assert fault.message.isprintable()
        assert fault.path in {(), *((key,) for key in body), *(("metadata", *p) for p in leaves(body["metadata"]))} | {
            ("spec", *path) for path in leaves(spec)
        }


# Against upstream


def of(body: Manifest) -> list[Fault]:
    read = upstream().find(body["apiVersion"], body["kind"], "1.34")
    assert read is not None
    return list(crds.check(body, read))


@needs_shared
def test_sound_samples_pass() -> None:
    assert len(samples()) > 200
    assert [(file, fault) for file, body in samples() for fault in of(body)] == []


@needs_shared
@pytest.mark.parametrize(
    ("number", "path", "rule"),
    [
        ("244", ("spec",), "crd-rule"),
        ("246", ("spec", "runtime"), VALUE),
        ("248", ("spec",), MISSING),
        ("250", ("spec", "tags", 2), "crd-duplicate-item"),
        ("252", ("spec", "gpu", "model"), UNKNOWN),
    ],
)
def test_refused_resources_are_refused(number: str, path: Any, rule: str) -> None:
    (file,) = SHARED.glob(f"refused/{number}-*.yaml")
    known = imported((SHARED / "refused" / "crds" / "modeldeployments.yaml").read_bytes())
    (body,) = parse(file.read_bytes())
    read = known.find(body["apiVersion"], body["kind"], "1.34")
    assert read is not None
    assert [(fault.path, fault.rule) for fault in crds.check(body, read)] == [(path, rule)]
    (sound,) = parse((SHARED / "accepted" / "custom-resource.yaml").read_bytes())
    assert list(crds.check(sound, read)) == []


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key below the spec."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from leaves(inner, (*path, key))


def typo(body: Manifest, draw: random.Random) -> tuple[Manifest, tuple[Any, ...]] | None:
    """One key of a map misspelt, and its path; None where the schema takes any key."""
    paths = [path for path in leaves(body.get("spec"), ("spec",)) if isinstance(path[-1], str)]
    if not paths:
        return None
    path = draw.choice(paths)
    spoilt = copy.deepcopy(body)
    home: Any = spoilt
    for key in path[:-1]:
        home = home[key]
    if not isinstance(home, dict):
        return None
    home[f"{path[-1]}x"] = home.pop(path[-1])
    return spoilt, (*path[:-1], f"{path[-1]}x")


DROPPED = ("format", "pattern", "default", "description", "properties", "exclusiveMinimum", "exclusiveMaximum")


def closed(shape: Any) -> Any:
    """The CRD's schema closed in another way than mlgen's: what an oracle is told."""
    if isinstance(shape, list):
        return [closed(one) for one in shape]
    if not isinstance(shape, dict):
        return shape
    found = {key: closed(one) for key, one in shape.items() if key not in DROPPED}
    fields = shape.get("properties")
    if isinstance(fields, dict):
        found["properties"] = {key: closed(one) for key, one in fields.items()}
    open_ = shape.get("x-kubernetes-preserve-unknown-fields") or "additionalProperties" in shape
    if shape.get("type") == "object" and not open_:
        found["additionalProperties"] = False
    if shape.get("nullable") and isinstance(shape.get("type"), str):
        found["type"] = [shape["type"], "null"]
    return found


@cache
def oracle(api_version: str, kind: str) -> jsonschema.Draft202012Validator:
    """The validator of one sample's kind."""
    group, _, version = api_version.partition("/")
    for spec in definitions():
        if (spec["group"], spec["names"]["kind"]) == (group, kind):
            (found,) = (one for one in spec["versions"] if one["name"] == version)
            schema = closed(found["schema"]["openAPIV3Schema"])
            schema["properties"] |= {key: {} for key in ("metadata", "apiVersion", "kind", "status")}
            return jsonschema.Draft202012Validator(schema)
    raise AssertionError(kind)


@needs_shared
@pytest.mark.proof
def test_every_sound_sample_passes_and_every_definition_is_imported() -> None:
    known = imported(*(path.read_bytes() for path in CRDS.glob("*/*.yaml") if path.parent.name not in DOUBLES))
    found = everywhere()
    assert len(found) > 600
    wrong = {}
    for file, body in found:
        read = known.find(body.get("apiVersion"), body.get("kind"), "1.34")
        if read is not None and (said_ := list(crds.check(body, read))):
            wrong[file] = said_
    assert wrong == {}


@needs_shared
@pytest.mark.parametrize("folder", DOUBLES)
def test_other_versions_are_imported_too(folder: str) -> None:
    assert imported(*(path.read_bytes() for path in (CRDS / folder).glob("*.yaml"))).texts


@needs_shared
def test_an_oracle_agrees_on_typos() -> None:
    """jsonschema, over a closing of the CRDs that is not ours, says of each misspelt sample whether it is refused."""
    draw = random.Random(4)
    judged = refused = 0
    for _, body in draw.sample(samples(), 120):
        changed = typo(body, draw)
        if changed is not None:
            spoilt, path = changed
            wrong = not oracle(body["apiVersion"], body["kind"]).is_valid(without_nulls(spoilt))
            found = of(spoilt)
            judged, refused = judged + 1, refused + wrong
            assert bool([fault for fault in found if fault.severity == "error"]) >= wrong, (body["kind"], path)
            if found and found[0].rule == UNKNOWN:
                assert path in {fault.path for fault in found}
    assert refused > 60
    assert judged > 100


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return [without_nulls(one) for one in value] if isinstance(value, list) else value
