"""Everything that a schema refused in an object -> the faults, each cause told once.

A shape comes first, and the API server's own rules after it: where a value has the wrong type, or a field is unknown
or missing, what a rule has against the same place follows from that.
"""

from collections.abc import Iterator, Sequence

from mlgen.kubernetes import hardened, refusal
from mlgen.kubernetes.refusal import Refusal
from mlgen.node import Path
from mlgen.problem import Fault

LACKING = frozenset(("required", "anyOf", "oneOf"))


def told(refusals: Sequence[Refusal]) -> Iterator[Fault]:
    """Yield the faults of all refusals of one object; of several by one rule at one place, the first."""
    ours = [one for one in refusals if one.ours]
    shapes = [one for one in refusals if not one.ours]
    for one in shapes:
        yield from refusal.faults(one)
    mistyped = {one.path for one in shapes if one.keyword in ("type", "oneOf", "enum", "minimum", "maximum")}
    mistyped |= {(*one.path, field) for one in shapes for field in one.unexpected}
    unknown = {one.path for one in shapes if one.unexpected}
    missing = {(*one.path, one.missing) for one in shapes if one.missing}
    seen: set[tuple[Path, str, str]] = set()
    for one in ours:
        lacking = one.keyword in LACKING and (one.path in unknown or (*one.path, one.missing) in missing)
        for fault in () if lacking or one.path in mistyped else hardened.faults(one):
            key = (fault.path, fault.rule, one.missing)
            if key not in seen:
                seen.add(key)
                yield fault
