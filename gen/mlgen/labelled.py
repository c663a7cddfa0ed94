"""An object -> the labels of the pods that it makes, as far as anybody can tell."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from mlgen.body import Body, map_at, text_at
from mlgen.node import Path
from mlgen.pods import Pod, pods

# Custom resources of these groups make no pods.
WITHOUT_PODS = (
    "monitoring.coreos.com",
    "external-secrets.io",
    "bitnami.com",
    "gateway.networking.k8s.io",
    "secrets-store.csi.x-k8s.io",
    "kueue.x-k8s.io",
    "keda.sh",
    "cert-manager.io",
    "kustomize.config.k8s.io",
    "kustomize.toolkit.fluxcd.io",
    "networking.istio.io",
    "mlgen.dev",
)
APACHE = "spark.apache.org"
NATIVE = ("v1", "apps", "batch", "autoscaling", "policy")
SPARK: Mapping[str, Path] = {"SparkApplication": ("spec",), "ScheduledSparkApplication": ("spec", "template")}


class Labelled(NamedTuple):
    """Pods, or a Service, of the body of that number: its labels, None where nobody can tell.

    ``open``: an operator may add labels. ``pod`` is None where its containers are not known.
    """

    body: int
    namespace: str
    labels: Body | None
    open: bool = False
    pod: Pod | None = None


def labelled(index: int, body: Body) -> Iterator[Labelled]:
    """Every sort of pod of the body of that number."""
    namespace, group = text_at(body, "metadata", "namespace"), text_at(body, "apiVersion").partition("/")[0]
    custom, some = group not in NATIVE, False
    for pod in pods(body):
        some = True
        # KServe has the labels of its pods among the fields of their spec.
        labels = map_at(pod.metadata, "labels") or map_at(pod.spec, "labels")
        known = pod if group != APACHE else None  # Spark adds ports
        yield Labelled(index, namespace, labels if labels or not custom else None, custom, known)
    where = SPARK.get(text_at(body, "kind"))
    if where is not None and not some and group != APACHE:
        for role in ("driver", "executor"):
            yield Labelled(index, namespace, map_at(body, *where, role, "labels"), open=True)
    elif not some and custom and "." in group and group not in WITHOUT_PODS and not group.endswith(".k8s.io"):
        yield Labelled(index, namespace, None, open=True)
