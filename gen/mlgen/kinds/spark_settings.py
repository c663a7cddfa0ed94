"""A Spark workload -> what Spark is told in its own words, whichever operator tells it."""

from collections.abc import Mapping

from mlgen.beside.needs import Metrics
from mlgen.kinds import spark_history
from mlgen.site import Workload
from mlgen.trace import Draft, made, said

# The driver's web page, which every driver has, shows Prometheus what the executors measure.
METRICS = "spark.ui.prometheus.enabled"
PAGE = Metrics("spark-ui", "/metrics/executors/prometheus", 4040)


def settings(workload: Workload, more: Mapping[str, Draft]) -> dict[str, Draft]:
    """What every application is told, and ``more``; then the spec's own settings, which have the last word."""
    return {METRICS: "true", **more, **spark_history.conf(workload), **_own(workload)}


def metrics(workload: Workload) -> Metrics | None:
    """Where the driver shows metrics, unless the spec turns them off."""
    shown = workload.spec.find("conf", METRICS)
    return PAGE if shown is None or said(shown).lower() == "true" else None


def _own(workload: Workload) -> dict[str, Draft]:
    """The spec's own settings, by their source text: Spark takes nothing but text."""
    asked = workload.spec.get("conf")
    entries = asked.entries if asked is not None else {}
    return {
        key: node if isinstance(node.value, str) else made(node.text or said(node), node)
        for key, node in entries.items()
    }
