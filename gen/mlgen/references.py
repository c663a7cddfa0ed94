"""An object -> every other object that it refers to by name: by the keys that mean a reference wherever they stand."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.node import Json, Path

# What no object can be called is filled in by somebody later, or means something else: an address, an account of a
# cloud. Roles may be called almost anything.
NAME = re.compile(r"[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?")
ROLES = ("Role", "ClusterRole")
TEMPLATED = ("{{", "$(", "${", "<")


class Reference(NamedTuple):
    """``name`` of ``kind`` stands at ``path``; ``namespace`` is where it should be, empty where nobody said.

    ``key`` is one of its data's, at ``key_path``. ``optional``: the object does without it.
    """

    kind: str
    namespace: str
    name: str
    path: Path
    key: str = ""
    key_path: Path = ()
    optional: bool = False


Found = Iterator[Reference]

# Keys whose value is a name, in native pods and in custom resources alike.
NAMED: Mapping[str, str] = {
    "claimName": "PersistentVolumeClaim",
    "serviceAccountName": "ServiceAccount",
    "serviceAccount": "ServiceAccount",  # as Spark's operator, and pods once, call it
    "priorityClassName": "PriorityClass",
    "runtimeClassName": "RuntimeClass",
    "secretProviderClass": "SecretProviderClass",
    "sparkConfigMap": "ConfigMap",
    "hadoopConfigMap": "ConfigMap",
}
# Keys whose value is a map with a name, perhaps with a key and a namespace.
NAMING: Mapping[str, str] = {
    "secretKeyRef": "Secret",
    "secretRef": "Secret",
    "configMapKeyRef": "ConfigMap",
    "configMapRef": "ConfigMap",
    "nodePublishSecretRef": "Secret",
    "nodeStageSecretRef": "Secret",
    "controllerPublishSecretRef": "Secret",
    "controllerExpandSecretRef": "Secret",
    "nodeExpandSecretRef": "Secret",
}
# What has a schema, a policy or a whole cluster in it speaks of objects, and refers to none.
SPEAKING = frozenset(
    "CustomResourceDefinition ValidatingAdmissionPolicy MutatingAdmissionPolicy ConfigMap Secret List Kustomization "
    "ClusterPolicy Policy ConstraintTemplate Application ApplicationSet AppProject ClusterSecretStore SecretStore "
    "ExternalSecret ClusterExternalSecret PushSecret SealedSecret ClusterRole Role PrometheusRule".split()
)
OF_THE_CLUSTER = frozenset(
    "ClusterRole StorageClass PriorityClass RuntimeClass PersistentVolume IngressClass GatewayClass ClusterSecretStore "
    "ClusterQueue ResourceFlavor WorkloadPriorityClass ClusterTriggerAuthentication".split()
)
PARTS = ("spec", "template", "imagePullSecrets")
QUEUE = "kueue.x-k8s.io/queue-name"
PRIORITY = "kueue.x-k8s.io/priority-class"


def references(body: Body) -> Iterator[Reference]:
    """Each reference once for each place. A name that is filled in later is none."""
    kind, namespace = text_at(body, "kind"), text_at(body, "metadata", "namespace")
    for reference in _all(body, kind):
        if _is_a_name(reference):
            here = reference.kind not in OF_THE_CLUSTER
            found = reference.namespace or (namespace if here else "")
            yield reference._replace(namespace=found)


def _is_a_name(reference: Reference) -> bool:
    if reference.kind in ROLES:
        return bool(reference.name) and not any(mark in reference.name for mark in TEMPLATED)
    return NAME.fullmatch(reference.name) is not None


def _all(body: Body, kind: str) -> Found:
    if kind not in SPEAKING:
        for part in PARTS:
            if part in body:
                found: list[Reference] = []
                _walk(body[part], part, (part,), found)
                yield from found
    special = SPECIAL.get(kind)
    if special is not None:
        yield from special(body)
    labels = map_at(body, "metadata", "labels")
    for key, queue in ((QUEUE, "LocalQueue"), (PRIORITY, "WorkloadPriorityClass")):
        if isinstance(name := labels.get(key), str):
            yield Reference(queue, "", name, ("metadata", "labels", key))


def _walk(value: Json, key: str, path: Path, found: list[Reference]) -> None:
    """Into a list, for every map and list of every object is walked: each step of a generator would cost as much."""
    if isinstance(value, dict):
        if key in NAMING:
            found += _naming(NAMING[key], value, path)
        for inner, below in value.items():
            if isinstance(below, (dict, list)):
                _walk(below, inner, (*path, inner), found)
            elif inner in NAMED and isinstance(below, str):
                found.append(Reference(NAMED[inner], "", below, (*path, inner)))
            elif inner in WRITTEN and isinstance(below, str):
                found += WRITTEN[inner](below, value, (*path, inner))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, dict):
                if key in LISTS:
                    found += LISTS[key](item, (*path, index))
                _walk(item, "", (*path, index), found)
            elif key == "imagePullSecrets" and isinstance(item, str):  # as Spark's operator has them
                found.append(Reference("Secret", "", item, (*path, index)))


def _storage_class(name: str, beside: Body, path: Path) -> Found:
    """Of a volume, and of a claim that names its volume, a class is a mere word that both must have."""
    if "volumeName" not in beside and "capacity" not in beside:
        yield Reference("StorageClass", "", name, path)


def _storage_uri(uri: str, beside: Body, path: Path) -> Found:
    """KServe's `pvc://CLAIM/PATH`."""
    if uri.startswith(CLAIM_URI):
        yield Reference("PersistentVolumeClaim", "", uri.removeprefix(CLAIM_URI).partition("/")[0], path)


CLAIM_URI = "pvc://"
# Keys whose value says more than a name.
WRITTEN: Mapping[str, Callable[[str, Body, Path], Found]] = {
    "storageClassName": _storage_class,
    "storageUri": _storage_uri,
}


def _naming(kind: str, value: Body, path: Path) -> Found:
    """A map with the name, as EnvVarSource, EnvFromSource and CSIPersistentVolumeSource have it."""
    name, key = text_at(value, "name"), text_at(value, "key")
    where = ((*path, "name"), key, (*path, "key"), value.get("optional") is True)
    yield Reference(kind, text_at(value, "namespace"), name, *where)


def _volume(volume: Body, path: Path) -> Found:
    """A volume of a pod; what is projected has the same shapes, with `name` for `secretName`."""
    yield from _with_items("Secret", volume, "secret", "secretName", path)
    yield from _with_items("ConfigMap", volume, "configMap", "name", path)
    if isinstance(name := map_at(volume, "azureFile").get("secretName"), str):
        yield Reference("Secret", "", name, (*path, "azureFile", "secretName"))


def _projected(source: Body, path: Path) -> Found:
    yield from _with_items("Secret", source, "secret", "name", path)
    yield from _with_items("ConfigMap", source, "configMap", "name", path)


def _with_items(kind: str, holder: Body, key: str, name_key: str, path: Path) -> Found:
    """A whole Secret or ConfigMap, or the keys of it that are listed."""
    source = holder.get(key)
    if not isinstance(source, dict):
        return
    name, optional = text_at(source, name_key), source.get("optional") is True
    where = (*path, key, name_key)
    yield Reference(kind, "", name, where, optional=optional)
    for inner, item in maps_at(source, "items"):
        key_path = (*path, key, *inner, "key")
        yield Reference(kind, "", name, where, text_at(item, "key"), key_path, optional)


def _pull_secret(item: Body, path: Path) -> Found:
    yield Reference("Secret", "", text_at(item, "name"), (*path, "name"))


def _secret_target(item: Body, path: Path) -> Found:
    """KEDA's `secretTargetRef`: the parameter, the Secret and its key."""
    yield Reference("Secret", "", text_at(item, "name"), (*path, "name"), text_at(item, "key"), (*path, "key"))


LISTS: Mapping[str, Callable[[Body, Path], Found]] = {
    "volumes": _volume,
    "sources": _projected,
    "imagePullSecrets": _pull_secret,
    "secretTargetRef": _secret_target,
}


def _binding(body: Body) -> Found:
    role, kind = map_at(body, "roleRef"), text_at(body, "roleRef", "kind")
    yield Reference(kind, "", text_at(role, "name"), ("roleRef", "name"))
    for path, subject in maps_at(body, "subjects"):
        if subject.get("kind") == "ServiceAccount":
            namespace = text_at(subject, "namespace")
            yield Reference("ServiceAccount", namespace, text_at(subject, "name"), (*path, "name"))


def _account(body: Body) -> Found:
    for path, item in maps_at(body, "secrets"):
        yield Reference("Secret", "", text_at(item, "name"), (*path, "name"))


def _ingress(body: Body) -> Found:
    """Certificates, unless cert-manager makes them; which class; services are asked about with their ports."""
    annotations = map_at(body, "metadata", "annotations")
    if not any(key.startswith("cert-manager.io/") for key in annotations):
        for path, item in maps_at(body, "spec", "tls"):
            yield Reference("Secret", "", text_at(item, "secretName"), (*path, "secretName"))
    yield Reference("IngressClass", "", text_at(body, "spec", "ingressClassName"), ("spec", "ingressClassName"))


def _route(body: Body) -> Found:
    for path, parent in maps_at(body, "spec", "parentRefs"):
        if parent.get("kind", "Gateway") == "Gateway":
            yield Reference("Gateway", text_at(parent, "namespace"), text_at(parent, "name"), (*path, "name"))


def _gateway(body: Body) -> Found:
    annotations = map_at(body, "metadata", "annotations")
    if any(key.startswith("cert-manager.io/") for key in annotations):
        return
    for path, listener in maps_at(body, "spec", "listeners"):
        for inner, item in maps_at(listener, "tls", "certificateRefs"):
            if item.get("kind", "Secret") == "Secret":
                where = (*path, *inner, "name")
                yield Reference("Secret", text_at(item, "namespace"), text_at(item, "name"), where)


def _claim(body: Body) -> Found:
    yield Reference("PersistentVolume", "", text_at(body, "spec", "volumeName"), ("spec", "volumeName"))


def _volume_of_cluster(body: Body) -> Found:
    claim = map_at(body, "spec", "claimRef")
    where = ("spec", "claimRef", "name")
    yield Reference("PersistentVolumeClaim", text_at(claim, "namespace"), text_at(claim, "name"), where)


def _external(body: Body) -> Found:
    store = map_at(body, "spec", "secretStoreRef")
    kind = text_at(store, "kind") or "SecretStore"
    yield Reference(kind, "", text_at(store, "name"), ("spec", "secretStoreRef", "name"))


def _local_queue(body: Body) -> Found:
    yield Reference("ClusterQueue", "", text_at(body, "spec", "clusterQueue"), ("spec", "clusterQueue"))


def _cluster_queue(body: Body) -> Found:
    for path, group in maps_at(body, "spec", "resourceGroups"):
        for inner, flavor in maps_at(group, "flavors"):
            yield Reference("ResourceFlavor", "", text_at(flavor, "name"), (*path, *inner, "name"))


def _scaled(body: Body) -> Found:
    for path, trigger in maps_at(body, "spec", "triggers"):
        reference = map_at(trigger, "authenticationRef")
        kind = text_at(reference, "kind") or "TriggerAuthentication"
        yield Reference(kind, "", text_at(reference, "name"), (*path, "authenticationRef", "name"))


def _spark(body: Body) -> Found:
    """What Spark's operator mounts for the driver and the executors."""
    spec: Path = ("spec", "template") if body.get("kind") == "ScheduledSparkApplication" else ("spec",)
    for role in ("driver", "executor"):
        for kind, key in (("Secret", "secrets"), ("ConfigMap", "configMaps")):
            for path, item in maps_at(body, *spec, role, key):
                yield Reference(kind, "", text_at(item, "name"), (*path, "name"))


SPECIAL: Mapping[str, Callable[[Body], Found]] = {
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "ServiceAccount": _account,
    "Ingress": _ingress,
    "Gateway": _gateway,
    "HTTPRoute": _route,
    "GRPCRoute": _route,
    "TLSRoute": _route,
    "TCPRoute": _route,
    "UDPRoute": _route,
    "PersistentVolumeClaim": _claim,
    "PersistentVolume": _volume_of_cluster,
    "ExternalSecret": _external,
    "LocalQueue": _local_queue,
    "ClusterQueue": _cluster_queue,
    "ScaledObject": _scaled,
    "ScaledJob": _scaled,
    "SparkApplication": _spark,
    "ScheduledSparkApplication": _spark,
}
