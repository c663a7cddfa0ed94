"""Kubernetes' published definitions -> the same, with the API server's own rules in them.

The published API says what is text and what is a number, and hardly more. The API server's rules are written here as
*pieces*, small schemas with a rule's id and words, and *places*: the pieces that a definition's fields are held to.
A piece becomes a definition of its own, `mlgen.<name>`, and each place an `allOf` that refers to it, so that taking
`allOf` out gives what was published. Pieces that begin with `lax.` are for Kubernetes' own objects only: operators fill
in for their users what these ask for.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.tools.hardening import access, admission, containers, naming, network, pods, scaling, storage, workloads
from tests.tools.hardening.pieces import INT32, INT64, Schema

PARTS = (naming, pods, containers, storage, workloads, scaling, network, access, admission)
PLACES: dict[str, dict[str, str]] = {name: fields for part in PARTS for name, fields in part.PLACES.items()}
FORMATS = {"byte": "base64", "date-time": "time"}
LIMITS = {"int32": INT32, "int64": INT64}
# The objects that are called in another way than most, and those that no namespace has.
CALLED = {
    "Namespace": "named-namespace",
    "Service": "named-service",
    "StatefulSet": "named-set",
    "CronJob": "named-cron",
    "Role": "named-rule",
    "RoleBinding": "named-rule",
    "ClusterRole": "named-cluster-rule",
    "ClusterRoleBinding": "named-cluster-rule",
    "CSIDriver": "named-driver",
    "PodDisruptionBudget": "named-rule",
}
CLUSTERED = frozenset(
    "CSINode ClusterTrustBundle CustomResourceDefinition DeviceClass DeviceTaintRule FlowSchema IngressClass"
    " MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Node PersistentVolume"
    " PriorityClass PriorityLevelConfiguration ResourceSlice RuntimeClass ServiceCIDR StorageClass"
    " StorageVersionMigration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"
    " ValidatingWebhookConfiguration VolumeAttachment VolumeAttributesClass".split()
)
# Requests, which nobody keeps, and objects whose names have rules of their own.
NAMELESS = frozenset(
    "APIService Binding CertificateSigningRequest ComponentStatus Event Eviction EvictionRequest IPAddress List Scale"
    " LocalSubjectAccessReview SelfSubjectAccessReview SelfSubjectReview SelfSubjectRulesReview StorageVersion"
    " SubjectAccessReview TokenRequest TokenReview".split()
)


def pieces(minor: int) -> dict[str, Schema]:
    """Every piece of Kubernetes 1.``minor``, by its name. Raises ValueError for a name that is used twice."""
    found: dict[str, Schema] = {}
    for part in PARTS:
        own = part.pieces(minor)
        if twice := sorted(found.keys() & own.keys()):
            raise ValueError(f"used twice: {', '.join(twice)}")
        found |= own
    return found


def hardened(minor: int, definitions: Mapping[str, Schema], kinds: Mapping[str, str]) -> dict[str, Schema]:
    """The definitions with their rules, and the pieces that these refer to, as definitions.

    ``kinds`` says which definitions are objects: "apps/v1 Deployment". Nothing that is given is changed.
    """
    known = pieces(minor)
    found = {name: copy.deepcopy(schema) for name, schema in definitions.items()}
    for name, schema in found.items():
        for field, named in placed(name):
            _hold(schema, field, [one for one in named if one in known])
        if kinds.get(name):
            _hold(schema, "", list(called(kinds[name].rpartition(" ")[2])))
        _limit(schema, known)
    return found | {f"mlgen.{name}": piece for name, piece in known.items()}


def published(shape: Any) -> Any:
    """A hardened schema as it was published, without its rules: a copy."""
    if isinstance(shape, list):
        return [published(item) for item in shape]
    if not isinstance(shape, dict):
        return shape
    ours = {"allOf", *(("minimum", "maximum") if shape.get("format") in LIMITS else ())}
    return {key: published(inner) for key, inner in shape.items() if key not in ours and not key.startswith("mlgen.")}


def placed(definition: str) -> Iterator[tuple[str, list[str]]]:
    """The fields of a definition that have rules, and the names of these."""
    for name in keys(definition):
        yield from ((field, names.split()) for field, names in PLACES.get(name, {}).items())


def keys(definition: str) -> list[str]:
    """What a definition is called in PLACES: whole, without its beginning, or without its version too."""
    short = definition.removeprefix("io.k8s.api.")
    group, _, rest = short.partition(".")
    return list(dict.fromkeys((definition, short, f"{group}.*.{rest.partition('.')[2]}")))


def called(kind: str) -> Iterator[str]:
    """The piece about the name of an object."""
    if kind not in NAMELESS:
        yield CALLED.get(kind, "named-cluster" if kind in CLUSTERED else "named")


def _hold(schema: Schema, field: str, names: list[str]) -> None:
    shape = _shape(schema, field)
    if shape is not None and names:
        shape["allOf"] = [*shape.get("allOf", []), *({"$ref": f"#/$defs/mlgen.{name}"} for name in names)]


def _shape(schema: Schema, field: str) -> Schema | None:
    """Of the map itself, of a field, or of each item of one (`field[]`); None where this version has no such field."""
    named = re.fullmatch(r"([^\[]*)(\[\])?", field)
    assert named, field
    shape: Any = schema.get("properties", {}).get(named[1]) if named[1] else schema
    found: Schema | None = shape.get("items") if named[2] and shape else shape
    return found


def _limit(shape: Any, known: Mapping[str, Schema]) -> None:
    """Hold what has a format to it, wherever it is in a shape."""
    if isinstance(shape, list):
        for item in shape:
            _limit(item, known)
    if isinstance(shape, dict):
        name = shape.get("format")
        if isinstance(name, str) and name in FORMATS:
            shape["allOf"] = [*shape.get("allOf", []), {"$ref": f"#/$defs/mlgen.{FORMATS[name]}"}]
        if isinstance(name, str) and name in LIMITS and "type" in shape:
            _bound(shape, LIMITS[name], known)
        for inner in list(shape.values()):
            _limit(inner, known)


def _bound(shape: Schema, limits: tuple[int, int], known: Mapping[str, Schema]) -> None:
    """The range of the format, but where a piece says it more narrowly."""
    said = [known[one["$ref"].rpartition("mlgen.")[2]] for one in shape.get("allOf", [])]
    for keyword, limit in zip(("minimum", "maximum"), limits, strict=True):
        if not any(keyword in piece or "anyOf" in piece for piece in said):
            shape[keyword] = limit
