"""Objects in, faults out; the oracle is kubernetes-validate, whose definitions are what mlgen ships."""

import copy
import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import kubernetes_validate.utils as kubernetes_validate  # type: ignore[import-untyped]
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools import hardening, native_schemas

from mlgen import disk, engine, meeting, platform, pods
from mlgen.kubernetes import MINORS, Fault, bundle, check, custom
from mlgen.node import Json
from mlgen.node import Path as Steps
from mlgen.problem import errors
from mlgen.rules.kubernetes import RULES
from mlgen.trace import said

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
Manifest = dict[str, Any]
SPREAD = (MINORS[0], "1.31", MINORS[-1])

# The kinds for which mlgen and kubernetes-validate are meant to differ, and why.
DIFFERENT = {
    "v1 List": "kubernetes-validate has no schema for it; mlgen checks its items",
    "apps/v1 deployment": "kubernetes-validate finds a kind by its lower case and then refuses its spelling",
}


class KubectlLoader(yaml.CSafeLoader):
    """Timestamps are text to Kubernetes, and so is a lone `=`."""


KubectlLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":value"))]
    for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}

DEPLOYMENT: Manifest = yaml.load(
    """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}, annotations: {note: a}}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsNonRoot: true}
      containers:
      - name: web
        image: web:1
        args: [--port, "80"]
        ports: [{containerPort: 80}]
        env: [{name: A, value: b}, {name: C, valueFrom: {secretKeyRef: {name: s, key: k}}}]
        resources: {requests: {cpu: 0.5, memory: 1Gi}}
        livenessProbe: {httpGet: {path: /, port: 80}}
      volumes: [{name: v, emptyDir: {sizeLimit: 1Gi}}]
""",
    KubectlLoader,
)


def shared(pattern: str) -> list[Path]:
    return sorted(SHARED.glob(pattern))


def documents(path: Path) -> list[Manifest]:
    """The objects of a file that say what they are."""
    loaded = yaml.load_all(path.read_text(encoding="utf-8"), KubectlLoader)
    return [m for m in loaded if isinstance(m, dict) and {"apiVersion", "kind"} <= m.keys()]


def name_of(manifest: Manifest) -> str:
    return f"{manifest['apiVersion']} {manifest['kind']}"


def at(value: Any, path: Steps) -> Any:
    for step in path:
        value = value[step]
    return value


def without(manifest: Manifest, *path: str | int) -> Manifest:
    changed = copy.deepcopy(manifest)
    del at(changed, path[:-1])[path[-1]]
    return changed


def setting(manifest: Manifest, value: Any, *path: str | int) -> Manifest:
    changed = copy.deepcopy(manifest)
    at(changed, path[:-1])[path[-1]] = value
    return changed


@pytest.fixture(scope="module", autouse=True)
def read_once() -> Iterator[None]:
    """kubernetes-validate reads its files again for every object."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("schema_contents", "all_versions"):
            patch.setattr(kubernetes_validate, name, cache(getattr(kubernetes_validate, name)))
        yield


def shape_faults(manifest: Manifest, minor: str) -> list[Fault]:
    """What the published schema has against it, without the API server's own rules."""
    return [fault for fault in check(manifest, minor) if fault.rule.startswith(("kubernetes-", "no-schema"))]


def verdict(manifest: Manifest, minor: str) -> str:
    """What mlgen says of its shape."""
    found = shape_faults(manifest, minor)
    if name_of(manifest) not in bundle.served(minor):
        known = custom.spelling(manifest["apiVersion"], manifest["kind"])
        assert found or known, "a kind without a schema passed in silence"
        return "no schema"
    return "refused" if found else "accepted"


def oracle(manifest: Manifest, minor: str) -> str:
    """What kubernetes-validate --strict says."""
    try:
        kubernetes_validate.validate(manifest, minor, strict=True)
    except kubernetes_validate.SchemaNotFoundError:
        return "no schema"
    except kubernetes_validate.ValidationError:
        return "refused"
    return "accepted"


# What is shipped


def test_what_is_shipped_is_what_kubernetes_validate_has() -> None:
    assert tuple(native_schemas.sources()) == MINORS
    assert native_schemas.TARGET.read_text(encoding="utf-8") == native_schemas.text()


def test_a_keyword_without_a_message_is_not_shipped() -> None:
    with pytest.raises(ValueError, match="pattern"):
        native_schemas.bare({"properties": {"pattern": {"description": "a field", "pattern": "^a$"}}})


@pytest.mark.parametrize("minor", SPREAD)
def test_the_definitions_are_the_files_that_kubernetes_validate_reads(minor: str) -> None:
    """But for null, which its files allow even for a field of the outermost map that is required."""

    def nullable(shape: Manifest) -> Manifest:
        named = shape.get("type", [])
        return {**shape, "type": sorted({"null", *([named] if isinstance(named, str) else named)})}

    def outer(shape: Manifest) -> Manifest:
        fields = {field: inner if "$ref" in inner else nullable(inner) for field, inner in shape["properties"].items()}
        return {**nullable(shape), "properties": fields}

    folder = files("kubernetes_validate") / "kubernetes-json-schema" / f"v{minor}.0-local-strict"
    for kind, name in bundle.served(minor).items():
        if name.startswith(native_schemas.META):
            continue
        *group, version, word = name.rpartition("api.")[2].split(".")[-3:]
        stem = "-".join([word.lower(), *(part for part in group if part != "core"), version])
        file = json.loads((folder / f"{stem}.json").read_text().replace("/api/_definitions.json#", "#"))
        for key in ("$schema", "$id"):
            del file[key]
        shipped = hardening.published(bundle.closed(name, minor)["$defs"][name])
        assert outer(native_schemas.bare(file)) == outer(shipped), kind


@pytest.mark.parametrize("minor", MINORS)
def test_every_kind_has_one_definition(minor: str) -> None:
    rows = [line.split("\t") for line in native_schemas.TARGET.read_text().splitlines()[1:]]
    place = MINORS.index(minor)
    kinds = [row[3] for row in rows if row[3] and MINORS.index(row[1]) <= place <= MINORS.index(row[2])]
    assert len(kinds) == len(set(kinds)) == len(bundle.served(minor)) > 60


def test_an_unknown_minor_version_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"1\.24"):
        list(check(DEPLOYMENT, "1.24"))


@pytest.mark.parametrize(
    ("minors", "words"),
    [
        ((), ""),
        (("1.30",), "1.30"),
        (("1.26", "1.27"), "1.26 to 1.27"),
        (("1.25", "1.26"), "1.26 and earlier"),
        (MINORS[-2:], "1.36 and later"),
        (("1.26", "1.28", "1.29"), "1.26 or 1.28 to 1.29"),
    ],
)
def test_minor_versions_in_words(minors: tuple[str, ...], words: str) -> None:
    assert bundle.in_words(minors) == words


# Each fault, in words

CONFIG_MAP: Manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}}
PORT = ("spec", "template", "spec", "containers", 0, "ports", 0, "containerPort")
CLAIM = {
    "kind": "PersistentVolume",
    "metadata": {"name": "data"},
    "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
}
STATEFUL_SET = {
    "apiVersion": "apps/v1",
    "kind": "StatefulSet",
    "metadata": {"name": "web"},
    "spec": {
        "selector": {"matchLabels": {"app": "web"}},
        "serviceName": "s",
        "template": DEPLOYMENT["spec"]["template"],
        "volumeClaimTemplates": [CLAIM],
    },
}
FAULTS: list[tuple[str, Manifest, str, Fault]] = [
    (
        "a mistyped field",
        setting(DEPLOYMENT, 3, "spec", "replica"),
        "1.34",
        Fault(
            ("spec", "replica"),
            "kubernetes-unknown-field",
            "`spec.replica` is not a field of DeploymentSpec in Kubernetes 1.34",
            "did you mean `replicas`?",
        ),
    ),
    (
        "a field on the outermost level",
        setting(DEPLOYMENT, {}, "specs"),
        "1.34",
        Fault(
            ("specs",),
            "kubernetes-unknown-field",
            "`specs` is not a field of Deployment in Kubernetes 1.34",
            "did you mean `spec`?",
        ),
    ),
    (
        "a field of a later version",
        setting(DEPLOYMENT, {}, "spec", "template", "spec", "resources"),
        "1.30",
        Fault(
            ("spec", "template", "spec", "resources"),
            "kubernetes-unknown-field",
            "`spec.template.spec.resources` is not a field of PodSpec in Kubernetes 1.30",
            "it is a field in Kubernetes 1.32 and later",
        ),
    ),
    (
        "a field that is like no other",
        setting(DEPLOYMENT, 1, "spec", "template", "spec", "containers", 0, "gpus"),
        "1.34",
        Fault(
            ("spec", "template", "spec", "containers", 0, "gpus"),
            "kubernetes-unknown-field",
            "`spec.template.spec.containers.0.gpus` is not a field of Container in Kubernetes 1.34",
            "`kubectl explain deployment.spec.template.spec.containers` lists the fields",
        ),
    ),
    (
        "a required field is missing",
        without(DEPLOYMENT, "spec", "selector"),
        "1.34",
        Fault(
            ("spec",),
            "kubernetes-missing-field",
            "`spec.selector` is missing",
            "DeploymentSpec requires it: a map",
        ),
    ),
    (
        "a required number is missing",
        without(DEPLOYMENT, *PORT),
        "1.34",
        Fault(
            PORT[:-1],
            "kubernetes-missing-field",
            "`spec.template.spec.containers.0.ports.0.containerPort` is missing",
            "ContainerPort requires it: a whole number",
        ),
    ),
    (
        "text for a number",
        setting(DEPLOYMENT, "2", "spec", "replicas"),
        "1.34",
        Fault(
            ("spec", "replicas"),
            "kubernetes-wrong-type",
            "`spec.replicas` must be a whole number, not the text `2`",
            "write it without quotes",
        ),
    ),
    (
        "text for a number, which is none",
        setting(DEPLOYMENT, "two", "spec", "replicas"),
        "1.34",
        Fault(
            ("spec", "replicas"),
            "kubernetes-wrong-type",
            "`spec.replicas` must be a whole number, not the text `two`",
        ),
    ),
    (
        "a number for text",
        setting(DEPLOYMENT, 80, "spec", "template", "spec", "containers", 0, "args", 1),
        "1.34",
        Fault(
            ("spec", "template", "spec", "containers", 0, "args", 1),
            "kubernetes-wrong-type",
            "`spec.template.spec.containers.0.args.1` must be text, not the number `80`",
            "write it in quotes",
        ),
    ),
    (
        "a map for a list",
        setting(DEPLOYMENT, {"name": "v"}, "spec", "template", "spec", "volumes"),
        "1.34",
        Fault(
            ("spec", "template", "spec", "volumes"),
            "kubernetes-wrong-type",
            "`spec.template.spec.volumes` must be a list, not a map",
            "write a list, even of one item",
        ),
    ),
    (
        "text for a map with fields",
        setting(DEPLOYMENT, "Recreate", "spec", "strategy"),
        "1.34",
        Fault(
            ("spec", "strategy"),
            "kubernetes-wrong-type",
            "`spec.strategy` must be a map, not the text `Recreate`",
            "its fields are rollingUpdate, type",
        ),
    ),
    (
        "a list for a map of names",
        setting(DEPLOYMENT, ["app=web"], "metadata", "labels"),
        "1.34",
        Fault(
            ("metadata", "labels"),
            "kubernetes-wrong-type",
            "`metadata.labels` must be a map, not a list",
            "write a map, `name: value`",
        ),
    ),
    (
        "null where a value is required",
        setting(DEPLOYMENT, None, *PORT),
        "1.34",
        Fault(
            PORT,
            "kubernetes-wrong-type",
            "`spec.template.spec.containers.0.ports.0.containerPort` must be a whole number, not null",
            "leave it out, or give it a value",
        ),
    ),
    (
        "one message for a quantity",
        setting(DEPLOYMENT, True, "spec", "template", "spec", "containers", 0, "resources", "requests", "cpu"),
        "1.34",
        Fault(
            ("spec", "template", "spec", "containers", 0, "resources", "requests", "cpu"),
            "kubernetes-wrong-type",
            "`spec.template.spec.containers.0.resources.requests.cpu` must be a quantity such as `500m` or `2Gi`, "
            "not `true`",
        ),
    ),
    (
        "one message for a number or text",
        setting(DEPLOYMENT, 0.25, "spec", "strategy", "rollingUpdate", "maxSurge"),
        "1.34",
        Fault(
            ("spec", "strategy", "rollingUpdate", "maxSurge"),
            "kubernetes-wrong-type",
            "`spec.strategy.rollingUpdate.maxSurge` must be a whole number, or text such as `25%`, "
            "not the number `0.25`",
        ),
    ),
    (
        "the kind of an object in an object",
        STATEFUL_SET,
        "1.34",
        Fault(
            ("spec", "volumeClaimTemplates", 0, "kind"),
            "kubernetes-wrong-value",
            "`spec.volumeClaimTemplates.0.kind` cannot be `PersistentVolume`",
            "did you mean `PersistentVolumeClaim`?",
        ),
    ),
    (
        "a type is told once, not once more as a value",
        setting(STATEFUL_SET, 5, "spec", "volumeClaimTemplates", 0, "kind"),
        "1.34",
        Fault(
            ("spec", "volumeClaimTemplates", 0, "kind"),
            "kubernetes-wrong-type",
            "`spec.volumeClaimTemplates.0.kind` must be text, not the number `5`",
            "write it in quotes",
        ),
    ),
    (
        "a secret's value is not told",
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"password": 4711}},
        "1.34",
        Fault(
            ("stringData", "password"),
            "kubernetes-wrong-type",
            "`stringData.password` must be text, not a number",
            "write it in quotes",
        ),
    ),
    (
        "a version that has gone",
        {"apiVersion": "batch/v1beta1", "kind": "CronJob"},
        "1.25",
        Fault(
            ("apiVersion",),
            "kubernetes-api-unavailable",
            "Kubernetes 1.25 does not serve `batch/v1beta1` `CronJob`",
            "write `apiVersion: batch/v1`",
        ),
    ),
    (
        "a group that has gone",
        {"apiVersion": "extensions/v1beta1", "kind": "Ingress"},
        "1.34",
        Fault(
            ("apiVersion",),
            "kubernetes-api-unavailable",
            "Kubernetes 1.34 does not serve `extensions/v1beta1` `Ingress`",
            "write `apiVersion: networking.k8s.io/v1`",
        ),
    ),
    (
        "a version that other minor versions have",
        {"apiVersion": "flowcontrol.apiserver.k8s.io/v1beta3", "kind": "FlowSchema"},
        "1.34",
        Fault(
            ("apiVersion",),
            "kubernetes-api-unavailable",
            "Kubernetes 1.34 does not serve `flowcontrol.apiserver.k8s.io/v1beta3` `FlowSchema`",
            "write `apiVersion: flowcontrol.apiserver.k8s.io/v1`; "
            "Kubernetes has `flowcontrol.apiserver.k8s.io/v1beta3` in 1.26 to 1.31",
        ),
    ),
    (
        "a kind that other minor versions have",
        {"apiVersion": "resource.k8s.io/v1", "kind": "DeviceClass"},
        "1.25",
        Fault(
            ("apiVersion",),
            "kubernetes-api-unavailable",
            "Kubernetes 1.25 does not serve `resource.k8s.io/v1` `DeviceClass`",
            "Kubernetes has `resource.k8s.io/v1` in 1.34 and later",
        ),
    ),
    (
        "a kind in another group",
        {"apiVersion": "apps/v1", "kind": "Job"},
        "1.34",
        Fault(
            ("apiVersion",),
            "kubernetes-api-unavailable",
            "Kubernetes 1.34 does not serve `apps/v1` `Job`",
            "write `apiVersion: batch/v1`",
        ),
    ),
    (
        "a kind in the wrong case",
        {"apiVersion": "apps/v1", "kind": "deployment"},
        "1.34",
        Fault(
            ("kind",),
            "kubernetes-unknown-kind",
            "Kubernetes 1.34 has no kind `deployment` in `apps/v1`",
            "did you mean `Deployment`?",
        ),
    ),
    (
        "the group in full, not to its first dot",
        {"apiVersion": "batch.volcano.sh/v1", "kind": "Job", "spec": {"minAvailable": 3}},
        "1.34",
        Fault(
            ("apiVersion",),
            "no-schema",
            "there is no schema for `batch.volcano.sh/v1` `Job`, so nothing in it can be checked",
            "`kubectl get crd -o yaml | mlgen schema import -` keeps the schemas of a cluster's custom resources",
        ),
    ),
    (
        "no kind",
        {"apiVersion": "v1"},
        "1.34",
        Fault((), "kubernetes-missing-field", "`kind` is missing", "every object needs `kind`, as text"),
    ),
    (
        "a version that is a number",
        {"apiVersion": 1, "kind": "Pod"},
        "1.34",
        Fault(
            ("apiVersion",),
            "kubernetes-wrong-type",
            "`apiVersion` must be text, not the number `1`",
            "write it in quotes",
        ),
    ),
    (
        "an item of a List",
        {"apiVersion": "v1", "kind": "List", "items": [{**CONFIG_MAP, "dat": {}}]},
        "1.34",
        Fault(
            ("items", 0, "dat"),
            "kubernetes-unknown-field",
            "`dat` is not a field of ConfigMap in Kubernetes 1.34",
            "did you mean `data`?",
        ),
    ),
    (
        "a List itself",
        {"apiVersion": "v1", "kind": "List"},
        "1.34",
        Fault((), "kubernetes-missing-field", "`items` is missing", "List requires it: a list"),
    ),
]


@pytest.mark.parametrize(("manifest", "minor", "fault"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_faults(manifest: Manifest, minor: str, fault: Fault) -> None:
    assert list(check(manifest, minor)) == [fault]


def test_every_rule_is_documented_and_every_documented_rule_is_met() -> None:
    elsewhere = {"bad-definition", "crd-duplicate-item", "crd-rule", "not-an-object", "not-evaluated"}  # tests/crd
    assert {rule.id for rule in RULES} - elsewhere == {fault.rule for _, _, _, fault in FAULTS}


def test_all_faults_are_told_in_the_same_order() -> None:
    manifest = setting(setting(DEPLOYMENT, "x", "spec", "replicas"), 1, "spec", "b")
    manifest["spec"]["a"] = 1
    paths = [fault.path for fault in check(manifest, "1.34")]
    assert sorted(paths) == [("spec", "a"), ("spec", "b"), ("spec", "replicas")]
    assert paths.index(("spec", "a")) < paths.index(("spec", "b"))
    reversed_manifest = {key: dict(reversed(m.items())) if isinstance(m, dict) else m for key, m in manifest.items()}
    assert [fault.path for fault in check(reversed_manifest, "1.34")] == paths


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("replicas", "x" * 10_000),
        ("replicas", "a\u202eb\n" * 40),
        ("strategy", "\x1b[31m" * 40),
        ("paused", 10**4000),
        ("selector", ["x" * 10_000]),
        ("x" * 10_000, 1),
    ],
    ids=["long", "bidirectional", "control", "number", "list", "key"],
)
def test_a_message_is_one_short_line(field: str, value: Json) -> None:
    (fault,) = check(setting(DEPLOYMENT, value, "spec", field), "1.34")
    assert len(fault.message) < 200
    assert fault.message.isprintable()


# Against kubernetes-validate


def differences(manifests: list[Manifest], minor: str) -> set[str]:
    return {name_of(m) for m in manifests if verdict(m, minor) != oracle(m, minor)}


def everything() -> list[Manifest]:
    found = [
        m
        for pattern in ("accepted/*.yaml", "refused/**/*.yaml", "samples/**/*.y*ml")
        for p in shared(pattern)
        for m in documents(p)
    ]
    return found or pytest.skip("../shared is not here")


@pytest.mark.parametrize("minor", SPREAD)
def test_kubernetes_validate_agrees_on_every_sample(minor: str) -> None:
    assert differences(everything(), minor) == set(DIFFERENT)


@pytest.mark.proof
@pytest.mark.parametrize("minor", MINORS)
def test_kubernetes_validate_agrees_on_every_sample_and_version(minor: str) -> None:
    assert differences(everything(), minor) == set(DIFFERENT)


def test_what_the_api_server_accepts_passes() -> None:
    samples = shared("accepted/*.yaml") or pytest.skip("../shared is not here")
    native = [
        m for path in samples for m in documents(path) if "." not in m["apiVersion"] or ".k8s.io/" in m["apiVersion"]
    ]
    assert len(native) > 30
    for manifest in native:
        serving = bundle.minors_serving(name_of(manifest))
        assert serving, name_of(manifest)
        assert [fault for minor in serving for fault in check(manifest, minor)] == []


class Reference(NamedTuple):
    """What mlgen builds from this repository's own environments and projects, each object once."""

    native: list[Manifest]
    custom: list[Manifest]


@cache
def reference() -> Reference:
    """Every project on base and in each of its environments, where there may be no error.

    What base cannot build (a GPU or an operator that it does not have) is absent there: each environment has it whole.
    """
    found, unread = disk.read_inputs(ROOT)
    read = platform.load(found, tuple(unread))
    assert errors(read.problems) == []
    base = read.environments[platform.BASE]
    on_base = [engine.place(read._replace(releases={}), project, base) for project in read.projects.values()]
    everywhere: list[meeting.Place] = []
    for name, project in read.projects.items():
        here = list(engine.places(read, name))
        assert {said(place.environment["name"]) for place in here} == set(project["environments"].entries)
        everywhere += here
    assert [problem for place in everywhere for problem in errors(place.problems)] == []
    built: list[Manifest] = [manifest.body for place in (*on_base, *everywhere) for manifest in place.manifests]
    unique = {json.dumps(body, sort_keys=True): body for body in built}
    objects: tuple[list[Manifest], list[Manifest]] = [], []
    for body in unique.values():
        objects["." in body["apiVersion"] and name_of(body) not in bundle.served(MINORS[-1])].append(body)
    return Reference(*objects)


@pytest.mark.parametrize("minor", MINORS[MINORS.index("1.30") :])
def test_the_reference_platform_passes_for_every_minor_version(minor: str) -> None:
    """Native objects as kubernetes-validate --strict reads them; custom resources, which it does not know, as we do."""
    native, others = reference()
    verdicts = {(name_of(manifest), oracle(manifest, minor)) for manifest in native}
    assert {(name, verdict) for name, verdict in verdicts if verdict != "accepted"} == set()
    assert [fault for manifest in (*native, *others) for fault in check(manifest, minor)] == []


def test_the_reference_platform_has_both_sorts_of_objects() -> None:
    native, others = reference()
    kinds = {manifest["kind"] for manifest in native}
    assert {"Job", "Deployment", "StatefulSet", "Service", "PersistentVolumeClaim"} <= kinds
    assert {oracle(manifest, MINORS[-1]) for manifest in others} == {"no schema"}
    assert "HTTPRoute" in {manifest["kind"] for manifest in others}


def test_the_cut_group_is_where_kubernetes_validate_is_wrong() -> None:
    job = {"apiVersion": "batch.volcano.sh/v1", "kind": "Job", "spec": {"minAvailable": 3}}
    assert (verdict(job, "1.34"), oracle(job, "1.34")) == ("no schema", "refused")


def test_null_in_a_required_field_is_where_kubernetes_validate_is_lax() -> None:
    storage_class = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "provisioner": None}
    assert (verdict(storage_class, "1.34"), oracle(storage_class, "1.34")) == ("refused", "accepted")


def places(value: Json, path: Steps = ()) -> Iterator[Steps]:
    """Every place in a value but those that say what the object is."""
    if path and path not in {("apiVersion",), ("kind",)}:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, entry in inner:
        yield from places(entry, (*path, step))


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9)
)
NAMES = st.sampled_from(["name", "value", "spec", "replicas", "limits", "sizeLimit", "app", "type", "Name", "nope", ""])
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2))


@st.composite
def mutated(draw: Callable[..., Any]) -> Manifest:
    """A Deployment with one to three changes: a value replaced, removed, moved to another key, or a field added."""
    manifest = copy.deepcopy(DEPLOYMENT)
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(sorted(places(manifest), key=str)))
        home, change = at(manifest, path[:-1]), draw(st.sampled_from(["replace", "remove", "rename", "add"]))
        if change == "replace":
            home[path[-1]] = draw(VALUES)
        elif change == "add" and isinstance(home, dict):
            home[draw(NAMES)] = draw(VALUES)
        else:
            value = home.pop(path[-1])
            if change == "rename" and isinstance(home, dict):
                home[draw(NAMES)] = value
        if len(manifest) == 2:
            break
    return manifest


@settings(max_examples=100, deadline=None)
@given(mutated(), st.sampled_from(MINORS))
def test_a_changed_object_gets_the_verdict_of_kubernetes_validate(manifest: Manifest, minor: str) -> None:
    assert verdict(manifest, minor) == oracle(manifest, minor)


@pytest.mark.proof
@settings(max_examples=3000, deadline=None)
@given(mutated(), st.sampled_from(MINORS))
def test_many_changed_objects_get_the_verdict_of_kubernetes_validate(manifest: Manifest, minor: str) -> None:
    assert verdict(manifest, minor) == oracle(manifest, minor)


@settings(max_examples=100, deadline=None)
@given(mutated(), st.sampled_from(MINORS))
def test_every_fault_has_a_place_that_exists(manifest: Manifest, minor: str) -> None:
    for fault in check(manifest, minor):
        found = at(manifest, fault.path)
        if fault.rule == "kubernetes-missing-field":
            assert isinstance(found, dict)
            assert fault.message.split("`")[1].rpartition(".")[2] not in found


def test_the_groups_without_pods_are_kubernetes_own() -> None:
    assert {group for group in bundle.groups() if "." in group} == pods.OWN_GROUPS
