"""A list in a partial object -> whether Kustomize merges it by a key of its items, or replaces it."""

from collections.abc import Mapping

# The lists of Kubernetes' own kinds that merge, and the key that names an item (`patchMergeKey` of the API).
MERGED: Mapping[str, str] = {
    "containers": "name",
    "initContainers": "name",
    "volumes": "name",
    "env": "name",
    "volumeMounts": "mountPath",
    "volumeDevices": "devicePath",
    "imagePullSecrets": "name",
    "hostAliases": "ip",
}
# Those that are replaced.
REPLACED = frozenset("command args tolerations envFrom add drop accessModes hostnames items sources".split())
NATIVE = frozenset(("", "apps", "batch", "autoscaling", "policy"))


def is_native(group: str) -> bool:
    """Whether Kustomize knows the lists of a kind, which it merges then; those of custom resources it replaces."""
    return group in NATIVE or (group.endswith(".k8s.io") and not group.startswith("gateway."))
