"""A workload that is watched -> a ConfigMap with its Grafana dashboard: what it answers, and what it uses."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mlgen.beside.needs import Needs, called
from mlgen.objects import Object, content_hash, metadata, named, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

# The label by which Grafana's sidecar finds dashboards. Flux would fill in `${datasource}` itself, were it let.
FOUND_BY: dict[str, Draft] = {"grafana_dashboard": "1"}
NOT_FOR_FLUX: dict[str, Draft] = {"kustomize.toolkit.fluxcd.io/substitute": "disabled"}
SCHEMA_VERSION = 39
WIDTH, HEIGHT, COLUMNS = 12, 8, 2
# How pods are named after what owns them.
PODS: Mapping[str, str] = {
    "Deployment": "{}-[a-z0-9]+-[a-z0-9]{{5}}",
    "StatefulSet": "{}-[0-9]+",
    "CronJob": "{}-[0-9]+(-[0-9]+)?-[a-z0-9]{{5}}",
}
OF_RUNS = "{}-[0-9a-f]{{10}}(-.*)?"


class Panel(NamedTuple):
    """One graph: its title, its unit as Grafana calls it, and its queries."""

    title: str
    unit: str
    queries: tuple[str, ...]


def config_map(workload: Workload, needs: Needs) -> Object:
    """Its key becomes a file in a folder that all namespaces share, so it carries the namespace."""
    offer, site = workload.site.offer["monitoring"], workload.site
    key = f"{said(site.namespace)}-{workload.object_name}.json"
    text = made(dashboard(workload, needs), site.namespace, workload.key, offer["dashboards"])
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(
            site,
            named(workload, "dashboard"),
            {**workload_labels(workload), **FOUND_BY},
            annotations=NOT_FOR_FLUX,
        ),
        "data": {key: text},
    }
    return Object(body, (workload.key, offer["dashboards"]))


def dashboard(workload: Workload, needs: Needs) -> str:
    """Grafana's JSON, one panel a line so that a change is a line."""
    namespace = said(workload.site.namespace)
    head: dict[str, Any] = {
        "title": f"{called(workload)} ({namespace})",
        "uid": content_hash(namespace, workload.object_name),
        "tags": ["mlgen", workload.site.name],
        "schemaVersion": SCHEMA_VERSION,
        "refresh": "1m",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [{"name": "datasource", "type": "datasource", "query": "prometheus"}]},
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    drawn = [f"    {json.dumps(_drawn(panel, index))}" for index, panel in enumerate(panels(workload, needs))]
    graphs = ",\n".join(drawn)
    return "{\n" + ",\n".join([*lines, f'  "panels": [\n{graphs}\n  ]']) + "\n}\n"


def panels(workload: Workload, needs: Needs) -> Iterator[Panel]:
    """What it answers where its server tells; then what every pod uses."""
    yield from _answers(workload, needs)
    if "Deployment" in needs.watched:
        deployment = said(needs.watched["Deployment"][0])
        ours = f'namespace="{said(workload.site.namespace)}",deployment="{deployment}"'
        counts = ("kube_deployment_spec_replicas", "kube_deployment_status_replicas_available")
        yield Panel("Replicas", "short", tuple(f"sum({metric}{{{ours}}})" for metric in counts))
    pods = f'namespace="{said(workload.site.namespace)}",pod=~"{pattern(workload, needs)}"'
    used = f'{pods},container!=""'
    yield Panel("CPU", "short", (f"sum by (pod) (rate(container_cpu_usage_seconds_total{{{used}}}[5m]))",))
    limit = f'max(kube_pod_container_resource_limits{{{pods},resource="memory"}})'
    yield Panel("Memory", "bytes", (f"sum by (pod) (container_memory_working_set_bytes{{{used}}})", limit))
    if workload.spec.find("resources", "gpu") is not None:
        # The exporter's own labels stand aside where Prometheus does not honour them.
        exported = pods.replace("namespace=", "exported_namespace=").replace("pod=", "exported_pod=")
        yield Panel("GPU", "percent", tuple(f"DCGM_FI_DEV_GPU_UTIL{{{ours}}}" for ours in (pods, exported)))


def pattern(workload: Workload, needs: Needs) -> str:
    """The names of the workload's pods, as a regular expression; of runs, those of all of them."""
    forms = [PODS[kind].format(said(name)) for kind, names in needs.watched.items() if kind in PODS for name in names]
    return "|".join(forms) or OF_RUNS.format(workload.object_name)


def _answers(workload: Workload, needs: Needs) -> Iterator[Panel]:
    metrics = needs.metrics
    if metrics is None:
        return
    place = f'service="{workload.object_name}"' if needs.service else f'pod=~"{pattern(workload, needs)}"'
    ours = f'{{namespace="{said(workload.site.namespace)}",{place}}}'
    if metrics.requests:
        yield Panel("Requests", "reqps", (f"sum(rate({metrics.requests}{ours}[5m]))",))
    if metrics.latency:
        rate = f"sum by (le) (rate({metrics.latency}_bucket{ours}[5m]))"
        yield Panel("Latency", metrics.unit, tuple(f"histogram_quantile({share}, {rate})" for share in (0.5, 0.95)))


def _drawn(panel: Panel, index: int) -> dict[str, Any]:
    row, column = divmod(index, COLUMNS)
    source = {"type": "prometheus", "uid": "${datasource}"}
    targets = [
        {"refId": "ABCD"[number], "expr": query, "legendFormat": "__auto"} for number, query in enumerate(panel.queries)
    ]
    return {
        "id": index + 1,
        "type": "timeseries",
        "title": panel.title,
        "datasource": source,
        "gridPos": {"x": column * WIDTH, "y": row * HEIGHT, "w": WIDTH, "h": HEIGHT},
        "fieldConfig": {"defaults": {"unit": panel.unit, "min": 0}, "overrides": []},
        "targets": targets,
    }
