"""The binding of an admission policy that contradicts itself."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="policy-binding",
    title="The binding of an admission policy that contradicts itself",
    why="The API server refuses it: what is denied is not warned of as well, and parameters are chosen by a name or "
    "by a selector.",
    bad="validationActions: [Deny, Warn]",
    good="validationActions: [Deny]",
    source="kubernetes/pkg/apis/admissionregistration/validation: validateValidatingAdmissionPolicyBindingSpec",
)


def check(body: Body) -> Iterator[Fault]:
    """The actions and the parameters."""
    actions = list_at(body, "spec", "validationActions")
    where = ("spec", "validationActions")
    if "Deny" in actions and "Warn" in actions:
        message = "what is denied is not warned of as well"
        yield Fault((*where, actions.index("Warn")), RULE.id, message, "take one of the two away")
    for index, action in enumerate(actions):
        if action in actions[:index]:
            yield Fault((*where, index), RULE.id, f"{code(action)} is in the list already", "take it away")
    reference = map_at(body, "spec", "paramRef")
    if reference.get("name") and reference.get("selector") is not None:
        message = "parameters are chosen by a name or by a selector"
        yield Fault(("spec", "paramRef", "selector"), RULE.id, message, "take one of the two away")
