"""A notebook asks for a PodDefault that the environment does not have, or for two that do not go together."""

from collections.abc import Iterator

from mlgen.node import Node
from mlgen.pod import named_in
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.suggest import closest
from mlgen.trace import said

RULE = Rule(
    id="unknown-pod-default",
    title="A PodDefault that the environment does not have, or that does not go with another",
    why="A PodDefault finds pods by labels, and only the environment knows by which: without them the notebook starts, "
    "and lacks what it should have got.",
    bad="lab: {kind: notebook, podDefaults: [mflow]}",
    good="podDefaults: {mlflow: {access-mlflow: 'true'}}            # in the environment",
    source="kubeflow/kubeflow, components/admission-webhook: filterPodDefaults",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Each name, and the labels of all together."""
    offered, environment = workload.site.offer["podDefaults"].entries, workload.site.offer["name"]
    seen: dict[str, tuple[Node, Node]] = {}
    for asked in named_in(workload, "podDefaults"):
        if said(asked) not in offered:
            meant = closest(said(asked), offered)
            hint = f"did you mean `{meant}`?" if meant else "describe it under the environment's `podDefaults`"
            message = f"there is no PodDefault `{said(asked)}` in `{said(environment)}`"
            yield Problem(RULE.id, asked.span, message, hint, related=((environment.span, "this environment"),))
            continue
        for key, value in offered[said(asked)].entries.items():
            first, other = seen.setdefault(key, (asked, value))
            if other.value != value.value:
                message = f"`{said(asked)}` and `{said(first)}` want two values of the label `{key}`"
                related = ((other.span, "one value"), (value.span, "the other"))
                yield Problem(RULE.id, asked.span, message, "ask for one of the two", related=related)
