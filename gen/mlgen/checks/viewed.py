"""A key that names data and a folder in it, whose logs something shows -> what is wrong with that."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.node import Node
from mlgen.pod import named_in
from mlgen.problem import Problem
from mlgen.site import Workload
from mlgen.suggest import closest
from mlgen.trace import said


class Viewed(NamedTuple):
    """The ``rule`` about a ``key``, and what people call the ``viewer``."""

    rule: str
    key: str
    viewer: str

    def problems(self, workload: Workload) -> Iterator[Problem]:
        """The data's name against the workload's own list, and what that data is."""
        asked = workload.spec.get(self.key)
        if asked is None:
            return
        name = said(asked).partition("/")[0]
        listed = [said(item) for item in named_in(workload, "data")]
        if name not in listed:
            yield self._not_listed(workload, asked, name, listed)
        elif name in workload.data:
            yield from self._not_shared(workload, asked, workload.data[name], name)

    def _not_listed(self, workload: Workload, asked: Node, name: str, listed: list[str]) -> Problem:
        meant = closest(name, listed)
        hint = f"did you mean `{meant}`?" if meant else f"add `{name}` to the `data` of `{workload.name}`"
        message = f"{self.viewer} is to read `{name}`, which `{workload.name}` does not use"
        return Problem(self.rule, asked.span, message, hint)

    def _not_shared(self, workload: Workload, asked: Node, entry: Node, name: str) -> Iterator[Problem]:
        access = entry.get("access")
        if "scratch" in entry:
            message = f"{self.viewer} is to read `{name}`, which is scratch: each pod has one of its own"
            related = ((entry.span, f"`{name}`"),)
            yield Problem(
                self.rule, asked.span, message, "write the logs to data that outlives the pod", related=related
            )
        elif access is not None and access.value == "read":
            place = access if access.span.file == asked.span.file else entry  # a default stands nowhere
            message = f"{self.viewer} is to read logs in `{name}`, and `{workload.name}` may not write there"
            related = ((place.span, f"`{name}` is only read"),)
            yield Problem(self.rule, asked.span, message, f"give `{name}` `access: write`", related=related)
