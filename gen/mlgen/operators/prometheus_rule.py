"""Rules that Prometheus would not load."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="prometheus-rule",
    title="Rules that Prometheus would not load",
    why="The operator's webhook refuses them; without it the operator leaves the whole object out, in silence.",
    bad="rules: [{record: churn:rate, alert: Churn, expr: ...}]",
    good="rules: [{alert: Churn, expr: ...}]",
    source="prometheus/prometheus, model/rulefmt/rulefmt.go: RuleGroups.Validate, Rule.Validate; prometheus-operator "
    "v0.93, pkg/operator/rules.go: ValidateRule",
)
ONLY_ALERTS = ("for", "keep_firing_for", "annotations")


def check(body: Body) -> Iterator[Fault]:
    """Groups and the rules in them."""
    names: set[str] = set()
    for path, group in maps_at(body, "spec", "groups"):
        name = text_at(group, "name")
        if name and name in names:
            yield Fault((*path, "name"), RULE.id, f"two groups are called {code(name)}", "rename one of the two")
        names.add(name)
        for where, rule in maps_at(group, "rules"):
            yield from _rule(rule, (*path, *where))


def _rule(rule: Body, path: Path) -> Iterator[Fault]:
    record, alert = rule.get("record"), rule.get("alert")
    if record and alert:
        yield Fault((*path, "record"), RULE.id, "a rule records or alerts, not both", "make two rules of it")
    elif not record and not alert:
        yield Fault(path, RULE.id, "this rule neither records nor alerts", "add `alert: Name` or `record: name`")
    if rule.get("expr") == "":
        yield Fault((*path, "expr"), RULE.id, "this rule asks nothing", "write a query")
    for field in ONLY_ALERTS:
        if record and not alert and rule.get(field):
            yield Fault((*path, field), RULE.id, f"{code(field)} is for alerts, and this rule records", "remove it")
    if "__name__" in map_at(rule, "labels"):
        where = (*path, "labels", "__name__")
        yield Fault(where, RULE.id, "no rule names its series by a label", "write the name as `record`")
