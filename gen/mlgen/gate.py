"""Objects and where they are meant to go -> everything that would refuse them there, and what ought not to be so.

The order is that of what meets an object on its way: its schema, the API server, the operators, the objects that it
refers to, good practice.
"""

from collections.abc import Iterator, Sequence

from mlgen import apiserver, crd, kubernetes, links, operators, practice
from mlgen.body import Body
from mlgen.gathered import Gathered, Setting
from mlgen.problem import Fault, Finding


def check(bodies: Sequence[Body], setting: Setting) -> Iterator[Finding]:
    """Yield every fault of ``bodies``: plain JSON objects, of whatever shape.

    A fault of an object's own is an error. Without an environment in ``setting``, good practice and references that
    something else may satisfy are warnings.
    """
    broken: set[int] = set()
    for number, body in enumerate(bodies):
        for fault in dict.fromkeys(_alone(body, setting)):
            broken |= {number} if fault.severity == "error" else set()
            yield Finding(number, fault)
    objects = Gathered(bodies)
    for finding in (*links.check(objects, setting), *practice.check(objects, setting)):
        lenient = setting.offer is None
        yield finding._replace(fault=finding.fault._replace(severity="warning")) if lenient else finding
    if setting.policies.documents:
        from mlgen.policy import verdicts  # CEL, which most platforms do without

        yield from verdicts.check(objects, setting, broken)


def _alone(body: Body, setting: Setting) -> Iterator[Fault]:
    """The schema that the platform repository imported is the cluster's own, so it is asked before mlgen's."""
    known = setting.imported.find(body.get("apiVersion"), body.get("kind"), setting.minor)
    for fault in crd.check(body, known) if known is not None else kubernetes.check(body, setting.minor):
        unchecked = fault.rule == "no-schema" and setting.offer is None
        yield fault._replace(severity="warning") if unchecked else fault
    yield from apiserver.check(body)
    yield from operators.check(body)
