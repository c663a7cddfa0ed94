"""An environment and the files below policies/ -> what is wrong with the policies that its cluster enforces."""

from collections.abc import Iterator

from mlgen import cel, kubernetes
from mlgen.body import list_at, map_at, maps_at, text_at
from mlgen.cel.rewriting import TOKEN
from mlgen.faults.case import code
from mlgen.node import Node, Path
from mlgen.policy.documents import BINDING, Document, Files, Policies, is_listed, offered
from mlgen.policy.expressions import NAMES
from mlgen.problem import Problem
from mlgen.suggest import did_you_mean
from mlgen.trace import said

IN_CLUSTER = "the cluster will say"
EXTRA = "`pip install 'mlgen[policies]'` installs what evaluates them"


def problems(environment: Node, files: Files) -> Iterator[Problem]:
    """What keeps the policies that ``environment`` lists from being evaluated, or from doing anything."""
    listed = environment.get("policies")
    for one in listed.items if listed is not None else ():
        if not any(is_listed(file, [str(one.value)]) for file in files):
            message = f"there is no file for {code(one.value)}"
            yield Problem(
                "unknown-policy", one.span, message, did_you_mean(str(one.value), files) or "write it, or leave it out"
            )
    if listed is not None and listed.items and not cel.available():
        message = "policies cannot be evaluated without the extra `mlgen[policies]`"
        yield Problem("policies-without-cel", listed.span, message, EXTRA)
        return
    policies = offered(environment, files)
    for document in (*policies.policies.values(), *policies.bindings):
        for fault in kubernetes.check(document.body, said(environment["kubernetes"])):
            yield Problem(fault.rule, document.span(fault.path), fault.message, fault.help)
    for policy in policies.policies.values():
        yield from _of_policy(policy, policies)
    for binding in policies.bindings:
        yield from _of_binding(binding, policies)


def _of_policy(policy: Document, policies: Policies) -> Iterator[Problem]:
    if not policies.bound(policy.name):
        message = f"nothing binds the policy {code(policy.name)}, so it does nothing"
        help_ = f"a {BINDING} with `policyName: {policy.name}` puts it into force"
        yield Problem("policy-without-effect", policy.span(("metadata", "name")), message, help_, "warning")
    if not list_at(policy.body, "spec", "validations"):
        message = f"the policy {code(policy.name)} has no validations"
        yield Problem("bad-policy", policy.span(("spec",)), message, "`spec.validations` says what must be so")
    for path, expression in _expressions(policy):
        yield from _of_expression(policy, path, expression)
    yield from _about_updates(policy)


def _about_updates(policy: Document) -> Iterator[Problem]:
    """Objects are judged as if they were created: what an update of them would be asked is said, not passed over."""
    rules = [rule for _, rule in maps_at(policy.body, "spec", "matchConstraints", "resourceRules")]
    asked = {str(one) for rule in rules for one in list_at(rule, "operations")}
    old = [path for path, expression in _expressions(policy) if "oldObject" in TOKEN.findall(expression)]
    if not asked & {"CREATE", "*"}:
        where: Path = ("spec", "matchConstraints")
        message = f"the policy {code(policy.name)} is not about the creation of objects, so it judges nothing here"
        yield Problem("not-evaluated", policy.span(where), message, IN_CLUSTER, "warning")
    elif old:
        message = f"the policy {code(policy.name)} asks for `oldObject`; here every object is judged as a new one"
        yield Problem("not-evaluated", policy.span(old[0]), message, IN_CLUSTER, "warning")


def _expressions(policy: Document) -> Iterator[tuple[Path, str]]:
    for field in ("matchConditions", "variables", "validations"):
        for path, one in maps_at(policy.body, "spec", field):
            for key in ("expression", "messageExpression"):
                if text := text_at(one, key):
                    yield ("spec", *path[1:], key), text


def _of_expression(policy: Document, path: Path, expression: str) -> Iterator[Problem]:
    try:
        cel.program(expression, (*NAMES, "variables"))
    except cel.MalformedError as error:
        message = f"the policy {code(policy.name)} has an expression that is none: {error}"
        yield Problem("bad-policy", policy.span(path), message, "the API server would refuse the policy")
    except cel.UnevaluableError as error:
        message = f"the policy {code(policy.name)} has an expression that cannot be evaluated here: {error}"
        yield Problem("not-evaluated", policy.span(path), message, IN_CLUSTER, "warning")


def _of_binding(binding: Document, policies: Policies) -> Iterator[Problem]:
    name = text_at(binding.body, "spec", "policyName")
    where = binding.span(("spec", "policyName"))
    if name not in policies.policies:
        message = f"{code(binding.name)} binds the policy {code(name)}, which no file has"
        help_ = did_you_mean(name, policies.policies) or "add the policy, or leave the binding out"
        yield Problem("unknown-policy", where, message, help_)
    elif not list_at(binding.body, "spec", "validationActions"):
        message = f"{code(binding.name)} has no `validationActions`"
        yield Problem("bad-policy", binding.span(("spec",)), message, "write `validationActions: [Deny]`")
    elif map_at(binding.body, "spec", "paramRef") and not map_at(policies.policies[name].body, "spec", "paramKind"):
        message = f"{code(binding.name)} refers to parameters, and the policy {code(name)} takes none"
        yield Problem("policy-without-effect", binding.span(("spec", "paramRef")), message, "", "warning")
