"""A key that has no effect beside the others."""

from collections.abc import Iterator

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="no-effect",
    title="A key that has no effect without another",
    why="Nothing that is written is ignored in silence: a time zone without a schedule is a schedule forgotten.",
    bad="timeZone: Europe/Berlin",
    good='schedule: "0 2 * * *"\ntimeZone: Europe/Berlin',
)
NEEDS = {"timeZone": "schedule", "concurrency": "schedule", "parallelism": "completions", "canary": "host"}


def check(workload: Workload) -> Iterator[Problem]:
    """Keys that only mean something beside another one."""
    spec = workload.spec
    for key, needed in NEEDS.items():
        if key in spec and needed not in spec:
            yield Problem(
                RULE.id,
                spec.key_span(key),
                f"`{key}` has no effect without `{needed}`",
                f"add `{needed}`, or remove it",
            )
    run = spec.get("run")
    if run is not None and run.value == "request" and "schedule" in spec:
        message = "`run: request` has no effect with a `schedule`: the schedule says when it runs"
        yield Problem(RULE.id, run.span, message, "remove one of them")
    pods, together = spec.get("completions"), spec.get("parallelism")
    if pods is not None and together is not None and int(said(together)) > int(said(pods)):
        message = f"{said(together)} pods at a time, but there are only {said(pods)}"
        yield Problem(RULE.id, together.span, message, "lower `parallelism`, or raise `completions`")
