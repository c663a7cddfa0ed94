"""A workload that is watched -> the Prometheus operator's ServiceMonitor or PodMonitor, and its PrometheusRule."""

from collections.abc import Iterator, Mapping

from mlgen.beside.alerts import Alert, alerts
from mlgen.beside.needs import Metrics, Needs, called
from mlgen.objects import Object, metadata, named, selector, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

API_VERSION = "monitoring.coreos.com/v1"
INTERVAL = "30s"


def objects(workload: Workload, needs: Needs) -> Iterator[Object]:
    """A monitor where the pods show metrics, rules where there is something to be alarmed about."""
    if needs.metrics is not None:
        yield monitor(workload, needs, needs.metrics)
    rules: list[Draft] = [rule(workload, alert) for alert in alerts(workload, needs)]
    if rules:
        group = made(called(workload), workload.site.project["name"], workload.key)
        yield _object(workload, needs, "PrometheusRule", {"groups": [{"name": group, "rules": rules}]})


def monitor(workload: Workload, needs: Needs, metrics: Metrics) -> Object:
    """By the Service where there is one, else pod by pod; the port is named, not numbered."""
    place = {"port": metrics.port} if metrics.through is None else {"relabelings": elsewhere(metrics)}
    endpoints: list[Draft] = [{**place, "path": metrics.path, "interval": INTERVAL}]
    chosen: Draft = {"matchLabels": selector(workload_labels(workload, needs.user))}
    if needs.service:
        return _object(workload, needs, "ServiceMonitor", {"selector": chosen, "endpoints": endpoints})
    return _object(workload, needs, "PodMonitor", {"selector": chosen, "podMetricsEndpoints": endpoints})


def elsewhere(metrics: Metrics) -> Draft:
    """Prometheus knows of declared ports only: pods are found by one of these, once each, and asked on another."""
    declared: Draft = {
        "sourceLabels": ["__meta_kubernetes_pod_container_port_number"],
        "regex": str(metrics.through),
        "action": "keep",
    }
    address = made(f"$1:{said(made(metrics.number))}", *made(metrics.number).sources)
    return [
        declared,
        {"sourceLabels": ["__meta_kubernetes_pod_ip"], "targetLabel": "__address__", "replacement": address},
    ]


def rule(workload: Workload, alert: Alert) -> Draft:
    """An alert with what it takes to bring it to the team that answers for the workload."""
    project = workload.site.project
    return {
        "alert": alert.name,
        "expr": alert.expression,
        "for": alert.hold,
        "labels": {
            "severity": alert.severity,
            "owner": project["owner"],
            "project": project["name"],
            "workload": workload.key,
        },
        "annotations": {"summary": alert.summary},
    }


def _object(workload: Workload, needs: Needs, kind: str, spec: Mapping[str, Draft]) -> Object:
    """With the labels by which Prometheus finds it."""
    offer, user = workload.site.offer["monitoring"], needs.user
    found = offer.get("labels")
    labels = {**workload_labels(workload, user), **(found.entries if found is not None else {})}
    name = named(workload, said(user), sources=(user,)) if user is not None else named(workload)
    body: dict[str, Draft] = {
        "apiVersion": API_VERSION,
        "kind": kind,
        "metadata": metadata(workload.site, name, labels),
        "spec": spec,
    }
    return Object(body, (workload.key, offer["from"]))
