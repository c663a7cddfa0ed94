"""Custom resources in, faults out; the oracle is the upstream CRD, closed as the API server prunes it.

Whatever lies in schemas/kubernetes/<group>/ is held against its CRD here by being there.
"""

import copy
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kubernetes_test import (
    DEPLOYMENT,
    VALUES,
    KubectlLoader,
    at,
    documents,
    places,
    reference,
    setting,
    without,
)

from mlgen.kubernetes import MINORS, Fault, bundle, check, custom
from mlgen.kubernetes.refusal import KEYWORDS, Refusal, faults

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
CRDS = SHARED / "crds"
SPREAD = (MINORS[0], "1.31", MINORS[-1])
Shape = dict[str, Any]
Manifest = dict[str, Any]

ROUTE: Manifest = yaml.load(
    """
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: serve, namespace: ml-churn-prod, labels: {app.kubernetes.io/name: churn}, creationTimestamp: null}
spec:
  parentRefs: [{name: ml, namespace: gateway-system, sectionName: https}]
  hostnames: [churn.ml.example.com, "*.ml.example.com"]
  rules:
  - name: canary
    matches:
    - {path: {type: PathPrefix, value: /v1/models/churn}, method: POST, headers: [{name: X-Model, value: churn}]}
    filters:
    - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-From, value: gateway}], remove: [X-To]}}
    - {type: RequestMirror, requestMirror: {backendRef: {name: shadow, port: 80}, fraction: {numerator: 1}}}
    backendRefs: [{name: serve, port: 80, weight: 90}, {name: serve-canary, port: 80, weight: 10}]
    timeouts: {request: 1m30s}
  - matches: [{path: {value: /old}}]
    filters:
    - {type: RequestRedirect, requestRedirect: {statusCode: 301, path: {type: ReplaceFullPath, replaceFullPath: /}}}
""",
    KubectlLoader,
)


# What ships


class Resource(NamedTuple):
    """A file of ours."""

    api_version: str
    kind: str
    root: Shape

    @property
    def definitions(self) -> dict[str, Shape]:
        """Its own and Kubernetes' definitions, as objects are checked against them."""
        found: dict[str, Shape] = custom.closed(self.api_version, self.kind, MINORS[-1])["$defs"]
        return found

    def full(self, shape: Shape) -> Shape:
        """A shape with what it refers to."""
        if "$ref" not in shape:
            return shape
        target = self.definitions[shape["$ref"].removeprefix("#/$defs/")]
        return {**self.full(target), **{key: value for key, value in shape.items() if key != "$ref"}}


FILES = sorted(path for path in (ROOT / "schemas" / "kubernetes").glob("*/*"))


def resource(path: Path) -> Resource:
    root = json.loads(path.read_text("utf-8"))
    return Resource(f"{path.parent.name}/{path.stem.partition('-')[2]}", root["$ref"].rpartition("/")[2], root)


RESOURCES = [resource(path) for path in FILES]
each = pytest.mark.parametrize("ours", RESOURCES, ids=[f"{one.api_version} {one.kind}" for one in RESOURCES])


def shapes(shape: Any, place: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Shape]]:
    """A shape and every shape in it, each with its place."""
    if not isinstance(shape, dict):
        return
    yield place, shape
    for keyword in ("$defs", "properties"):
        for name, inner in shape.get(keyword, {}).items():
            yield from shapes(inner, (*place, keyword, name))
    for keyword in ("items", "additionalProperties"):
        yield from shapes(shape.get(keyword), (*place, keyword))


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_a_file_is_found_by_its_name(path: Path) -> None:
    ours = resource(path)
    assert path.name == f"{ours.kind.lower()}-{ours.api_version.rpartition('/')[2]}.json"
    assert path.parent.name not in bundle.groups(), "the group is Kubernetes' own"
    assert custom.spelling(ours.api_version, ours.kind) == ours.kind
    assert (ours.api_version, ours.kind) in custom.kinds(ours.api_version)


@each
def test_a_schema_is_closed_at_every_depth(ours: Resource) -> None:
    """And says only what mlgen can explain."""
    structure = {"properties", "items", "$ref", "$defs", "$schema", "x-message"}
    for place, shape in shapes(ours.root):
        assert set(shape) <= structure | set(KEYWORDS) - {"oneOf"}, place
        assert "pattern" not in shape or shape["x-message"], place
        assert "enum" not in shape or shape["type"] in ("string", "integer"), place
        assert set(shape.get("required", ())) <= set(shape.get("properties", {})), place
        assert "$defs" in shape or "$ref" in shape or "type" in shape, place
        if shape.get("type") == "object":
            assert shape["additionalProperties"] is False if "properties" in shape else shape["additionalProperties"]
        if shape.get("type") == "array":
            assert "items" in shape, place


@each
@pytest.mark.parametrize("minor", MINORS)
def test_a_schema_refers_to_what_every_minor_version_has(ours: Resource, minor: str) -> None:
    schema = custom.closed(ours.api_version, ours.kind, minor)
    meant = {shape["$ref"].removeprefix("#/$defs/") for _, shape in shapes(schema) if "$ref" in shape}
    assert meant == set(schema["$defs"]), "a definition is missing, or nothing needs it"
    assert not [name for name in ours.root["$defs"] if name.startswith("io.k8s.")]
    assert ours.root["$defs"][ours.kind]["properties"]["metadata"] == {"$ref": f"#/$defs/{custom.META}"}


@each
@pytest.mark.parametrize("minor", MINORS)
def test_metadata_is_that_of_the_minor_version(ours: Resource, minor: str) -> None:
    """With its nulls, but for the whole of it: `creationTimestamp: null` is common."""
    expected = bundle.closed(custom.META, minor)["$defs"]
    found = custom.closed(ours.api_version, ours.kind, minor)["$defs"]
    changed = {name for name in expected if found[name] != expected[name]}
    assert changed == {custom.META}
    assert {**found[custom.META], "type": ["object", "null"]} == expected[custom.META]


def test_kubernetes_definitions_take_no_null_in_a_custom_resource() -> None:
    """The API server takes null for an absent field in its own kinds only; a schema may refer to a pod template."""
    for name, shape in custom.native({POD}, "1.34").items():
        meta = name in bundle.closed(custom.META, "1.34")["$defs"]
        assert meta or '"null"' not in json.dumps(shape), name
    assert '"null"' in json.dumps(bundle.closed(POD, "1.34")), "what the bundle has was changed in place"


def test_a_native_object_reads_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom, "files", pytest.fail)
    assert list(check(DEPLOYMENT, "1.34")) == []
    assert [fault.rule for fault in check({"apiVersion": "v1", "kind": "Nope"}, "1.34")] == ["kubernetes-unknown-kind"]


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("gateway.networking.k8s.io/v1", "../gateway.networking.k8s.io/HTTPRoute"),
        ("../kubernetes/gateway.networking.k8s.io/v1", "HTTPRoute"),
        ("gateway.networking.k8s.io/../v1", "HTTPRoute"),
        ("gateway.networking.k8s.io/v1\n", "HTTPRoute"),
        ("gateway.networking.k8s.io/v1", "HTTPRoute\0"),
        ("gateway.networking.k8s.io/v1", "x" * 5000),
        ("gateway.networking.k8s.io/v" + "1" * 5000, "HTTPRoute"),
        ("x." * 5000 + "io/v1", "HTTPRoute"),
        ("..../v1", "HTTPRoute"),
    ],
    ids=range(9),
)
def test_a_name_is_no_path(api_version: str, kind: str) -> None:
    (fault,) = check({"apiVersion": api_version, "kind": kind, "spec": {}}, "1.34")
    assert (fault.path, fault.rule) == (("apiVersion",), "no-schema")
    with pytest.raises(KeyError):
        custom.closed(api_version, kind, "1.34")


# Each fault, in words

RULE = ("spec", "rules", 0)
BACKEND = (*RULE, "backendRefs", 0)
REDIRECT = ("spec", "rules", 1, "filters", 0, "requestRedirect")
FAULTS: list[tuple[str, Manifest, Fault]] = [
    (
        "a mistyped field",
        setting(ROUTE, [], *RULE, "backendRef"),
        Fault(
            (*RULE, "backendRef"),
            "kubernetes-unknown-field",
            "`spec.rules.0.backendRef` is not a field of HTTPRouteRule in `gateway.networking.k8s.io/v1`, "
            "as far as mlgen knows",
            "did you mean `backendRefs`?",
        ),
    ),
    (
        "a field of the experimental channel",
        setting(ROUTE, {}, *RULE, "retry"),
        Fault(
            (*RULE, "retry"),
            "kubernetes-unknown-field",
            "`spec.rules.0.retry` is not a field of HTTPRouteRule in `gateway.networking.k8s.io/v1`, "
            "as far as mlgen knows",
            "choose one of: name, matches, filters, backendRefs, timeouts",
        ),
    ),
    (
        "a field of Kubernetes' own metadata",
        setting(ROUTE, {}, "metadata", "label"),
        Fault(
            ("metadata", "label"),
            "kubernetes-unknown-field",
            "`metadata.label` is not a field of ObjectMeta in Kubernetes 1.34",
            "did you mean `labels`?",
        ),
    ),
    (
        "metadata that is nothing",
        setting(ROUTE, None, "metadata"),
        Fault(
            ("metadata",),
            "kubernetes-wrong-type",
            "`metadata` must be a map, not null",
            "leave it out, or give it a value",
        ),
    ),
    (
        "a required field is missing",
        without(ROUTE, *BACKEND, "name"),
        Fault(
            BACKEND,
            "kubernetes-missing-field",
            "`spec.rules.0.backendRefs.0.name` is missing",
            "HTTPBackendRef requires it: text",
        ),
    ),
    (
        "a number in quotes",
        setting(ROUTE, "80", *BACKEND, "port"),
        Fault(
            (*BACKEND, "port"),
            "kubernetes-wrong-type",
            "`spec.rules.0.backendRefs.0.port` must be a whole number, not the text `80`",
            "write it without quotes",
        ),
    ),
    (
        "a number out of two bounds",
        setting(ROUTE, 0, *BACKEND, "port"),
        Fault(
            (*BACKEND, "port"),
            "kubernetes-wrong-value",
            "`spec.rules.0.backendRefs.0.port` must be from 1 to 65535, not `0`",
        ),
    ),
    (
        "text of the wrong form",
        setting(ROUTE, "https://churn", "spec", "hostnames", 0),
        Fault(
            ("spec", "hostnames", 0),
            "kubernetes-wrong-value",
            "`spec.hostnames.0` cannot be `https://churn`: a host is lower-case letters, digits, dashes and dots, "
            "perhaps after `*.`, such as `churn.example.com`",
        ),
    ),
    (
        "an empty text is told to be so, once",
        setting(ROUTE, "", "spec", "hostnames", 0),
        Fault(
            ("spec", "hostnames", 0),
            "kubernetes-wrong-value",
            "`spec.hostnames.0` is empty",
            "it needs at least 1 character",
        ),
    ),
    (
        "an empty text that only its form forbids",
        setting(ROUTE, "", *RULE, "timeouts", "request"),
        Fault(
            (*RULE, "timeouts", "request"),
            "kubernetes-wrong-value",
            '`spec.rules.0.timeouts.request` cannot be `""`: a time is whole numbers with units, '
            "such as `30s`, `500ms` or `1m30s`",
        ),
    ),
    (
        "a text that is too long",
        setting(ROUTE, "x" * 254, *BACKEND, "name"),
        Fault(
            (*BACKEND, "name"),
            "kubernetes-wrong-value",
            "`spec.rules.0.backendRefs.0.name` has 254 characters; at most 253 are allowed",
        ),
    ),
    (
        "an empty list",
        setting(ROUTE, [], "spec", "rules"),
        Fault(("spec", "rules"), "kubernetes-wrong-value", "`spec.rules` is empty", "it needs at least 1 item"),
    ),
    (
        "a list that is too long",
        setting(ROUTE, ["a.example"] * 17, "spec", "hostnames"),
        Fault(
            ("spec", "hostnames"),
            "kubernetes-wrong-value",
            "`spec.hostnames` has 17 items; at most 16 are allowed",
        ),
    ),
    (
        "none of a few words",
        setting(ROUTE, "pathprefix", *RULE, "matches", 0, "path", "type"),
        Fault(
            (*RULE, "matches", 0, "path", "type"),
            "kubernetes-wrong-value",
            "`spec.rules.0.matches.0.path.type` cannot be `pathprefix`",
            "did you mean `PathPrefix`?",
        ),
    ),
    (
        "none of a few numbers",
        setting(ROUTE, 304, *REDIRECT, "statusCode"),
        Fault(
            (*REDIRECT, "statusCode"),
            "kubernetes-wrong-value",
            "`spec.rules.1.filters.0.requestRedirect.statusCode` cannot be `304`",
            "choose one of: 301, 302, 303, 307, 308",
        ),
    ),
    (
        "none of a few words, not even text",
        setting(ROUTE, None, *RULE, "matches", 0, "method"),
        Fault(
            (*RULE, "matches", 0, "method"),
            "kubernetes-wrong-type",
            "`spec.rules.0.matches.0.method` must be text, not null",
            "leave it out, or give it a value",
        ),
    ),
    (
        "a kind in the wrong case",
        {**ROUTE, "kind": "HttpRoute"},
        Fault(
            ("kind",),
            "kubernetes-unknown-kind",
            "`gateway.networking.k8s.io/v1` has no kind `HttpRoute`",
            "did you mean `HTTPRoute`?",
        ),
    ),
    (
        "a mistyped kind",
        {**ROUTE, "kind": "HTTPRoutes"},
        Fault(
            ("apiVersion",),
            "no-schema",
            "there is no schema for `gateway.networking.k8s.io/v1` `HTTPRoutes`, so nothing in it can be checked",
            "did you mean `HTTPRoute`?",
        ),
    ),
    (
        "another version of a kind",
        {**ROUTE, "apiVersion": "gateway.networking.k8s.io/v1beta1"},
        Fault(
            ("apiVersion",),
            "no-schema",
            "there is no schema for `gateway.networking.k8s.io/v1beta1` `HTTPRoute`, so nothing in it can be checked",
            "write `apiVersion: gateway.networking.k8s.io/v1`",
        ),
    ),
    (
        "another kind of the group",
        {**ROUTE, "kind": "GRPCRoute"},
        Fault(
            ("apiVersion",),
            "no-schema",
            "there is no schema for `gateway.networking.k8s.io/v1` `GRPCRoute`, so nothing in it can be checked",
            "`kubectl get crd -o yaml | mlgen schema import -` keeps the schemas of a cluster's custom resources",
        ),
    ),
    (
        "an item of a List",
        {"apiVersion": "v1", "kind": "List", "items": [setting(ROUTE, -1, *BACKEND, "weight")]},
        Fault(
            ("items", 0, *BACKEND, "weight"),
            "kubernetes-wrong-value",
            "`spec.rules.0.backendRefs.0.weight` must be from 0 to 1000000, not `-1`",
        ),
    ),
]


@pytest.mark.parametrize(("manifest", "fault"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_faults(manifest: Manifest, fault: Fault) -> None:
    assert list(check(manifest, "1.34")) == [fault]


def test_a_whole_route_passes() -> None:
    assert [fault for minor in MINORS for fault in check(ROUTE, minor)] == []


def refused(shape: Shape, value: Any) -> list[Fault]:
    """What is said of a value that a shape of one keyword refuses."""
    ((keyword, _),) = shape.items()
    schema = {"$defs": {"Thing": {"properties": {"size": {"type": "integer", **shape}}}}}
    place = ("$defs", "Thing", "properties", "size", keyword)
    return list(faults(Refusal(("size",), value, keyword, place, schema, "a.example/v1", "Thing", "1.34")))


@pytest.mark.parametrize(
    ("shape", "value", "message"),
    [
        ({"minimum": 1}, 0, "`size` must be at least 1, not `0`"),
        ({"maximum": 9}, 10, "`size` must be at most 9, not `10`"),
        ({"minLength": 3}, "a", "`size` has 1 character; at least 3 are needed"),
        ({"minItems": 3}, ["a", "b"], "`size` has 2 items; at least 3 are needed"),
        ({"enum": [1, 2]}, 3.0, "`size` cannot be `3.0`"),
        ({"pattern": "^a"}, "b", "`size` cannot be `b`"),
    ],
)
def test_limits_that_no_route_has(shape: Shape, value: Any, message: str) -> None:
    assert [fault.message for fault in refused(shape, value)] == [message]


# Against the upstream CRD

LIMITS = (
    "enum pattern minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems "
    "minProperties maxProperties uniqueItems multipleOf anyOf oneOf allOf not"
).split()
OPEN = "x-kubernetes-preserve-unknown-fields"
EITHER = "x-kubernetes-int-or-string"
POD = "io.k8s.api.core.v1.PodTemplateSpec"
POD_SPEC = "io.k8s.api.core.v1.PodSpec"
INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
TYPES = frozenset("null boolean integer number string array object".split())


def folders() -> list[Path]:
    """The folders of CRDs, without those of another version or form: kserve-v0.16.0 beside kserve."""
    names = [path.name for path in CRDS.glob("*") if path.is_dir()]
    return [CRDS / name for name in names if not any(name.startswith(f"{other}-") for other in names)]


@cache
def published(api_version: str, kind: str) -> Shape:
    """What upstream publishes: a version of a CRD, or where no CRD could be had, the catalog's JSON Schema."""
    if not CRDS.is_dir():
        pytest.skip("../shared is not here: no schema was held against its CRD")
    group, _, version = api_version.partition("/")
    wanted = re.compile(rf"^  group: {re.escape(group)}$[\s\S]*^    kind: {kind}$", re.MULTILINE)
    texts = [path.read_text("utf-8") for folder in sorted(folders()) for path in sorted(folder.glob("*.yaml"))]
    for crd in (yaml.load(text, yaml.CSafeLoader) for text in texts if wanted.search(text)):
        for served in crd["spec"]["versions"]:
            if served["name"] == version and served["served"]:
                return dict(served["schema"]["openAPIV3Schema"])
    catalog = CRDS / "catalog-jsonschema" / f"{kind.lower()}_{version}.json"
    assert catalog.exists(), f"../shared/crds has nothing about {api_version} {kind}"
    return dict(json.loads(catalog.read_text("utf-8")))


def in_python(pattern: str) -> str:
    """Python's `$` lets a line end follow."""
    return re.sub(r"\$(?=$|\||\))", r"\\Z", pattern)


def closed(shape: Shape) -> Shape:
    """A published shape as a JSON Schema that refuses what the API server would prune."""
    kept = {keyword: shape[keyword] for keyword in LIMITS if keyword in shape}
    if shape.get("format") == "int32":
        kept = INT32 | kept
    if "pattern" in kept:
        kept["pattern"] = in_python(kept["pattern"])
    if shape.get(EITHER):
        kept = {keyword: value for keyword, value in kept.items() if keyword not in ("anyOf", "oneOf", "allOf")}
    types = {"integer", "string"} if shape.get(EITHER) else {shape["type"]} if "type" in shape else set(TYPES)
    kept["type"] = sorted(types | ({"null"} if shape.get("nullable") else set()))
    fields = shape.get("properties", {})
    if "items" in shape:
        kept["items"] = closed(shape["items"])
    # The catalog closes what a CRD leaves open to fields that nobody names.
    open_to_all = shape.get(OPEN) and "additionalProperties" not in shape
    if "object" in types and not open_to_all and not shape.get("x-kubernetes-embedded-resource"):
        other = shape.get("additionalProperties")
        kept["additionalProperties"] = closed(other) if isinstance(other, dict) else bool(other)
    kept["properties"] = {name: closed(inner) for name, inner in fields.items()}
    # What has a default is filled in before anything is refused.
    kept["required"] = sorted(name for name in shape.get("required", ()) if "default" not in fields.get(name, {}))
    return kept


@cache
def upstream(api_version: str, kind: str) -> Shape:
    """The whole resource, closed; its metadata is for Kubernetes' own schema."""
    whole = closed(published(api_version, kind))
    whole["properties"] |= {"apiVersion": {"type": ["string"]}, "kind": {"type": ["string"]}}
    whole["properties"]["metadata"] = {"type": ["object"]}
    whole["required"] = sorted(set(whole["required"]) - {"apiVersion", "kind", "metadata"})
    return whole


def accepted(manifest: Manifest) -> bool:
    """What upstream says."""
    return jsonschema.Draft202012Validator(upstream(manifest["apiVersion"], manifest["kind"])).is_valid(manifest)


def pod_of(theirs: Shape) -> str | None:
    """The pod, or pod template, that a published shape is. A CRD has those of the Kubernetes it was made with; the
    operator hands them on to the cluster's own API server, so ours refer to that version's: neither has all fields."""
    fields = theirs.get("properties", {})
    if "metadata" in fields and "containers" in fields.get("spec", {}).get("properties", {}):
        return POD
    return POD_SPEC if {"containers", "volumes"} <= set(fields) else None


def beside_pods(theirs: Shape) -> Shape:
    """A published shape that takes any pod template: what it says beside them is its own."""
    if pod_of(theirs):
        return {}
    inner = {name: beside_pods(shape) for name, shape in theirs.get("properties", {}).items()}
    below = {
        key: beside_pods(theirs[key]) for key in ("items", "additionalProperties") if isinstance(theirs.get(key), dict)
    }
    return {**theirs, "properties": inner, **below}


def accepted_beside_pods(manifest: Manifest) -> bool:
    """What upstream says, whatever is in pod templates."""
    whole = beside_pods(upstream(manifest["apiVersion"], manifest["kind"]))
    return jsonschema.Draft202012Validator(whole).is_valid(manifest)


CRD: Shape = yaml.load(
    """
type: object
required: [count, size]
properties:
  count: {type: integer, format: int32, minimum: 0}
  size: {anyOf: [{type: integer}, {type: string}], x-kubernetes-int-or-string: true, pattern: "^[0-9]+%?$"}
  mode: {type: string, default: fast}
  note: {type: string, nullable: true}
  labels: {type: object, additionalProperties: {type: string}}
  values: {type: object, x-kubernetes-preserve-unknown-fields: true}
  nothing: {type: object}
  pods: {type: array, items: {type: object, required: [mode], properties: {mode: {type: string, default: fast}}}}
""",
    yaml.SafeLoader,
)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, True),
        ({"size": "30%", "mode": "slow", "note": None, "labels": {"a": "b"}, "values": {"a": [{}]}}, True),
        ({"pods": [{}], "nothing": {}}, True),
        ({"count": 2**31}, False),
        ({"count": -1}, False),
        ({"count": None}, False),
        ({"mode": None}, False),
        ({"size": 1.5}, False),
        ({"size": "30%\n"}, False),
        ({"labels": {"a": 1}}, False),
        ({"nothing": {"a": 1}}, False),
        ({"pods": [{"a": 1}]}, False),
        ({"other": 1}, False),
    ],
)
def test_the_oracle_prunes_and_defaults_as_the_api_server_does(change: Manifest, verdict: bool) -> None:
    value = {"count": 1, "size": 3, **change}
    assert jsonschema.Draft202012Validator(closed(CRD)).is_valid(value) is verdict


def types(shape: Shape) -> set[str]:
    named = shape.get("type", [] if "oneOf" in shape else TYPES)
    found = {named} if isinstance(named, str) else set(named)
    return found.union(*(types(branch) for branch in shape.get("oneOf", ())))


def compared(limit: Any) -> Any:
    return sorted(map(str, limit)) if isinstance(limit, list) else str(limit).replace(r"\Z", "$")


def differences(ours: Resource, mine: Shape, theirs: Shape, place: str = "") -> Iterator[str]:
    """Where a shape of ours says something else than upstream's."""
    if mine == {"$ref": f"#/$defs/{pod_of(theirs)}"}:
        return
    mine = ours.full(mine)
    known, fields = theirs.get("properties", {}), mine.get("properties", {})
    if place == ".metadata":
        return
    if not types(mine) <= types(theirs) | ({"integer"} if "number" in types(theirs) else set()):
        yield f"{place}: {sorted(types(mine))}, upstream {types(theirs)}"
    for limit in LIMITS:
        stated, wanted = mine.get(limit), theirs.get(limit)
        # Of a bare int32, which upstream says without limits, ours may say more.
        derived = wanted in INT32.values() and stated is not None and INT32["minimum"] <= stated <= INT32["maximum"]
        if compared(stated) != compared(wanted) and not derived and limit != "oneOf":
            yield f"{place}: {limit} {stated}, upstream {wanted}"
    if sorted(mine.get("required", ())) != theirs.get("required", []):
        yield f"{place}: required {mine.get('required')}, upstream {theirs.get('required')}"
    other = theirs.get("additionalProperties", True)
    for name, inner in fields.items():
        if name not in known and other is False:
            yield f"{place}.{name}: upstream has no such field"
        yield from differences(
            ours, inner, known.get(name, other if isinstance(other, dict) else {}), f"{place}.{name}"
        )
    if "items" in mine:
        yield from differences(ours, mine["items"], theirs.get("items", {}), f"{place}[]")
    values = mine.get("additionalProperties", True)
    if "object" in types(mine) and values is not False and other is not True:
        if isinstance(values, dict) and isinstance(other, dict):
            yield from differences(ours, values, other, f"{place}.*")
        else:
            yield f"{place}: any field, upstream {'any field of one shape' if other else 'no other field'}"


def lacking(ours: Resource, mine: Shape, theirs: Shape, place: str = "") -> Iterator[str]:
    """The fields of upstream's that ours leaves out."""
    mine = ours.full(mine)
    for name, inner in theirs.get("properties", {}).items():
        if name in mine.get("properties", {}):
            yield from lacking(ours, mine["properties"][name], inner, f"{place}.{name}")
        else:
            yield f"{place}.{name}"
    if "items" in theirs:
        yield from lacking(ours, mine["items"], theirs["items"], f"{place}[]")


@each
def test_field_by_field_ours_is_upstreams(ours: Resource) -> None:
    assert list(differences(ours, ours.root, upstream(ours.api_version, ours.kind))) == []


def widened(root: Shape) -> Iterator[tuple[str, Shape]]:
    """A schema with one thing changed in it, for each thing that could be wrong."""
    for place, shape in shapes(root):
        for keyword in {"type", "required", "properties", *LIMITS} & set(shape):
            changed = copy.deepcopy(root)
            target = at(changed, place)
            if keyword == "type":
                target["type"] = [shape["type"], "boolean" if shape["type"] != "boolean" else "string"]
            elif keyword == "properties":
                target["properties"]["nope"] = {"type": "string"}
            elif isinstance(shape[keyword], int):
                target[keyword] += -1 if keyword.startswith("min") else 1
            else:
                del target[keyword]
            yield f"{'.'.join(place)}: {keyword}", changed


@each
def test_the_comparison_finds_every_single_difference(ours: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, schema = upstream(ours.api_version, ours.kind), custom.closed(ours.api_version, ours.kind, MINORS[-1])
    native = {name: shape for name, shape in schema["$defs"].items() if name not in ours.root["$defs"]}
    count = 0
    for change, root in widened(ours.root):
        definitions = root["$defs"] | native
        monkeypatch.setattr(Resource, "definitions", definitions)
        assert list(differences(ours, root, theirs)), change
        count += 1
    assert count > 5


def test_the_route_leaves_out_only_its_status() -> None:
    (ours,) = [one for one in RESOURCES if one.kind == "HTTPRoute"]
    assert list(lacking(ours, ours.root, upstream(ours.api_version, ours.kind))) == [".status"]


# Variants

PRINTABLE = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
SPOILT: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, 0, -1, 65536, 2**31, 1.5, 1e300, "", "A b", "*", "https://a:80", "x" * 254, "x" * 5000, [], {}]
)


@st.composite
def instances(draw: Callable[..., Any], ours: Resource, shape: Shape) -> Any:
    """A value that a shape of ours takes: all that is required of it and up to three fields more."""
    if shape.get("$ref", "").endswith("ObjectMeta"):
        return {"name": draw(st.sampled_from(["a", "serve"])), "labels": {"app": "a"}}
    pod = {"containers": [{"name": "a", "image": "a:1"}]}
    if shape.get("$ref", "").endswith(POD):
        return {"metadata": {"labels": {"app": "a"}}, "spec": pod}
    if shape.get("$ref", "").endswith(POD_SPEC):
        return pod
    full = ours.full(shape)
    if "enum" in full:
        return draw(st.sampled_from(full["enum"]))
    kind = draw(st.sampled_from(sorted(types(full) - {"null"})))
    if kind == "object":
        required, fields = full.get("required", []), full.get("properties", {})
        more = draw(st.lists(st.sampled_from(sorted(fields)), max_size=3)) if fields else []
        named = {name: draw(instances(ours, fields[name])) for name in dict.fromkeys([*required, *more])}
        other = full.get("additionalProperties", True)
        keys = draw(st.lists(st.text(PRINTABLE, max_size=5), max_size=2)) if isinstance(other, dict) else []
        return named | {key: draw(instances(ours, other)) for key in keys if key not in fields}
    if kind == "array":
        least = full.get("minItems", 0)
        return draw(st.lists(instances(ours, full["items"]), min_size=least, max_size=min(full.get("maxItems", 9), 2)))
    if kind == "string":
        return draw(texts(full))
    bounds = {"min_value": full.get("minimum"), "max_value": full.get("maximum")}
    return draw({"integer": st.integers(**bounds), "number": st.integers(**bounds), "boolean": st.booleans()}[kind])


def texts(shape: Shape) -> st.SearchStrategy[str]:
    least, most = shape.get("minLength", 0), shape.get("maxLength", 10_000)
    if "pattern" not in shape:
        return st.text(PRINTABLE, min_size=least, max_size=least + 9) | st.just("x" * most)
    strategy: st.SearchStrategy[str] = st.from_regex(in_python(shape["pattern"]), alphabet=PRINTABLE)
    return strategy.filter(lambda text: least <= len(text) <= most)


@st.composite
def objects(draw: Callable[..., Any]) -> Manifest:
    """Any resource that ships."""
    ours = draw(st.sampled_from(RESOURCES))
    found: Manifest = draw(instances(ours, ours.root))
    return {"metadata": {"name": "a"}, **found, "apiVersion": ours.api_version, "kind": ours.kind}


@st.composite
def spoilt(draw: Callable[..., Any]) -> Manifest:
    """Any resource with one to three changes: a value replaced, removed, repeated, or moved to another key."""
    manifest = copy.deepcopy(ROUTE) if draw(st.booleans()) else draw(objects())
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(manifest), key=str)))
        home, change = at(manifest, path[:-1]), draw(st.sampled_from(["replace", "remove", "rename", "repeat"]))
        if change == "replace":
            home[path[-1]] = draw(SPOILT | VALUES)
        elif change == "repeat" and isinstance(home[path[-1]], list):
            home[path[-1]] *= draw(st.sampled_from([9, 17, 65]))
        else:
            value = home.pop(path[-1])
            if change == "rename" and isinstance(home, dict):
                home[draw(st.sampled_from(["name", "nope", "spec", "value", "kind", "port"]))] = value
        if "metadata" not in manifest or "kind" not in manifest:
            break
    return {**manifest, **{key: ROUTE[key] for key in ("apiVersion", "kind") if not known(manifest)}}


def known(manifest: Manifest) -> bool:
    return any((one.api_version, one.kind) == (manifest.get("apiVersion"), manifest.get("kind")) for one in RESOURCES)


@settings(max_examples=100)
@given(objects(), st.sampled_from(SPREAD))
def test_what_ours_allows_upstream_takes(manifest: Manifest, minor: str) -> None:
    assert list(check(manifest, minor)) == []
    assert accepted(manifest)


def agrees(manifest: Manifest, minor: str) -> None:
    """Ours is at least as strict; and where it leaves nothing out, no stricter."""
    found = list(check(manifest, minor))
    taken = accepted_beside_pods(manifest)
    assert found or taken, "a fault of upstream's passed"
    if manifest["kind"] == "HTTPRoute" and "status" not in manifest:
        assert not [fault for fault in found if fault.path[:1] != ("metadata",)] or not taken, found


@settings(max_examples=200)
@given(spoilt(), st.sampled_from(SPREAD))
def test_a_changed_object_gets_the_verdict_of_its_crd(manifest: Manifest, minor: str) -> None:
    agrees(manifest, minor)


@pytest.mark.proof
@settings(max_examples=3000)
@given(spoilt(), st.sampled_from(MINORS))
def test_many_changed_objects_get_the_verdict_of_their_crd(manifest: Manifest, minor: str) -> None:
    agrees(manifest, minor)


@settings(max_examples=100)
@given(spoilt(), st.sampled_from(MINORS))
def test_every_fault_has_a_place_that_exists(manifest: Manifest, minor: str) -> None:
    for fault in check(manifest, minor):
        found = at(manifest, fault.path)
        assert fault.rule != "kubernetes-missing-field" or isinstance(found, dict)
        assert fault.message.isprintable()


def test_what_mlgen_builds_passes() -> None:
    for manifest in reference().custom:
        assert list(check(manifest, "1.34")) == []
        assert accepted(manifest)


def test_upstream_routes_pass() -> None:
    paths = SHARED.glob("samples/**/*.y*ml")
    found = [
        m for path in paths if "kind: HTTPRoute" in path.read_text("utf-8") for m in documents(path) if known(m)
    ] or pytest.skip("../shared is not here")
    assert [fault for manifest in found for fault in check(manifest, "1.34") if fault.path != ("status",)] == []
