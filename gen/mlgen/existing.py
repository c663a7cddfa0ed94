"""An environment, and a project in it -> the objects that they say exist, though nobody here makes them.

Whatever an environment names as its own (a pull secret, a storage class, its gateway) is taken to exist; what else
does, it lists under ``existing``. Every cluster has a few objects of its own accord.
"""

from collections.abc import Iterator, Mapping

from mlgen.node import Node
from mlgen.trace import said

Known = tuple[str, str, str]  # kind, namespace (empty: not said) and name

# What an environment lists under ``existing``, and the kind of it.
LISTED: Mapping[str, str] = {
    "secrets": "Secret",
    "configMaps": "ConfigMap",
    "claims": "PersistentVolumeClaim",
    "volumes": "PersistentVolume",
    "serviceAccounts": "ServiceAccount",
    "roles": "Role",
    "clusterRoles": "ClusterRole",
    "storageClasses": "StorageClass",
    "priorityClasses": "PriorityClass",
    "runtimeClasses": "RuntimeClass",
    "queues": "LocalQueue",
    "clusterQueues": "ClusterQueue",
    "gateways": "Gateway",
    "ingressClasses": "IngressClass",
    "services": "Service",
    "secretStores": "SecretStore",
    "clusterSecretStores": "ClusterSecretStore",
}
BUILT_IN: frozenset[Known] = frozenset(
    {
        ("ServiceAccount", "", "default"),  # kube-controller-manager, serviceaccount controller
        ("ConfigMap", "", "kube-root-ca.crt"),  # kube-controller-manager, root-ca-cert-publisher
        ("Service", "default", "kubernetes"),
        ("PriorityClass", "", "system-cluster-critical"),
        ("PriorityClass", "", "system-node-critical"),
        *(("ClusterRole", "", name) for name in ("cluster-admin", "admin", "edit", "view")),
    }
)
SYSTEM = "system:"  # every name of a role that begins so is Kubernetes' own


def named_by(offer: Node) -> Iterator[Known]:
    """What an environment's document, complete with defaults, says is there."""
    for key, node in _entries(offer, "existing"):
        for item in node.items:
            namespace, _, name = said(item).rpartition("/")
            yield LISTED[key], namespace, name
    for kind, path in (
        ("Secret", ("registry", "pullSecret")),
        ("Secret", ("network", "ingress", "tlsSecret")),
        ("IngressClass", ("network", "ingress", "class")),
        ("StorageClass", ("storage", "home", "storageClass")),
        ("StorageClass", ("storage", "snapshots", "storageClass")),
    ):
        yield from _one(kind, offer.find(*path))
    for sort in ("blob", "files"):
        yield from _one("Secret", offer.find("storage", sort, "secret"))
    for _, disk in _entries(offer, "storage", "disks"):
        yield from _one("StorageClass", disk.get("storageClass"))
    yield from _one("ClusterQueue", offer.find("queue", "cluster"))
    for _, one in _entries(offer, "priorities"):
        yield from _one("PriorityClass", one.get("class"))
        yield from _one("WorkloadPriorityClass", one.get("queue"))
    gateway, store = offer.find("network", "gateway"), offer.find("secrets", "store")
    if gateway is not None and "name" in gateway:
        yield "Gateway", said(gateway["namespace"]), said(gateway["name"])
    if store is not None:
        yield said(offer["secrets"]["kind"]), "", said(store)
    gitops = offer.get("gitops")
    for beside in (offer.find("gitops", "secret"), offer.find("secrets", "key")):
        if gitops is not None and beside is not None:
            yield "Secret", said(gitops["namespace"]), said(beside)
    if _from_nowhere(offer):
        yield from (("Secret", "", name) for name, one in _entries(offer, "connections") if "secret" in one)


def named_in(project: Node, offer: Node) -> Iterator[Known]:
    """What a project says is there: claims, and its secrets where the environment makes none of them."""
    if _from_nowhere(offer):
        yield from (("Secret", "", name) for name, _ in _entries(project, "secrets"))
    for _, entry in _entries(project, "data"):
        yield from _one("PersistentVolumeClaim", entry.get("claim"))
    own = project.find("environments", said(offer["name"]), "data")
    for entry in own.entries.values() if own is not None else ():
        yield from _one("PersistentVolumeClaim", entry.get("claim"))


def of_its_own_accord(kind: str, name: str) -> bool:
    """Whether every cluster has it."""
    return kind in ("ClusterRole", "Role") and name.startswith(SYSTEM)


def _from_nowhere(offer: Node) -> bool:
    source = offer.find("secrets", "from")
    return source is not None and source.value == "existing"


def _one(kind: str, node: Node | None) -> Iterator[Known]:
    if node is not None and isinstance(node.value, str):
        yield kind, "", node.value


def _entries(node: Node, *path: str) -> Iterator[tuple[str, Node]]:
    found = node.find(*path)
    yield from found.entries.items() if found is not None else ()
