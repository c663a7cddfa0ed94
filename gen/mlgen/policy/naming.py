"""An object -> the API's name for it: group, version and resource, and whether it lives in a namespace.

Source: apimachinery/pkg/api/meta/restmapper.go: UnsafeGuessKindToResource; the rest is what Kubernetes' API serves.
"""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen.body import Body, text_at

# Resources whose plural is not made by the rule.
IRREGULAR = {"Endpoints": "endpoints"}
# Kubernetes' own kinds, and those of operators that mlgen writes, which live in no namespace.
CLUSTER_WIDE = frozenset(
    """APIService CSIDriver CSINode CertificateSigningRequest ClusterAnalysisTemplate ClusterExternalSecret ClusterQueue
    ClusterRole ClusterRoleBinding ClusterSecretStore ClusterServingRuntime ClusterTrainingRuntime ClusterTrustBundle
    ClusterWorkflowTemplate ComponentStatus CustomResourceDefinition DeviceClass FlowSchema GatewayClass IngressClass
    MutatingAdmissionPolicy MutatingAdmissionPolicyBinding MutatingWebhookConfiguration Namespace Node IPAddress
    PersistentVolume PriorityClass PriorityLevelConfiguration Profile ResourceFlavor ResourceSlice RuntimeClass
    ServiceCIDR StorageClass StorageVersion Topology ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding
    ValidatingWebhookConfiguration VolumeAttachment VolumeAttributesClass WorkloadPriorityClass""".split()
)


class Named(NamedTuple):
    """How the API calls an object."""

    group: str
    version: str
    kind: str
    resource: str
    namespaced: bool


def named(body: Body, plurals: Mapping[str, tuple[str, bool]]) -> Named:
    """The names of ``body``; ``plurals`` has those that imported schemas say, by "ray.io/v1 RayJob"."""
    api_version, kind = text_at(body, "apiVersion"), text_at(body, "kind")
    group, _, version = api_version.rpartition("/")
    known = plurals.get(f"{api_version} {kind}")
    resource, namespaced = known if known and known[0] else (plural(kind), kind not in CLUSTER_WIDE)
    return Named(group, version, kind, resource, namespaced)


def plural(kind: str) -> str:
    """The resource of a kind, by the rule that Kubernetes guesses it by."""
    word = kind.lower()
    if kind in IRREGULAR:
        return IRREGULAR[kind]
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}es"
    return f"{word[:-1]}ies" if word.endswith("y") and word[-2:-1] not in tuple("aeiou") else f"{word}s"
