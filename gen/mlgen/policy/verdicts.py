"""The policies that a cluster enforces and the objects that are meant for it -> what they would refuse.

Source: https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/ and
apiserver/pkg/admission/plugin/policy/validating.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any, NamedTuple

from mlgen import cel
from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.node import Path
from mlgen.policy.admitted import admitted
from mlgen.policy.documents import Document, Policies
from mlgen.policy.expressions import data, value, variables_of
from mlgen.policy.matching import Request, matches
from mlgen.policy.naming import named
from mlgen.policy.parameters import parameters
from mlgen.problem import Fault, Finding, Severity

NAME: Path = ("metadata", "name")
POLICIES = "ValidatingAdmissionPolicy"  # no policy judges policies and their bindings
LONGEST = 5 * 1024


class _Case(NamedTuple):
    """A policy in force, and one object."""

    policy: Document
    binding: Document
    subject: int
    request: Request
    data: Mapping[str, Any]

    @property
    def variables(self) -> Mapping[str, str]:
        return variables_of(self.policy.body)

    def value(self, expression: str, *, variables: bool = True) -> Any:
        return value(expression, self.variables if variables else {}, self.data, self.request)


def check(objects: Gathered, setting: Setting, broken: Collection[int]) -> Iterator[Finding]:
    """Yield what the policies of ``setting`` have against the objects, but for those that are ``broken`` already.

    What cannot be evaluated is said once for each policy and reason, at the first object that it is about.
    """
    policies = setting.policies
    if not policies.policies:
        return
    said: set[tuple[str, str]] = set()
    for subject, body in enumerate(objects.bodies):
        if subject not in broken and not text_at(body, "kind").startswith(POLICIES):
            for finding in _about(subject, body, objects, setting):
                unknown = finding.fault.rule == "not-evaluated"
                key = (finding.fault.message, str(finding.beside)) if unknown else (str(subject), str(finding.fault))
                if key not in said:
                    said.add(key)
                    yield finding


def _about(subject: int, body: Body, objects: Gathered, setting: Setting) -> Iterator[Finding]:
    request = _request(body, objects, setting)
    whole: Any = None
    for policy in setting.policies.policies.values():
        for binding in setting.policies.bound(policy.name):
            meant = (
                matches(map_at(policy.body, "spec", "matchConstraints"), request),
                matches(map_at(binding.body, "spec", "matchResources"), request),
            )
            if False in meant:
                continue
            whole = admitted(body) if whole is None else whole
            case = _Case(policy, binding, subject, request, data(request, whole, None))
            if None in meant:
                why = f"which labels the namespace `{request.namespace_name}` has is known in the cluster only"
                yield _unknown(case, why, ("spec",))
            else:
                yield from _with_parameters(case, setting.policies)


def _request(body: Body, objects: Gathered, setting: Setting) -> Request:
    request = Request(body, named(body, setting.imported.plurals), "CREATE", None)
    number = objects.find("Namespace", request.namespace_name, "") if request.namespace_name else None
    return request._replace(namespace=objects.bodies[number]) if number is not None else request


def _with_parameters(case: _Case, policies: Policies) -> Iterator[Finding]:
    chosen = parameters(case.policy, case.binding, case.request, policies)
    if chosen.missing:
        yield from _failed(case, chosen.missing, ("spec", "paramKind"))
    for one in chosen.found:
        yield from _judged(case._replace(data={**case.data, "params": one}))


def _judged(case: _Case) -> Iterator[Finding]:
    """The verdict of one policy with one parameter object."""
    for path, condition in maps_at(case.policy.body, "spec", "matchConditions"):
        try:
            if case.value(text_at(condition, "expression"), variables=False) is not True:
                return
        except cel.FailedError as error:
            yield from _failed(case, f"a match condition ends with an error: {error}", path)
            return
        except cel.UnevaluableError as error:
            yield _unknown(case, str(error), path)
            return
        except cel.MalformedError:  # `mlgen.policy.offered` has said so, where the policy does
            return
    for path, validation in maps_at(case.policy.body, "spec", "validations"):
        yield from _validated(case, validation, path)


def _validated(case: _Case, validation: Body, path: Path) -> Iterator[Finding]:
    try:
        if case.value(text_at(validation, "expression")) is not True:
            yield from _refused(case, _message(case, validation), path)
    except cel.FailedError as error:
        yield from _failed(case, f"an expression ends with an error: {error}", path)
    except cel.UnevaluableError as error:
        yield _unknown(case, str(error), path)
    except cel.MalformedError:
        return  # as above


def _message(case: _Case, validation: Body) -> str:
    """What the policy's author wants to be said. Of a Secret nothing that is computed: it could hold a value."""
    expression = text_at(validation, "messageExpression")
    if expression and case.request.named.kind != "Secret":
        try:
            said = case.value(expression)
        except (cel.FailedError, cel.UnevaluableError, cel.MalformedError):
            said = ""
        if isinstance(said, str) and said.strip() and "\n" not in said and len(said) <= LONGEST:
            return said.strip()
    expression = " ".join(text_at(validation, "expression").split())
    return text_at(validation, "message").strip() or f"`{expression[:200]}` is not so"


def _failed(case: _Case, why: str, path: Path) -> Iterator[Finding]:
    """An error of the policy itself refuses too, unless the policy says that it is to be ignored."""
    if case.policy.body.get("spec") and map_at(case.policy.body, "spec").get("failurePolicy") != "Ignore":
        yield from _refused(case, why, path)


def _refused(case: _Case, message: str, path: Path) -> Iterator[Finding]:
    actions = [str(one) for one in list_at(case.binding.body, "spec", "validationActions")]
    said = " ".join(message.split())[:400].rstrip(".")
    policy = code(case.policy.name)
    if "Deny" in actions:
        yield _finding(case, Fault(NAME, "policy", f"the policy {policy} refuses this: {said}"), path)
    elif "Warn" in actions:
        yield _finding(case, Fault(NAME, "policy", f"the policy {policy} warns: {said}", "", "warning"), path)
    elif "Audit" in actions:
        message = f"the policy {policy} notes this in the audit log: {said}"
        yield _finding(case, Fault(NAME, "policy", message, "", "warning"), path)


def _unknown(case: _Case, why: str, path: Path) -> Finding:
    message = f"the policy {code(case.policy.name)} cannot be evaluated here: {why}"
    severity: Severity = "warning"
    return _finding(case, Fault(NAME, "not-evaluated", message, "the cluster will say", severity), path)


def _finding(case: _Case, fault: Fault, path: Path) -> Finding:
    return Finding(case.subject, fault, beside=((case.policy.span(path), "the policy says so here"),))
