"""An object -> the objects that come to be because of it: itself, and what its operator makes of it."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.pods import named

SERVICE = "Service"
# What operators call the Services that they make, after the object's own name.
SERVICES: Mapping[str, tuple[str, ...]] = {
    "InferenceService": ("", "-predictor", "-predictor-default", "-transformer", "-explainer"),
    "LeaderWorkerSet": ("",),
    "JobSet": ("",),
    "TrainJob": ("",),
    "Notebook": ("",),
    "RayCluster": ("-head-svc", "-serve-svc"),
    "RayService": ("-head-svc", "-serve-svc"),
    "RayJob": ("-head-svc",),
    "SparkApplication": ("-ui-svc", "-driver-svc"),
    "SparkConnect": ("-server",),
    "ScaledObject": (),
}


class Creation(NamedTuple):
    """An object that will be there. ``keys`` are those of its data; None where nobody can tell, or it has none."""

    kind: str
    namespace: str
    name: str
    keys: frozenset[str] | None = None


def creations(body: Body) -> Iterator[Creation]:
    """The object itself, then what comes of it."""
    kind, namespace = text_at(body, "kind"), text_at(body, "metadata", "namespace")
    name = text_at(body, "metadata", "name")
    made = MAKERS.get(kind)
    yield Creation(kind, namespace, name, _keys(body) if kind in ("Secret", "ConfigMap") else None)
    if made is not None:
        yield from (one._replace(namespace=namespace) for one in made(body, name))
    if named(body).partition("/")[0] not in ("v1", "apps"):
        yield from (Creation(SERVICE, namespace, f"{name}{suffix}") for suffix in SERVICES.get(kind, ()))


def _keys(body: Body) -> frozenset[str]:
    return frozenset(
        key for part in ("data", "stringData", "binaryData") for key in map_at(body, part) if isinstance(key, str)
    )


def _external(body: Body, name: str) -> Iterator[Creation]:
    """An ExternalSecret's: a template without `mergePolicy: Merge` replaces what was fetched."""
    target = map_at(body, "spec", "target")
    template = map_at(target, "template")
    fetched = {text_at(item, "secretKey") for _, item in maps_at(body, "spec", "data")}
    composed = set(map_at(template, "data"))
    unknown = bool(list_at(body, "spec", "dataFrom") or list_at(template, "templateFrom"))
    keys = composed if composed and template.get("mergePolicy") != "Merge" else fetched | composed
    kind = text_at(target, "manifest", "kind") or "Secret"
    yield Creation(kind, "", text_at(target, "name") or name, None if unknown else frozenset(keys))


def _external_everywhere(body: Body, name: str) -> Iterator[Creation]:
    """A ClusterExternalSecret's, in the namespaces that it selects."""
    called = text_at(body, "spec", "externalSecretName") or name
    yield Creation("Secret", "", text_at(body, "spec", "externalSecretSpec", "target", "name") or called)


def _sealed(body: Body, name: str) -> Iterator[Creation]:
    template = map_at(body, "spec", "template")
    keys = {*map_at(body, "spec", "encryptedData"), *map_at(template, "data")}
    yield Creation("Secret", "", text_at(template, "metadata", "name") or name, frozenset(keys))


def _mounted(body: Body, name: str) -> Iterator[Creation]:
    """A SecretProviderClass's, while a pod mounts it."""
    for _, item in maps_at(body, "spec", "secretObjects"):
        keys = frozenset(text_at(one, "key") for _, one in maps_at(item, "data"))
        yield Creation("Secret", "", text_at(item, "secretName"), keys)


def _certificate(body: Body, name: str) -> Iterator[Creation]:
    yield Creation("Secret", "", text_at(body, "spec", "secretName"))


def _generated(body: Body, name: str) -> Iterator[Creation]:
    """A kustomization's: Kustomize writes the name with its hash wherever it is used."""
    for kind, key in (("Secret", "secretGenerator"), ("ConfigMap", "configMapGenerator")):
        yield from (Creation(kind, "", text_at(item, "name")) for _, item in maps_at(body, key))


def _claims(body: Body, name: str) -> Iterator[Creation]:
    """A StatefulSet's claims, one of each template for each pod."""
    spec = map_at(body, "spec")
    replicas, start = spec.get("replicas", 1), map_at(spec, "ordinals").get("start", 0)
    count = min(replicas, 1000) if isinstance(replicas, int) else 1
    first = start if isinstance(start, int) else 0
    for _, template in maps_at(spec, "volumeClaimTemplates"):
        for ordinal in range(first, first + count):
            yield Creation("PersistentVolumeClaim", "", f"{text_at(template, 'metadata', 'name')}-{name}-{ordinal}")


def _scaler(body: Body, name: str) -> Iterator[Creation]:
    yield Creation("HorizontalPodAutoscaler", "", f"keda-hpa-{name}")


def _served(body: Body, name: str) -> Iterator[Creation]:
    """A RayService's own Service, where it has a name of its own."""
    own = text_at(body, "spec", "serveService", "metadata", "name")
    yield from [Creation("Service", "", own)] if own else ()


MAKERS: Mapping[str, Callable[[Body, str], Iterator[Creation]]] = {
    "ExternalSecret": _external,
    "ClusterExternalSecret": _external_everywhere,
    "SealedSecret": _sealed,
    "SecretProviderClass": _mounted,
    "Certificate": _certificate,
    "Kustomization": _generated,
    "StatefulSet": _claims,
    "ScaledObject": _scaler,
    "RayService": _served,
}
