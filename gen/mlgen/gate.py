"""Objects and where they are meant to go -> everything that would refuse them there, and what ought not to be so.

The order is that of what meets an object on its way: its schema, the API server, the operators, the objects that it
refers to, good practice.
"""

from collections.abc import Iterator, Sequence

from mlgen import apiserver, crd, kubernetes, operators, practice
from mlgen.body import Body, at
from mlgen.ciphertext import opened
from mlgen.gathered import Gathered, Setting
from mlgen.problem import Fault, Finding

PRACTICE = frozenset(rule.id for rule in practice.RULES)  # what ought not to be so, and is not refused


def check(bodies: Sequence[Body], setting: Setting) -> Iterator[Finding]:
    """Yield every fault of ``bodies``: plain JSON objects, of whatever shape.

    What an object or its neighbours refuse is an error. Without an environment in ``setting``, good practice is a
    warning, and so is a reference that something elsewhere may satisfy. Where an object is wrong by itself, nothing
    else is said of the same place: it would only follow from that.
    """
    found = [Finding(number, fault) for number, body in enumerate(bodies) for fault in alone(body, setting)]
    yield from found
    yield from together(bodies, setting, found)


def alone(body: Body, setting: Setting) -> Iterator[Fault]:
    """Yield what is wrong with an object whatever stands beside it, and what ought not to be so, each fault once.

    Where an object is wrong, nothing else is said of the same place: it would only follow from that.
    """
    body = opened(body)
    refused = dict.fromkeys(_refused(body, setting))
    yield from refused
    wrong = {fault.path for fault in refused}
    for fault in dict.fromkeys(practice.alone(body, setting)):
        if fault.path not in wrong:
            yield fault if setting.offer is not None else fault._replace(severity="warning")


def together(bodies: Sequence[Body], setting: Setting, found: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what is wrong between ``bodies``, what ought not to be so, and what the cluster's policies refuse.

    Nothing is said of a place of which ``found``, the faults of each alone, says that it is wrong.
    """
    objects = Gathered([opened(body) for body in bodies])
    refused = [finding for finding in found if finding.fault.rule not in PRACTICE]
    wrong = {(finding.subject, finding.fault.path) for finding in refused}
    for finding in _together(objects, setting):
        if (finding.subject, finding.fault.path) not in wrong:
            yield finding
    if setting.policies.documents:
        from mlgen.policy import verdicts  # CEL, which most platforms do without

        broken = {finding.subject for finding in refused if finding.fault.severity == "error"}
        yield from verdicts.check(objects, setting, broken)


def _together(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    from mlgen import links  # a package of rules, which those who judge objects alone do without

    for finding in links.check(objects, setting):
        lenient = setting.offer is None and finding.fault.rule in links.ELSEWHERE
        yield _warning(finding) if lenient else finding
    for finding in practice.together(objects, setting):
        yield _warning(finding) if setting.offer is None else finding


def _warning(finding: Finding) -> Finding:
    return finding._replace(fault=finding.fault._replace(severity="warning"))


def _refused(body: Body, setting: Setting) -> Iterator[Fault]:
    """What the schema, the API server and the operators have against an object."""
    refused = list(_shape(body, setting))
    yield from refused
    told = {fault.path for fault in refused if not isinstance(at(body, *fault.path), dict)}
    # One cause, one problem: a value that the schema refuses is asked nothing further.
    yield from (fault for fault in apiserver.check(body) if fault.path not in told)
    yield from operators.check(body)


def _shape(body: Body, setting: Setting) -> Iterator[Fault]:
    """The schema that the platform repository imported is the cluster's own, so it is asked before mlgen's."""
    known = setting.imported.find(body.get("apiVersion"), body.get("kind"), setting.minor)
    if known is not None:
        yield from crd.check(body, known)
        yield from kubernetes.in_pods(body, setting.minor)
        return
    for fault in kubernetes.check(body, setting.minor, setting.operators):
        unchecked = fault.rule == "no-schema" and setting.offer is None
        yield fault._replace(severity="warning") if unchecked else fault
