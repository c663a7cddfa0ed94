"""A volume of a flexVolume driver that is no more."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import pods
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="flex-volume",
    title="A volume of a flexVolume driver that is no more",
    why="The API server takes it, and no node has the driver: the pod waits for its volume for ever. Azure's two were "
    "given up for CSI drivers, which have other attributes and want other keys in the Secret.",
    bad="volumes: [{name: features, flexVolume: {driver: azure/blobfuse, options: {container: features}}}]",
    good="data: {features: {blob: features}}            # in a spec: mlgen writes the PersistentVolume and its claim",
    source="Azure/kubernetes-volume-drivers, flexvolume/blobfuse/README.md; Azure/kubernetes-keyvault-flexvol, "
    "README.md; kubernetes-sigs/blob-csi-driver, docs/driver-parameters.md",
)
SPARK = "sparkoperator.k8s.io/"
BLOBFUSE = "azure/blobfuse"
MENDS: Mapping[str, str] = {
    BLOBFUSE: "take a PersistentVolume of the driver blob.csi.azure.com with `containerName: {}`, whose Secret has "
    "`azurestorageaccountname` and `azurestorageaccountkey`, and claim it; in a spec of mlgen "
    "`data: {{NAME: {{blob: {}}}}}`",
    "azure/kv": "take a `csi` volume of secrets-store.csi.k8s.io and a SecretProviderClass for `azure`; in an "
    "environment of mlgen `secrets: {{from: csi, provider: azure, ...}}`",
}


def check(body: Body) -> Iterator[Fault]:
    """Each such volume: of pods, of Spark's applications, and of the cluster."""
    for path, flex in _found(body):
        driver = text_at(flex, "driver")
        if driver in MENDS:
            container = text_at(flex, "options", "container") or "CONTAINER"
            message = f"no node has the flexVolume driver {code(driver)} any more"
            where = (*path, "flexVolume", "driver")
            yield Fault(where, RULE.id, message, MENDS[driver].format(container, container))


def _found(body: Body) -> Iterator[tuple[Path, Body]]:
    for pod in pods(body):
        for path, volume in maps_at(pod.spec, "volumes"):
            yield (*pod.path, *path), map_at(volume, "flexVolume")
    if body.get("kind") == "PersistentVolume":
        yield ("spec",), map_at(body, "spec", "flexVolume")
    if text_at(body, "apiVersion").startswith(SPARK):
        for where in (("spec",), ("spec", "template")):
            for path, volume in maps_at(body, *where, "volumes"):
                yield path, map_at(volume, "flexVolume")
