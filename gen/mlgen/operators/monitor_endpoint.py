"""An endpoint of a monitor that the operator leaves out of Prometheus' configuration."""

import re
from collections.abc import Iterator, Mapping

from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.pods import named
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="monitor-endpoint",
    title="An endpoint of a monitor that Prometheus never gets",
    why="The operator leaves a monitor with a fault out of the configuration, and says so only in its log and in an "
    "event; of two ports it takes one.",
    bad="endpoints: [{port: http, interval: 10s, scrapeTimeout: 30s}]",
    good="endpoints: [{port: http, interval: 30s, scrapeTimeout: 10s}]",
    source="prometheus-operator v0.93, pkg/prometheus/resource_selector.go: validateScrapeIntervalAndTimeout, "
    "ValidateRelabelConfig; pkg/prometheus/promcfg.go",
)
ENDPOINTS: Mapping[str, str] = {
    "monitoring.coreos.com/v1 ServiceMonitor": "endpoints",
    "monitoring.coreos.com/v1 PodMonitor": "podMetricsEndpoints",
}
PORTS = ("port", "portNumber", "targetPort")
LOGINS = ("authorization", "basicAuth", "oauth2", "bearerTokenSecret", "bearerTokenFile")
TIME = re.compile(r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?")
MILLISECONDS = (31_536_000_000, 604_800_000, 86_400_000, 3_600_000, 60_000, 1_000, 1)
RELABELINGS = ("relabelings", "metricRelabelings")
NEED_TARGET = ("replace", "hashmod", "lowercase", "uppercase", "keepequal", "dropequal")


def check(body: Body) -> Iterator[Fault]:
    """Each endpoint."""
    field = ENDPOINTS[named(body)]
    for path, endpoint in maps_at(body, "spec", field):
        said = [name for name in PORTS if endpoint.get(name)]
        if len(said) > 1:
            message = f"of {' and '.join(code(name) for name in said)} only {code(said[0])} is read"
            yield Fault((*path, said[1]), RULE.id, message, "keep one of the two")
        logins = [name for name in LOGINS if endpoint.get(name)]
        if len(logins) > 1:
            message = f"{' and '.join(code(name) for name in logins)} cannot both say who asks"
            yield Fault((*path, logins[1]), RULE.id, message, "keep one of the two")
        every, most = (_time(text_at(endpoint, name)) for name in ("interval", "scrapeTimeout"))
        if every and most and most > every:
            shown = code(endpoint["scrapeTimeout"]), code(endpoint["interval"])
            message = f"an answer may take {shown[0]}, and the next question comes after {shown[1]}"
            yield Fault((*path, "scrapeTimeout"), RULE.id, message, "lower it, or raise `interval`")
        for name in RELABELINGS:
            for where, one in maps_at(endpoint, name):
                yield from _relabeling(one, (*path, *where))
    selector = map_at(body, "spec", "namespaceSelector")
    if selector.get("any") is True and list_at(selector, "matchNames"):
        message = "`any: true` takes all namespaces, whatever `matchNames` says"
        yield Fault(("spec", "namespaceSelector", "matchNames"), RULE.id, message, "keep one of the two")


def _relabeling(one: Body, path: Path) -> Iterator[Fault]:
    action = (text_at(one, "action") or "replace").lower()
    if action in NEED_TARGET and not one.get("targetLabel"):
        yield Fault(path, RULE.id, f"the action {code(action)} needs `targetLabel`", "add it")
    if action == "hashmod" and not one.get("modulus"):
        yield Fault(path, RULE.id, "the action `hashmod` needs `modulus`", "add it")


def _time(text: str) -> int:
    found = TIME.fullmatch(text) if text else None
    groups = found.groups(default="0") if found else ()
    return sum(int(number) * unit for number, unit in zip(groups, MILLISECONDS, strict=False))
