"""A shape in a CRD -> the definition of Kubernetes' own that it is a copy of: of which a schema need only say the name.

A CRD has the pod templates, containers and volumes of the Kubernetes it was generated with, so a copy lacks what came
later, and may have what is gone. It is one if its fields, at every depth, are fields of the definition in some minor
version, and most of those that the definition has.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from tests.tools import hardening

from mlgen.kubernetes import MINORS, bundle, custom

Shape = dict[str, Any]

ROOTS = (
    "io.k8s.api.core.v1.PodTemplateSpec",
    "io.k8s.api.batch.v1.JobTemplateSpec",
    "io.k8s.api.core.v1.PersistentVolumeClaim",
    "io.k8s.api.core.v1.ConfigMapKeySelector",
    "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec",
    "io.k8s.api.networking.v1.IngressSpec",
    "io.k8s.api.policy.v1.PodDisruptionBudgetSpec",
    "io.k8s.api.core.v1.ServiceSpec",
)
FEWEST = 3  # what has fewer fields may be alike by chance
SHARE = 0.6  # of the definition's fields, in its newest version, that a copy has at least
# Small, and never alike by chance.
SMALL = {
    "io.k8s.api.core.v1.EnvVarSource",
    "io.k8s.api.core.v1.Capabilities",
    "io.k8s.api.core.v1.NodeAffinity",
    "io.k8s.api.core.v1.HostAlias",
    "io.k8s.api.core.v1.Lifecycle",
    "io.k8s.api.core.v1.PodTemplateSpec",
    "io.k8s.apimachinery.pkg.apis.meta.v1.LabelSelector",
}


# What Kubernetes' own shapes have not got: with one of these, a shape is somebody's own.
OWN = {"enum", "minLength", "maxLength", "pattern"}
# Whose fields other things have among their own: a model server is a container, a predictor a pod.
WHOLES = ("io.k8s.api.core.v1.PodSpec", "io.k8s.api.core.v1.Container")


def native(shape: Shape) -> str:
    """The name of the definition that ``shape`` is a copy of; empty if it is none."""
    fields = set(shape.get("properties", ()))
    named = [name for name in common() if fields <= set(definitions()[name])]
    near = [(share, name) for name in named if (share := _share(fields, name)) >= SHARE and _large(fields, name)]
    for _, name in sorted(near, reverse=True):
        if copies(shape, name):
            return name
    return ""


def copies(shape: Shape, name: str) -> bool:
    """Whether every field of ``shape``, at every depth, is a field of the definition in some minor version."""
    return _copy(shape, name, frozenset())


def inherited(shape: Shape) -> dict[str, Shape]:
    """The fields of ``shape`` that are those of a whole that it has among its own; none, if there is no such whole."""
    fields = set(shape.get("properties", ()))
    for name in WHOLES:
        if _share(fields, name) >= SHARE:
            known = definitions()[name]
            same = {
                field for field in fields & set(known) if _like(shape["properties"][field], known[field], frozenset())
            }
            meant = {field: _references(known[field]) for field in same}
            return {field: _plain(known[field]) for field in same if meant[field] and meant[field] <= common()}
    return {}


@cache
def definitions() -> dict[str, dict[str, Shape]]:
    """Each definition and its fields in all minor versions together."""
    found: dict[str, dict[str, Shape]] = {}
    for minor in MINORS:
        for name, shape in _of(minor).items():
            found.setdefault(name, {}).update(shape.get("properties", {}))
    return found


@cache
def required(name: str) -> frozenset[str]:
    """The fields that the definition requires in some minor version."""
    return frozenset().union(*(_required(name, minor) for minor in MINORS))


@cache
def _required(name: str, minor: str) -> frozenset[str]:
    return frozenset(_of(minor).get(name, {}).get("required", ()))


@cache
def common() -> frozenset[str]:
    """The definitions that every minor version has: those that a schema may refer to."""
    return frozenset.intersection(*(frozenset(_of(minor)) for minor in MINORS))


@cache
def _of(minor: str) -> Shape:
    found = custom.native(set(ROOTS), minor)
    return {name: hardening.published(shape) for name, shape in found.items() if name.startswith("io.k8s.")}


def _references(shape: Shape) -> set[str]:
    return set(bundle.REFERENCE.findall(json.dumps(shape)))


def _plain(shape: Shape) -> Shape:
    """A list or map of some definition, or the definition itself, as schemas of custom resources say it."""
    if "$ref" in shape:
        return shape
    key = "items" if "items" in shape else "additionalProperties"
    return {"type": "array" if key == "items" else "object", key: shape[key]}


def _large(fields: set[str], name: str) -> bool:
    return len(fields) >= FEWEST or name in SMALL


def _share(fields: set[str], name: str) -> float:
    """How many of the definition's newest fields are among ``fields``."""
    newest = set(_of(MINORS[-1])[name].get("properties", ()))
    return len(fields & newest) / len(newest) if newest else 0.0


def _copy(shape: Shape, name: str, above: frozenset[str]) -> bool:
    """Whether every field of ``shape`` is one of the definition's, and so at every depth."""
    if name in above or not shape.get("properties") or name == custom.META:
        return True
    known, fields = definitions()[name], shape["properties"]
    needed = {field for field in shape.get("required", ()) if "default" not in fields.get(field, {})}
    always = frozenset.intersection(*(_required(name, minor) for minor in MINORS if name in _of(minor)))
    if not needed <= required(name) or not always <= set(shape.get("required", ())):
        return False
    return all(
        field in known and _like(inner, known[field], above | {name}) for field, inner in shape["properties"].items()
    )


def _like(shape: Shape, known: Shape, above: frozenset[str]) -> bool:
    either = shape.get("x-kubernetes-int-or-string") or set(shape.get("type", ())) == {"integer", "string"}
    if OWN & set(shape) and not either:
        return False
    if "$ref" in known:
        return _copy(shape, known["$ref"].removeprefix("#/$defs/"), above)
    if shape.get("properties"):
        return False
    below: Iterator[tuple[Any, Any]] = (
        (shape[key], known.get(key)) for key in ("items", "additionalProperties") if isinstance(shape.get(key), dict)
    )
    return all(isinstance(theirs, dict) and _like(ours, theirs, above) for ours, theirs in below)
