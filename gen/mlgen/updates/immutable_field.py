"""Fields that an update cannot change, by kind."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, at
from mlgen.node import Json, Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.sameness import changed, path_text, same

RULE = Rule(
    id="immutable-field",
    title="A field that cannot be changed is changed",
    why="The API server refuses the update, and a GitOps controller tries it again for ever. The object has to be "
    "deleted and made anew, or get another name.",
    bad="a Deployment's `selector` before: {matchLabels: {app: churn}}, after: {matchLabels: {app: churn, tier: web}}",
    good="a Deployment of another name, with the other selector",
    source="kubernetes/pkg/apis/*/validation: Validate*Update, ValidateImmutableField",
)
ANEW = "delete the object and make it anew, or give the new one another name"


class Fixed(NamedTuple):
    """A field that keeps its value. ``default`` is what it has when nobody says; ``once`` allows to set it first."""

    path: Path
    default: Json = None
    once: bool = False
    hint: str = ANEW


def _spec(*names: str, **more: Json) -> tuple[Fixed, ...]:
    return tuple(Fixed(("spec", name), more.get(name)) for name in names)


SELECTOR = _spec("selector")
ROLE = (Fixed(("roleRef",), hint="delete the binding and make it anew: its role is for ever"),)
VOLUME_SOURCES = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs "
    "hostPath iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"
).split()
FIXED: Mapping[str, tuple[Fixed, ...]] = {
    "apps/v1 Deployment": SELECTOR,
    "apps/v1 ReplicaSet": SELECTOR,
    "apps/v1 DaemonSet": SELECTOR,
    "batch/v1 Job": (
        *_spec("selector", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy", "manualSelector"),
        Fixed(("spec", "completionMode"), "NonIndexed"),
    ),
    "rbac.authorization.k8s.io/v1 RoleBinding": ROLE,
    "rbac.authorization.k8s.io/v1 ClusterRoleBinding": ROLE,
    "storage.k8s.io/v1 StorageClass": (
        Fixed(("provisioner",)),
        Fixed(("parameters",)),
        Fixed(("reclaimPolicy",), "Delete"),
        Fixed(("volumeBindingMode",), "Immediate"),
    ),
    "storage.k8s.io/v1 VolumeAttributesClass": (Fixed(("driverName",)), Fixed(("parameters",))),
    "storage.k8s.io/v1 CSIDriver": _spec(
        "attachRequired", "volumeLifecycleModes", attachRequired=True, volumeLifecycleModes=["Persistent"]
    ),
    "storage.k8s.io/v1 VolumeAttachment": (Fixed(("spec",)),),
    "scheduling.k8s.io/v1 PriorityClass": (
        Fixed(("value",)),
        Fixed(("preemptionPolicy",), "PreemptLowerPriority"),
    ),
    "node.k8s.io/v1 RuntimeClass": (Fixed(("handler",)),),
    "networking.k8s.io/v1 IngressClass": _spec("controller"),
    "networking.k8s.io/v1 ServiceCIDR": (Fixed(("spec", "cidrs"), hint="make another ServiceCIDR"),),
    "networking.k8s.io/v1 IPAddress": _spec("parentRef"),
    "discovery.k8s.io/v1 EndpointSlice": (Fixed(("addressType",)),),
    "v1 Secret": (Fixed(("type",), "Opaque"),),
    "v1 ResourceQuota": _spec("scopes"),
    "v1 PersistentVolume": (
        *_spec("volumeMode", *VOLUME_SOURCES, volumeMode="Filesystem"),
        Fixed(("spec", "nodeAffinity"), once=True),
    ),
    "resource.k8s.io/v1 ResourceClaim": (Fixed(("spec",)),),
    "resource.k8s.io/v1 ResourceClaimTemplate": (Fixed(("spec",)),),
    "apiextensions.k8s.io/v1 CustomResourceDefinition": (
        Fixed(("spec", "group")),
        Fixed(("spec", "scope")),
        Fixed(("spec", "names", "plural")),
        Fixed(("spec", "names", "kind")),
    ),
    "certificates.k8s.io/v1 CertificateSigningRequest": (Fixed(("spec",)),),
}


def check(before: Body, after: Body) -> Iterator[Fault]:
    """Each field of the kind."""
    for field in FIXED.get(named(after), ()):
        old, new = at(before, *field.path), at(after, *field.path)
        was, now = (field.default if value is None else value for value in (old, new))
        if was == now or same(was, now) or (field.once and was is None):
            continue
        yield Fault(
            changed(after, field.path, was, now), RULE.id, f"{path_text(field.path)} cannot be changed", field.hint
        )
