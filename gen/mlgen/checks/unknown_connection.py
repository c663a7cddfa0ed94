"""A project connects to what its environment does not offer."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="unknown-connection",
    title="A connection that the environment does not offer",
    why="The pods would start without the address and the credentials that they read.",
    bad="connections: [warehouse]            # and the environment offers none of that name",
    good="connections: {warehouse: {env: {DW_HOST: dw.acme.example}}}            # in the environment",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Every name under `connections`, the project's and the workload's own; and those that are listed in both."""
    listed, environment = workload.spec.get("connections"), workload.site.offer["name"]
    offers = workload.site.offer["connections"].entries
    seen: dict[str, Node] = {}
    for name in listed.items if listed is not None else []:
        if said(name) not in offers:
            meant = closest(said(name), offers)
            hint = f"did you mean `{meant}`?" if meant else "describe it under the environment's `connections`"
            message = f"there is no connection `{said(name)}` in `{said(environment)}`"
            related = ((environment.span, "this environment"),)
            yield Problem(RULE.id, name.span, message, hint, related=related)
        shared = seen.setdefault(said(name), name)
        if shared is not name:
            message = f"`{said(name)}` is a connection of the whole project already"
            related = ((shared.span, "it is listed here"),)
            yield Problem("repeated-item", name.span, message, "remove it here", "warning", related=related)
