"""An APIService that is not named for what it serves."""

from collections.abc import Iterator

from mlgen.body import Body, text_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="api-service-name",
    title="An APIService that is not named for its version and group",
    why="The API server refuses it: the name says what is served.",
    bad="kind: APIService\nmetadata: {name: metrics}\nspec: {version: v1beta1, group: metrics.k8s.io}",
    good="kind: APIService\nmetadata: {name: v1beta1.metrics.k8s.io}\nspec: {version: v1beta1, group: metrics.k8s.io}",
    source="kube-aggregator/pkg/apis/apiregistration/validation: ValidateAPIService",
)


def check(body: Body) -> Iterator[Fault]:
    """The name."""
    name, wanted = (
        text_at(body, "metadata", "name"),
        f"{text_at(body, 'spec', 'version')}.{text_at(body, 'spec', 'group')}",
    )
    if name and name != wanted and len(wanted) > 1:
        message = f"{code(name)} is not the version and the group"
        yield Fault(("metadata", "name"), RULE.id, message, f"name it {code(wanted)}")
