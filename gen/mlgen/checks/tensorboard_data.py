"""TensorBoard is to show data that the training cannot write its logs to."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.pod import named_in
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="tensorboard-data",
    title="TensorBoard is to show data that the training cannot write its logs to",
    why="It is a pod of its own: it sees what the training writes only where both mount the same data.",
    bad="data: {features: {blob: churn/features}}\nworkloads:\n"
    "  train: {kind: tensorflow, data: [features], tensorboard: features/logs}",
    good="data: {models: {blob: churn/models, access: write}}\nworkloads:\n"
    "  train: {kind: tensorflow, data: [models], tensorboard: models/logs}",
)


def check(workload: Workload) -> Iterator[Problem]:
    """The data's name against the workload's own list, and what that data is."""
    asked = workload.spec.get("tensorboard")
    if asked is None:
        return
    name = said(asked).partition("/")[0]
    listed = [said(item) for item in named_in(workload, "data")]
    if name not in listed:
        yield _not_listed(workload, asked, name, listed)
    elif name in workload.data:
        yield from _not_shared(workload, asked, workload.data[name], name)


def _not_listed(workload: Workload, asked: Node, name: str, listed: list[str]) -> Problem:
    meant = closest(name, listed)
    hint = f"did you mean `{meant}`?" if meant else f"add `{name}` to the `data` of `{workload.name}`"
    message = f"TensorBoard is to read `{name}`, which `{workload.name}` does not use"
    return Problem(RULE.id, asked.span, message, hint)


def _not_shared(workload: Workload, asked: Node, entry: Node, name: str) -> Iterator[Problem]:
    access = entry.get("access")
    if "scratch" in entry:
        message = f"TensorBoard is to read `{name}`, which is scratch: each pod has one of its own"
        related = ((entry.span, f"`{name}`"),)
        yield Problem(RULE.id, asked.span, message, "write the logs to data that outlives the pod", related=related)
    elif access is not None and access.value == "read":
        place = access if access.span.file == asked.span.file else entry  # a default stands nowhere
        message = f"TensorBoard is to read logs in `{name}`, and `{workload.name}` may not write there"
        related = ((place.span, f"`{name}` is only read"),)
        yield Problem(RULE.id, asked.span, message, f"give `{name}` `access: write`", related=related)
