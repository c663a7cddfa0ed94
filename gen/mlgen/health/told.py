"""What a template of a platform's own kind tells about a status -> the check that says so."""

from mlgen.health.check import Check, Verdict
from mlgen.health.phase import Phase
from mlgen.own.outcome import Told

WHY = "The platform's own kind says so."


def check(one: Told) -> Check:
    """The check of one kind: a run is well as soon as it runs."""
    verdicts: dict[str, Verdict] = dict.fromkeys((*one.running, *one.succeeded), "Healthy")
    word = one.state[1:]
    phase = Phase(word, word, verdicts | dict.fromkeys(one.failed, "Degraded"))
    return Check(one.api_version, one.kind, WHY, phase.lua, phase.failed, phase.current)
