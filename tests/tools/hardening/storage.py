"""Kubernetes' rules for volumes, claims and storage classes -> pieces, and the fields that they are for.

Sources: kubernetes' pkg/apis/core/validation (validateVolumeSource, ValidatePersistentVolumeSpec,
ValidatePersistentVolumeClaimSpec) and pkg/apis/storage/validation.
"""

from tests.tools.hardening.naming import QUALIFIED
from tests.tools.hardening.pieces import (
    SUBDOMAIN,
    Schema,
    all_of,
    inside,
    needs,
    one_of,
    present,
    some_of,
    text,
    words,
)

SHARED = (
    "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs"
    " hostPath iscsi nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume"
).split()
VOLUME = [
    *SHARED,
    *"configMap downwardAPI emptyDir ephemeral gitRepo image persistentVolumeClaim projected secret".split(),
]
PERSISTENT = [*SHARED, "local"]
PROJECTED = ("secret", "configMap", "downwardAPI", "serviceAccountToken", "clusterTrustBundle", "podCertificate")
ONCE = "ReadWriteOncePod"


def volumes(minor: int) -> dict[str, Schema]:
    """Volumes of pods."""
    known = VOLUME if minor >= 35 else [source for source in VOLUME if source != "image"]  # ImageVolume
    more = one_of("one-source", "source", *known)
    initiator = r"iqn\.[0-9]{4}-[0-9]{2}\.[A-Za-z0-9.-]+(:[^,;*&$|\s]+)|eui.[A-Za-z0-9]{16}|naa.[A-Za-z0-9]{32}"
    return {
        "volume": {**more, "if": {"minProperties": 3}},
        "projection": one_of("one-source", "source", *PROJECTED),
        "needs-secret": needs("secretName", why="say which Secret"),
        "needs-map": needs("name", why="say which ConfigMap"),
        "needs-volume-name": needs("volumeName"),
        "needs-template": needs("volumeClaimTemplate"),
        "host-type": words(
            "", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"
        ),
        "initiator": text("bad-name", "a name that begins with `iqn.`, `eui.` or `naa.`", initiator),
        "caching": words("None", "ReadOnly", "ReadWrite"),
        "disk-kind": words("Shared", "Dedicated", "Managed"),
        "driver-name": {
            **text("bad-name", "a domain of at most 63 characters", f"(?i:{SUBDOMAIN})", longest=63),
            "minLength": 1,
        },
        "plain-template": {
            "x-rule": "bad-name",
            "properties": {
                name: {
                    "enum": [None, ""],
                    "x-sentence": "cannot be set: the claim is named after the pod and the volume",
                }
                for name in ("name", "generateName", "namespace")
            },
        },
        "trust-source": one_of("one-source", "source", "name", "signerName"),
        "trust-source-some": some_of("one-source", "source", "name", "signerName"),
        "key-type": words("RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"),
        "secret-place": all_of(
            "missing-value",
            needs("name", "namespace"),
            {
                "properties": {
                    "name": {"$ref": "#/$defs/mlgen.subdomain-or-empty"},
                    "namespace": {"$ref": "#/$defs/mlgen.namespace"},
                }
            },
        ),
    }


def claims() -> dict[str, Schema]:
    """Volumes and claims of their own."""
    alone: Schema = {
        "x-rule": "access-modes",
        "if": {"contains": {"const": ONCE}},
        "then": {"maxItems": 1, "x-sentence": f"cannot have `{ONCE}` and others"},
    }
    request = all_of(
        "no-storage-request",
        {
            "required": ["resources"],
            "x-sentence": "does not say how much storage it wants: `resources: {requests: {storage: 10Gi}}`",
        },
        inside("resources", piece={"required": ["requests"], "x-sentence": "has no `requests: {storage: ...}`"}),
        inside("resources", "requests", piece={"required": ["storage"], "x-sentence": "has no `storage`"}),
    )
    local = {
        "x-rule": "pv-source",
        "if": present("local"),
        "then": needs("nodeAffinity", rule="pv-source", why="a local disk is on one node: say on which"),
    }
    return {
        "access-mode": words("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", ONCE, rule="access-modes"),
        "access-modes": alone,
        "lax.needs-modes": needs("accessModes", rule="access-modes"),
        "lax.needs-storage": request,
        "positive-storage": inside("requests", "storage", piece={"$ref": "#/$defs/mlgen.positive"})
        | {"x-rule": "negative-quantity"},
        "volume-mode": words("Filesystem", "Block"),
        "pv-source": one_of("pv-source", "source", *PERSISTENT),
        "pv-source-some": some_of("pv-source", "source", *PERSISTENT),
        "pv-local": local,
        "needs-capacity": needs("capacity", rule="pv-capacity", why="say how large it is: `capacity: {storage: 10Gi}`"),
        "capacity": all_of(
            "pv-capacity",
            {"required": ["storage"], "x-sentence": "has no `storage`"},
            {
                "propertyNames": {"enum": ["storage"]},
                "x-message": "the size of a volume is `storage`, and nothing else",
            },
            inside("storage", piece={"$ref": "#/$defs/mlgen.positive"}),
        ),
        "reclaim": words("Retain", "Delete", "Recycle", ""),
        "needs-required": needs("required"),
        "class-reclaim": words("Retain", "Delete", ""),
        "binding": words("Immediate", "WaitForFirstConsumer"),
        "provisioner": {
            **text("missing-value", "a name such as `disk.csi.azure.com`", f"(?i:{QUALIFIED})"),
            "minLength": 1,
        },
        "group-policy": words("ReadWriteOnceWithFSType", "File", "None"),
        "lifecycle": words("Persistent", "Ephemeral"),
        "parameters-some": {
            "x-rule": "missing-value",
            "required": ["parameters"],
            "properties": {"parameters": {"minProperties": 1, "x-sentence": "is empty"}},
        },
    }


def pieces(minor: int) -> dict[str, Schema]:
    """Everything about storage in Kubernetes 1.``minor``."""
    return volumes(minor) | claims()


CORE = "core.v1."
STORAGE = "storage.*."
PLACES: dict[str, dict[str, str]] = {
    f"{CORE}Volume": {"": "volume", "name": "label"},
    f"{CORE}HostPathVolumeSource": {"path": "filled no-back", "type": "host-type"},
    f"{CORE}GitRepoVolumeSource": {"repository": "filled", "directory": "local-path"},
    f"{CORE}ISCSIVolumeSource": {
        "targetPortal": "filled",
        "iqn": "initiator",
        "initiatorName": "initiator",
        "lun": "byte",
    },
    f"{CORE}ISCSIPersistentVolumeSource": {
        "targetPortal": "filled",
        "iqn": "initiator",
        "initiatorName": "initiator",
        "lun": "byte",
    },
    f"{CORE}FCVolumeSource": {"lun": "byte"},
    f"{CORE}GCEPersistentDiskVolumeSource": {"pdName": "filled", "partition": "byte"},
    f"{CORE}AWSElasticBlockStoreVolumeSource": {"volumeID": "filled", "partition": "byte"},
    f"{CORE}SecretVolumeSource": {"": "needs-secret", "defaultMode": "file-mode"},
    f"{CORE}ConfigMapVolumeSource": {"": "needs-map", "defaultMode": "file-mode"},
    f"{CORE}KeyToPath": {"key": "filled", "path": "filled volume-file", "mode": "file-mode"},
    f"{CORE}PersistentVolumeClaimVolumeSource": {"claimName": "filled"},
    f"{CORE}NFSVolumeSource": {"server": "filled", "path": "filled absolute"},
    f"{CORE}QuobyteVolumeSource": {"registry": "filled", "volume": "filled"},
    f"{CORE}GlusterfsVolumeSource": {"endpoints": "filled", "path": "filled"},
    f"{CORE}GlusterfsPersistentVolumeSource": {"endpoints": "filled", "path": "filled"},
    f"{CORE}DownwardAPIVolumeFile": {
        "": "downward-file downward-file-some",
        "path": "filled volume-file",
        "fieldRef": "file-field",
        "resourceFieldRef": "file-resource-field",
        "mode": "file-mode",
    },
    f"{CORE}DownwardAPIVolumeSource": {"defaultMode": "file-mode"},
    f"{CORE}ProjectedVolumeSource": {"defaultMode": "file-mode"},
    f"{CORE}VolumeProjection": {"": "projection"},
    f"{CORE}SecretProjection": {"": "needs-name"},
    f"{CORE}ConfigMapProjection": {"": "needs-name"},
    f"{CORE}ServiceAccountTokenProjection": {"expirationSeconds": "token-time", "path": "filled volume-file"},
    f"{CORE}ClusterTrustBundleProjection": {"": "trust-source trust-source-some", "path": "filled volume-file"},
    f"{CORE}PodCertificateProjection": {"keyType": "key-type"},
    f"{CORE}RBDVolumeSource": {"monitors": "filled", "image": "filled"},
    f"{CORE}RBDPersistentVolumeSource": {"monitors": "filled", "image": "filled"},
    f"{CORE}CinderVolumeSource": {"volumeID": "filled"},
    f"{CORE}CinderPersistentVolumeSource": {"volumeID": "filled", "secretRef": "secret-place"},
    f"{CORE}CephFSVolumeSource": {"monitors": "filled"},
    f"{CORE}CephFSPersistentVolumeSource": {"monitors": "filled"},
    f"{CORE}FlexVolumeSource": {"driver": "filled"},
    f"{CORE}FlexPersistentVolumeSource": {"driver": "filled"},
    f"{CORE}AzureFileVolumeSource": {"secretName": "filled", "shareName": "filled"},
    f"{CORE}AzureFilePersistentVolumeSource": {"secretName": "filled", "shareName": "filled"},
    f"{CORE}AzureDiskVolumeSource": {
        "diskName": "filled",
        "diskURI": "filled",
        "cachingMode": "caching",
        "kind": "disk-kind",
    },
    f"{CORE}VsphereVirtualDiskVolumeSource": {"volumePath": "filled"},
    f"{CORE}PhotonPersistentDiskVolumeSource": {"pdID": "filled"},
    f"{CORE}PortworxVolumeSource": {"volumeID": "filled"},
    f"{CORE}ScaleIOVolumeSource": {"": "needs-volume-name", "gateway": "filled", "system": "filled"},
    f"{CORE}ScaleIOPersistentVolumeSource": {"": "needs-volume-name", "gateway": "filled", "system": "filled"},
    f"{CORE}LocalVolumeSource": {"path": "filled no-back"},
    f"{CORE}CSIVolumeSource": {"driver": "driver-name"},
    f"{CORE}CSIPersistentVolumeSource": {
        "driver": "driver-name",
        "volumeHandle": "filled",
        "controllerPublishSecretRef": "secret-place",
        "controllerExpandSecretRef": "secret-place",
        "nodePublishSecretRef": "secret-place",
        "nodeExpandSecretRef": "secret-place",
    },
    f"{CORE}EphemeralVolumeSource": {"": "needs-template"},
    f"{CORE}PersistentVolumeClaimTemplate": {"metadata": "plain-template"},
    f"{CORE}EmptyDirVolumeSource": {"sizeLimit": "amount"},
    f"{CORE}PersistentVolumeSpec": {
        "": "pv-source pv-source-some pv-local needs-capacity lax.needs-modes",
        "capacity": "capacity",
        "accessModes": "access-modes",
        "accessModes[]": "access-mode",
        "persistentVolumeReclaimPolicy": "reclaim",
        "storageClassName": "subdomain-or-empty",
        "volumeMode": "volume-mode",
    },
    f"{CORE}VolumeNodeAffinity": {"": "needs-required"},
    f"{CORE}PersistentVolumeClaimSpec": {
        "": "lax.needs-modes lax.needs-storage",
        "accessModes": "access-modes",
        "accessModes[]": "access-mode",
        "resources": "positive-storage",
        "storageClassName": "subdomain-or-empty",
        "volumeMode": "volume-mode",
        "volumeAttributesClassName": "subdomain-or-empty",
    },
    f"{CORE}TypedLocalObjectReference": {"kind": "filled", "name": "filled"},
    f"{CORE}TypedObjectReference": {"kind": "filled", "name": "filled", "namespace": "namespace"},
    f"{CORE}TopologySelectorLabelRequirement": {"key": "label-key", "values": "filled"},
    f"{STORAGE}StorageClass": {
        "provisioner": "provisioner",
        "reclaimPolicy": "class-reclaim",
        "volumeBindingMode": "binding",
    },
    f"{STORAGE}CSIDriverSpec": {"fsGroupPolicy": "group-policy", "volumeLifecycleModes[]": "lifecycle"},
    f"{STORAGE}TokenRequest": {"expirationSeconds": "token-time"},
    f"{STORAGE}VolumeAttributesClass": {"": "parameters-some", "driverName": "provisioner"},
    f"{STORAGE}CSIStorageCapacity": {"storageClassName": "subdomain", "capacity": "amount"},
}
