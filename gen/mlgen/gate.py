"""Objects and where they are meant to go -> everything that would refuse them there, and what ought not to be so.

The order is that of what meets an object on its way: its schema, the API server, the operators, the objects that it
refers to, good practice.
"""

from collections.abc import Collection, Iterator, Sequence

from mlgen import apiserver, kubernetes, links, operators, practice
from mlgen.body import Body, at
from mlgen.gathered import Gathered, Setting
from mlgen.node import Path
from mlgen.problem import Fault, Finding


def check(bodies: Sequence[Body], setting: Setting) -> Iterator[Finding]:
    """Yield every fault of ``bodies``: plain JSON objects, of whatever shape.

    What an object or its neighbours refuse is an error. Without an environment in ``setting``, good practice is a
    warning, and so is a reference that something elsewhere may satisfy. Where an object is wrong by itself, nothing
    else is said of the same place: it would only follow from that.
    """
    wrong: set[tuple[int, Path]] = set()
    for number, body in enumerate(bodies):
        for fault in alone(body, setting):
            wrong.add((number, fault.path))
            yield Finding(number, fault)
    yield from together(bodies, setting, wrong)


def alone(body: Body, setting: Setting) -> Iterator[Fault]:
    """Yield what is wrong with an object whatever stands beside it, each fault once."""
    yield from dict.fromkeys(_alone(body, setting))


def together(bodies: Sequence[Body], setting: Setting, wrong: Collection[tuple[int, Path]]) -> Iterator[Finding]:
    """Yield what is wrong between ``bodies``, and what ought not to be so; nothing of the places that are ``wrong``."""
    for finding in _together(Gathered(bodies), setting):
        if (finding.subject, finding.fault.path) not in wrong:
            yield finding


def _together(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    for finding in links.check(objects, setting):
        lenient = setting.offer is None and finding.fault.rule in links.ELSEWHERE
        yield _warning(finding) if lenient else finding
    for finding in practice.check(objects, setting):
        yield _warning(finding) if setting.offer is None else finding


def _warning(finding: Finding) -> Finding:
    return finding._replace(fault=finding.fault._replace(severity="warning"))


def _alone(body: Body, setting: Setting) -> Iterator[Fault]:
    refused = list(kubernetes.check(body, setting.minor, setting.operators))
    yield from refused
    told = {fault.path for fault in refused if not isinstance(at(body, *fault.path), dict)}
    # One cause, one problem: a value that the schema refuses is asked nothing further.
    yield from (fault for fault in apiserver.check(body) if fault.path not in told)
    yield from operators.check(body)
