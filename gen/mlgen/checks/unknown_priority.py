"""A workload asks for a priority that the environment does not have."""

from collections.abc import Iterator

from mlgen import priority
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="unknown-priority",
    title="A priority that the environment does not have",
    why="Only the environment knows which PriorityClass of its cluster that is.",
    bad="priority: bacth",
    good="priority: batch            # and the environment has `priorities: {batch: {class: ml-batch}}`",
)


def check(workload: Workload) -> Iterator[Problem]:
    """The name under `priority`."""
    asked, environment = workload.spec.get("priority"), workload.site.offer["name"]
    if asked is None or priority.entry(workload) is not None:
        return
    known = workload.site.offer["priorities"].entries
    meant = closest(said(asked), known)
    hint = "`priority: null` under `environments` asks for none; the environment adds one with `priorities: "
    hint += f"{{{said(asked)}: {{class: PRIORITYCLASS}}}}`"
    has = ", ".join(f"`{one}`" for one in known) or "no priorities"
    yield Problem(
        RULE.id,
        asked.span,
        f"there is no priority `{said(asked)}` in `{said(environment)}`",
        f"did you mean `{meant}`?" if meant else hint,
        related=((environment.span, f"this environment has {has}"),),
    )
