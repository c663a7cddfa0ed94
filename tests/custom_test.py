"""Custom resources in, faults out; the oracle is the upstream CRD, closed as the API server prunes it.

Whatever lies in schemas/kubernetes/<group>/ is held against its CRD here by being there.
"""

import copy
import json
import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
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
from tests.tools import custom_schemas, hardening
from tests.tools.native_match import copies, native

from mlgen import gate
from mlgen.document import parse
from mlgen.gathered import Setting
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
    """A file of ours: ``operator`` is the version of it that the file is for, if it is not the newest."""

    api_version: str
    kind: str
    root: Shape
    operator: str = ""

    @property
    def definitions(self) -> dict[str, Shape]:
        """As published: what the API server asks beyond its schemas is no difference to a CRD."""
        found: dict[str, Shape] = self.schema(MINORS[-1])["$defs"]
        return {
            name: hardening.published(shape) if name.startswith("io.k8s.") else shape for name, shape in found.items()
        }

    def schema(self, minor: str) -> Shape:
        """What objects are checked against."""
        return custom.closed(self.api_version, self.kind, minor, self.operators)

    @property
    def operators(self) -> frozenset[str]:
        """What an environment has that the schema is for."""
        return frozenset({self.operator} - {""})

    def full(self, shape: Shape) -> Shape:
        """A shape with what it refers to."""
        if "$ref" not in shape:
            return shape
        target = self.definitions[shape["$ref"].removeprefix("#/$defs/")]
        return {**self.full(target), **{key: value for key, value in shape.items() if key != "$ref"}}


FILES = sorted(path for path in (ROOT / "schemas" / "kubernetes").glob("*/*"))


def resource(path: Path) -> Resource:
    root = json.loads(path.read_text("utf-8"))
    named, _, operator = path.name.removesuffix(".json").partition("@")
    version = named.partition("-")[2]
    return Resource(f"{path.parent.name}/{version}", root["$ref"].rpartition("/")[2], root, operator)


# Whose CRDs take anything: what the operator reads is written in its Go types, and ours is written after those.
UNTOLD = {"Experiment"}
EVERY = [resource(path) for path in FILES]
RESOURCES = [one for one in EVERY if one.kind not in UNTOLD]
each = pytest.mark.parametrize("ours", EVERY, ids=[path.name.removesuffix(".json") for path in FILES])


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
    own = f"@{ours.operator}" if ours.operator else ""
    assert path.name == f"{ours.kind.lower()}-{ours.api_version.rpartition('/')[2]}{own}.json"
    assert ours.operators <= custom.operators_of(ours.api_version, ours.kind)
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
        assert "enum" not in shape or shape["type"] in ("string", "integer", "object"), place
        assert set(shape.get("required", ())) <= set(shape.get("properties", {})), place
        assert "$defs" in shape or "$ref" in shape or "type" in shape or not shape, place
        if shape.get("type") == "object":
            assert shape["additionalProperties"] is False or "properties" not in shape, place
        if shape.get("type") == "array":
            assert "items" in shape, place


@each
def test_a_schema_refers_to_what_every_minor_version_has(ours: Resource) -> None:
    for minor in MINORS:
        schema = ours.schema(minor)
        meant = {shape["$ref"].removeprefix("#/$defs/") for _, shape in shapes(schema) if "$ref" in shape}
        assert meant <= set(schema["$defs"]), "a definition is missing"
        assert set(ours.root["$defs"]) <= meant | {ours.kind}, "nothing needs a definition"
    assert not [name for name in ours.root["$defs"] if name.startswith("io.k8s.")]
    assert ours.root["$defs"][ours.kind]["properties"]["metadata"] == {"$ref": f"#/$defs/{custom.META}"}


@pytest.mark.parametrize("minor", MINORS)
def test_metadata_is_that_of_the_minor_version(minor: str) -> None:
    """With its nulls, but for the whole of it: `creationTimestamp: null` is common."""
    expected = bundle.closed(custom.META, minor)["$defs"]
    found = custom.closed(ROUTE["apiVersion"], ROUTE["kind"], minor)["$defs"]
    changed = {name for name in expected if found[name] != expected[name]}
    assert changed == {custom.META, *(name for name in expected if name.startswith(custom.LAX))}
    assert {**found[custom.META], "type": ["object", "null"]} == expected[custom.META]


def test_kubernetes_definitions_take_no_null_in_a_custom_resource() -> None:
    """The API server takes null for an absent field in its own kinds only; a schema may refer to a pod template."""
    for name, shape in custom.native({POD}, "1.34").items():
        meta = name in bundle.closed(custom.META, "1.34")["$defs"]
        assert meta or '"null"' not in json.dumps(shape), name
    assert '"null"' in json.dumps(bundle.closed(POD, "1.34")), "what the bundle has was changed in place"


def test_a_native_object_reads_none_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custom, "shipped", SimpleNamespace(text=pytest.fail))
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
            "`spec.rules.0.backendRef` is not a field of HTTPRouteRule in `gateway.networking.k8s.io/v1`",
            "did you mean `backendRefs`?",
        ),
    ),
    (
        "a field of the experimental channel",
        setting(ROUTE, {}, *RULE, "retry"),
        Fault(
            (*RULE, "retry"),
            "kubernetes-unknown-field",
            "`spec.rules.0.retry` is not a field of HTTPRouteRule in `gateway.networking.k8s.io/v1`",
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
        {**ROUTE, "apiVersion": "gateway.networking.k8s.io/v1alpha2"},
        Fault(
            ("apiVersion",),
            "no-schema",
            "there is no schema for `gateway.networking.k8s.io/v1alpha2` `HTTPRoute`, so nothing in it can be checked",
            "write `apiVersion: gateway.networking.k8s.io/v1` or `apiVersion: gateway.networking.k8s.io/v1beta1`",
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
        ({"minProperties": 1}, {}, "`size` is empty"),
        ({"maxProperties": 1}, {"a": 1, "b": 2}, "`size` has 2 entries; at most 1 are allowed"),
        ({"enum": [1, 2]}, 3.0, "`size` cannot be `3.0`"),
        ({"pattern": "^a"}, "b", "`size` cannot be `b`"),
    ],
)
def test_limits_that_no_route_has(shape: Shape, value: Any, message: str) -> None:
    assert [fault.message for fault in refused(shape, value)] == [message]


# Versions of an operator

SERVICE: Manifest = {
    "apiVersion": "serving.kserve.io/v1beta1",
    "kind": "InferenceService",
    "metadata": {"name": "churn"},
    "spec": {
        "predictor": {"model": {"modelFormat": {"name": "onnx"}}},
        "canary": [
            {
                "trafficPercent": 10,
                "predictor": {"name": "v43", "model": {"modelFormat": {"name": "onnx"}, "name": "a"}},
            }
        ],
    },
}


def test_an_operators_version_decides_which_fields_there_are() -> None:
    """`spec.canary` came with KServe 0.20."""
    assert list(check(SERVICE, "1.34")) == []
    assert list(check(SERVICE, "1.34", frozenset({"kserve-0.20", "spark-operator-2.5"}))) == []
    (fault,) = check(SERVICE, "1.34", frozenset({"kserve-0.16", "spark-operator-2.5"}))
    assert (fault.path, fault.rule) == (("spec", "canary"), "kubernetes-unknown-field")
    assert check(setting(SERVICE, {}, "spec", "nope"), "1.34", frozenset({"nope", "../kserve-0.16"}))


def test_an_environment_chooses_the_versions() -> None:
    offer = parse(b"platform: {serving: kserve-0.16, job: job, notebook: null}", file="a.yaml").documents[0]
    assert Setting("1.34", offer).operators == {"kserve-0.16", "job"}
    assert Setting("1.34").operators == frozenset()
    body = copy.deepcopy(SERVICE)
    assert [finding.fault.path for finding in gate.check([body], Setting("1.34", offer))] == [("spec", "canary")]


def test_a_kind_of_several_versions_is_named_once() -> None:
    found = custom.kinds("serving.kserve.io/v1beta1")
    assert found.count(("serving.kserve.io/v1beta1", "InferenceService")) == 1
    assert custom.operators_of("serving.kserve.io/v1beta1", "InferenceService") == {"kserve-0.16"}
    assert custom.operators_of("serving.kserve.io/v9", "InferenceService") == frozenset()


# Against the upstream CRD

LIMITS = (
    "enum pattern minimum maximum exclusiveMinimum exclusiveMaximum minLength maxLength minItems maxItems "
    "minProperties maxProperties uniqueItems multipleOf anyOf oneOf allOf not"
).split()
OPEN = "x-kubernetes-preserve-unknown-fields"
EITHER = "x-kubernetes-int-or-string"
NATIVE = "#/$defs/io.k8s."
POD = "io.k8s.api.core.v1.PodTemplateSpec"
POD_SPEC = "io.k8s.api.core.v1.PodSpec"
INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
TYPES = frozenset("null boolean integer number string array object".split())
# Folders of ../shared/crds with the CRDs of another version than the newest.
OPERATORS = {
    "kserve-0.16": "kserve-v0.16.0",
    "kubeflow-trainer-2.0": "trainer-v2.0.0",
    "kubeflow-trainer-2.1": "trainer-v2.1.0",
    "kubeflow-trainer-2.2": "trainer-v2.2.0",
    "argo-workflows-3.7": "argo-workflows-v3.7",
}
ELSEWHERE = {"kserve-minimal", *OPERATORS.values()}
# A second folder of that shape, for CRDs that ../shared has not.
MORE = os.environ.get("MLGEN_CRDS")


@cache
def served() -> dict[tuple[str, str, str], Path]:
    """Where upstream's publication of a group and kind lies, for each operator with versions of its own."""
    if not CRDS.is_dir():
        pytest.skip("../shared is not here: no schema was held against its CRD")
    of_folder = {folder: operator for operator, folder in OPERATORS.items()}
    found: dict[tuple[str, str, str], Path] = {}
    folders = [CRDS, *([Path(MORE)] if MORE else [])]
    for path in sorted(path for folder in folders for path in folder.glob("*/*.yaml")):
        text = path.read_text("utf-8")
        group, kind = (re.search(form, text, re.MULTILINE) for form in (r"^  group: (.+)$", r"^    kind: (.+)$"))
        if group and kind and (path.parent.name not in ELSEWHERE or path.parent.name in of_folder):
            found[group[1], kind[1], of_folder.get(path.parent.name, "")] = path
    return found


@cache
def published(ours: tuple[str, str, str]) -> Shape:
    """What upstream publishes: a version of a CRD, or where no CRD could be had, the catalog's JSON Schema."""
    (api_version, kind, operator), known = ours, served()
    group, _, version = api_version.partition("/")
    if (group, kind, operator) in known:
        for one in yaml.load(known[group, kind, operator].read_text("utf-8"), yaml.CSafeLoader)["spec"]["versions"]:
            if one["name"] == version and one["served"]:
                return dict(one["schema"]["openAPIV3Schema"])
    if operator:
        pytest.skip(f"the CRDs of {operator} are not in ../shared: MLGEN_CRDS may name a folder with them")
    catalog = CRDS / "catalog-jsonschema" / f"{kind.lower()}_{version}.json"
    assert catalog.exists(), f"../shared/crds has nothing about {api_version} {kind}"
    return dict(json.loads(catalog.read_text("utf-8")))


def in_python(pattern: str) -> str:
    """Python's `$` lets a line end follow, and its flags stand first."""
    flags = "(?i)" if "(?i)" in pattern else ""
    return flags + re.sub(r"\$(?=$|\||\))", r"\\Z", pattern.replace("(?i)", ""))


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
    other, open_ = shape.get("additionalProperties"), shape.get(OPEN) or shape.get("x-kubernetes-embedded-resource")
    if "object" in types and not open_:  # the catalog closes what a CRD leaves open
        kept["additionalProperties"] = closed(other) if isinstance(other, dict) else bool(other)
    elif "object" in types and isinstance(other, dict) and "type" in other:  # where nothing is pruned, this holds too
        kept["additionalProperties"] = closed(other)
    kept["properties"] = {name: closed(inner) for name, inner in fields.items()}
    # What has a default is filled in before anything is refused.
    kept["required"] = sorted(name for name in shape.get("required", ()) if "default" not in fields.get(name, {}))
    return kept


def upstream(ours: Resource) -> Shape:
    """The whole resource, closed; its metadata is for Kubernetes' own schema, and nobody writes its status."""
    return _upstream((ours.api_version, ours.kind, ours.operator))


@cache
def _upstream(ours: tuple[str, str, str]) -> Shape:
    whole = closed(published(ours))
    whole["properties"] |= {"apiVersion": {"type": ["string"]}, "kind": {"type": ["string"]}}
    whole["properties"]["metadata"] = {"type": ["object"]}
    if "status" in whole["properties"]:
        whole["properties"]["status"] = {"type": ["object"]}
    whole["required"] = sorted(set(whole["required"]) - {"apiVersion", "kind", "metadata"})
    return whole


def named(manifest: Manifest) -> Resource:
    """Our schema of an object, with the newest operator."""
    return next(one for one in RESOURCES if (one.api_version, one.kind, one.operator) == (*known_as(manifest), ""))


def known_as(manifest: Manifest) -> tuple[Any, Any]:
    return manifest.get("apiVersion"), manifest.get("kind")


def accepted(manifest: Manifest) -> bool:
    """What upstream says."""
    return jsonschema.Draft202012Validator(upstream(named(manifest))).is_valid(manifest)


def beside_pods(theirs: Shape) -> Shape:
    """A published shape that takes anything where it has a copy of Kubernetes' own: the rest is what it says itself.

    A CRD has the pod templates of the Kubernetes it was made with; the operator hands them on to the cluster's own API
    server, so ours refer to that version's: neither has all fields.
    """
    if native(theirs):
        return {}
    inner = {name: beside_pods(shape) for name, shape in theirs.get("properties", {}).items()}
    below = {
        key: beside_pods(theirs[key]) for key in ("items", "additionalProperties") if isinstance(theirs.get(key), dict)
    }
    return {**theirs, "properties": inner, **below}


@cache
def _beside_pods(ours: tuple[str, str, str]) -> Shape:
    return beside_pods(_upstream(ours))


def accepted_beside_pods(manifest: Manifest) -> bool:
    """What upstream says, whatever is in pod templates."""
    ours = named(manifest)
    whole = _beside_pods((ours.api_version, ours.kind, ours.operator))
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
    listed = shape.get("type", [] if "oneOf" in shape else TYPES)
    found = {listed} if isinstance(listed, str) else set(listed)
    return found.union(*(types(branch) for branch in shape.get("oneOf", ())))


def compared(limit: Any) -> Any:
    return sorted(map(str, limit)) if isinstance(limit, list) else str(limit).replace(r"\Z", "$").replace("(?i)", "")


def differences(ours: Resource, mine: Shape, theirs: Shape, place: str = "") -> Iterator[str]:
    """Where a shape of ours says something else than upstream's."""
    if mine.get("$ref", "").startswith(NATIVE):
        name = mine["$ref"].removeprefix("#/$defs/")
        if place != ".metadata" and not copies(theirs, name):
            yield f"{place}: upstream is no copy of {name}"
        return
    mine = ours.full(mine)
    known, fields = theirs.get("properties", {}), mine.get("properties", {})
    if not mine:
        if types(theirs) != TYPES or fields:
            yield f"{place}: anything, upstream {types(theirs)}"
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
    if mine.get("$ref", "").startswith(NATIVE):
        return
    mine = ours.full(mine)
    if mine.get("additionalProperties") is True or not mine:
        return
    for name, inner in theirs.get("properties", {}).items():
        if name in mine.get("properties", {}):
            yield from lacking(ours, mine["properties"][name], inner, f"{place}.{name}")
        else:
            yield f"{place}.{name}"
    for key, step in (("items", "[]"), ("additionalProperties", ".*")):
        if isinstance(theirs.get(key), dict):
            yield from lacking(ours, mine.get(key, {}), theirs[key], place + step)


@pytest.mark.parametrize("ours", RESOURCES, ids=lambda one: f"{one.kind}-{one.api_version}-{one.operator}")
def test_field_by_field_ours_is_upstreams(ours: Resource) -> None:
    theirs = upstream(ours)
    assert list(differences(ours, ours.root, theirs)) == []
    assert list(lacking(ours, ours.root, theirs)) == []


def test_what_is_committed_is_what_its_crd_becomes() -> None:
    """Where they differ: `python -m tests.tools.custom_schemas [--operator NAME] ../shared/crds/.../<crd>.yaml`."""
    changed = []
    catalogs = [
        CRDS / "catalog-jsonschema" / f"{name}.json" for name in ("sealedsecret_v1alpha1", "secretproviderclass_v1")
    ]
    told = {key: path for key, path in served().items() if key[1] not in UNTOLD}
    for (_, _, operator), path in {**told, **{("", one.stem, ""): one for one in catalogs}}.items():
        for version in custom_schemas.published(path):
            target = version.path(operator)
            if target in FILES and target.read_text("utf-8") != custom_schemas.text(version, operator):
                changed.append(target.name)
    assert changed == []


def widened(root: Shape) -> Iterator[tuple[str, Shape]]:
    """A schema with one thing changed in it, for each thing that could be wrong."""
    for place, shape in shapes(root):
        for keyword in {"type", "required", "properties", *LIMITS} & set(shape):
            changed = copy.deepcopy(root)
            target = at(changed, place)
            if keyword == "type":
                target["type"] = sorted(types(shape) | {"boolean" if shape["type"] != "boolean" else "string"})
            elif keyword == "properties":
                target["properties"]["nope"] = {"type": "string"}
            elif isinstance(shape[keyword], int):
                target[keyword] += -1 if keyword.startswith("min") else 1
            else:
                del target[keyword]
            yield f"{'.'.join(place)}: {keyword}", changed


@pytest.mark.parametrize("ours", [one for one in RESOURCES if one.kind in {"HTTPRoute", "TFJob", "ScaledObject"}])
def test_the_comparison_finds_every_single_difference(ours: Resource, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs, schema = upstream(ours), ours.schema(MINORS[-1])
    native = {name: shape for name, shape in schema["$defs"].items() if name not in ours.root["$defs"]}
    count = 0
    for change, root in widened(ours.root):
        definitions = root["$defs"] | native
        monkeypatch.setattr(Resource, "definitions", definitions)
        assert list(differences(ours, root, theirs)), change
        count += 1
    assert count > 5


# Variants

NEWEST = [one for one in RESOURCES if not one.operator]
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
    if shape.get("$ref", "").startswith(NATIVE):
        return smallest(ours, shape)
    full = ours.full(shape)
    if not full or full.get("additionalProperties") is True:
        return {}
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


def smallest(ours: Resource, shape: Shape) -> Any:
    """The smallest value that one of Kubernetes' own shapes takes."""
    full = ours.full(shape)
    kind = sorted(types(full) - {"null"})[0]
    if kind == "object":
        return {name: smallest(ours, full["properties"][name]) for name in full.get("required", ())}
    return {"array": [], "string": "a", "integer": 1, "number": 1, "boolean": True}[kind]


def texts(shape: Shape) -> st.SearchStrategy[str]:
    least, most = shape.get("minLength", 0), shape.get("maxLength", 10_000)
    if "pattern" not in shape:
        return st.text(PRINTABLE, min_size=least, max_size=least + 9) | st.just("x" * most)
    strategy: st.SearchStrategy[str] = st.from_regex(in_python(shape["pattern"]), alphabet=PRINTABLE)
    return strategy.filter(lambda text: least <= len(text) <= most)


@st.composite
def objects(draw: Callable[..., Any]) -> Manifest:
    """Any resource that ships."""
    ours = draw(st.sampled_from(NEWEST))
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
    return any((one.api_version, one.kind) == known_as(manifest) for one in RESOURCES)


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
    if NATIVE not in json.dumps(named(manifest).root).replace(f"#/$defs/{custom.META}", ""):
        own = [fault for fault in found if fault.path[:1] != ("metadata",) and fault.rule != "bad-name"]
        assert not own or not taken, own


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
