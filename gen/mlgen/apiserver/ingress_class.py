"""An Ingress says its class twice."""

from collections.abc import Iterator

from mlgen.body import Body, at
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

ANNOTATION = "kubernetes.io/ingress.class"
RULE = Rule(
    id="ingress-class",
    title="An Ingress says its class in a field and in the old annotation",
    why="The API server refuses to create it with both.",
    bad=f"metadata: {{annotations: {{{ANNOTATION}: nginx}}}}\nspec: {{ingressClassName: nginx}}",
    good="spec: {ingressClassName: nginx}",
    source="kubernetes/pkg/apis/networking/validation: ValidateIngressCreate",
)


def check(body: Body) -> Iterator[Fault]:
    """The field and the annotation."""
    where = ("metadata", "annotations", ANNOTATION)
    if at(body, *where) is not None and at(body, "spec", "ingressClassName") is not None:
        yield Fault(where, RULE.id, "`ingressClassName` says the class already", "take the annotation away")
