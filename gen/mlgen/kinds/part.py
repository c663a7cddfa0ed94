"""A workload and what stands beside it with pods of its own -> that part as a workload, under a name that is free."""

from collections.abc import Mapping
from dataclasses import replace

from mlgen.node import Node
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload


def part(whole: Workload, name: str, what: str, spec: Mapping[str, Node], asked: Node) -> Workload:
    """The part ``name`` of ``whole``, which ``asked`` for it; people call it ``what``.

    It has labels of its own, so that no selector of one takes a pod of the other. Raises MlgenError where another
    workload has taken the name.
    """
    own = replace(whole, spec=replace(whole.spec, value=dict(spec)), part=name)
    full = f"{whole.name}-{name}"
    taken = whole.site.project["workloads"]
    if full in taken:
        message = f"the {what} of `{whole.name}` would be named `{full}`, as another workload is"
        there = ((taken.key_span(full), "the other one"),)
        raise MlgenError(Problem("name-collision", asked.span, message, "rename that workload", related=there))
    return own
