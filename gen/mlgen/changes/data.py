"""Differences -> JSON-ready data for programs: every object, field and risk, secrets masked."""

from collections.abc import Sequence
from typing import Any

from mlgen.changes import shown
from mlgen.changes.between import Difference
from mlgen.changes.compare import Change
from mlgen.changes.demand import Demand


def data(differences: Sequence[Difference]) -> list[dict[str, Any]]:
    """One entry a project and environment."""
    return [
        {
            "project": one.project,
            "environment": one.environment,
            "protected": one.protected,
            "demand": [_demand(demand) for demand in one.demand],
            "risks": [risk._asdict() for risk in one.risks],
            "changes": [_change(change) for change in one.changes],
        }
        for one in differences
    ]


def _change(change: Change) -> dict[str, Any]:
    what = "added" if change.before is None else "removed" if change.after is None else "changed"
    was = change.before.ref.name if change.before is not None and change.renamed else None
    return {
        "what": what,
        **change.ref._asdict(),
        "was": was,
        "run": change.run,
        "fields": [field.place for field in change.fields],
        "lines": [f"{sign} {line}".rstrip() for sign, line in shown.lines(change)],
    }


def _demand(one: Demand) -> dict[str, Any]:
    amounts = {"before": one.before, "after": one.after, "quota": one.quota, "total": one.total}
    return {"resource": one.resource, "gpu": one.gpu, **{key: one.said(value) for key, value in amounts.items()}}
