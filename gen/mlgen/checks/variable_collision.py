"""One environment variable is set twice."""

from collections.abc import Iterator

from mlgen.problem import Problem, Span
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="variable-collision",
    title="One environment variable is set twice",
    why="The last one wins, and which is last is not to be seen in the spec.",
    bad="env: {MAPS_KEY: none}\nsecrets: [maps-api]        # which has the key MAPS_KEY",
    good="secrets: [maps-api]",
)
OWN = {"MLGEN_RUN": "mlgen sets `MLGEN_RUN` itself"}


def check(workload: Workload) -> Iterator[Problem]:
    """Variables of `env`, keys of `secrets`, and those that mlgen sets."""
    taken: dict[str, Span] = {}
    env, listed = workload.spec.get("env"), workload.spec.get("secrets")
    for name in env.entries if env is not None else ():
        taken[name] = env.key_span(name) if env is not None else workload.key.span
        if name in OWN:
            yield Problem(RULE.id, taken[name], OWN[name], "choose another name")
    for used in listed.items if listed is not None else []:
        keys = workload.secrets.get(said(used))
        for key in keys.items if keys is not None else []:
            name = said(key)
            if name in taken:
                message = f"the secret `{said(used)}` sets `{name}`, which is set already"
                yield Problem(RULE.id, used.span, message, "remove one of the two", related=((taken[name], "here"),))
            taken[name] = used.span
