"""What a validator refuses -> problems in words: one a cause, each with its place and how to mend it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType

from mlgen.faults.alternatives import alternatives, contradiction
from mlgen.faults.case import Case, Fault
from mlgen.faults.indent import outdented
from mlgen.faults.keys import forbidden, missing, unexpected
from mlgen.faults.values import not_allowed, out_of_range, repeated, wrong_form, wrong_name, wrong_size, wrong_type
from mlgen.node import Node, Path
from mlgen.problem import Problem
from mlgen.schema.contract import Schema

Words = Callable[[Case], Iterator[Problem | Fault]]

# In the order in which one tells more than the next about one value: what has the wrong type has no right length.
VALUES: Mapping[str, Words] = MappingProxyType(
    {
        "type": wrong_type,
        "enum": not_allowed,
        "const": not_allowed,
        "pattern": wrong_form,
        "format": wrong_form,
        "minLength": wrong_size,
        "maxLength": wrong_size,
        "minimum": out_of_range,
        "exclusiveMinimum": out_of_range,
        "maximum": out_of_range,
        "exclusiveMaximum": out_of_range,
        "multipleOf": out_of_range,
    }
)
STRUCTURE: Mapping[str, Words] = MappingProxyType(
    {
        "anyOf": alternatives,
        "oneOf": alternatives,
        "additionalProperties": unexpected,
        "falseSchema": forbidden,
        "required": missing,
        "propertyNames": wrong_name,
        "not": contradiction,
        "minItems": wrong_size,
        "maxItems": wrong_size,
        "minProperties": wrong_size,
        "maxProperties": wrong_size,
        "uniqueItems": repeated,
    }
)
RANK = MappingProxyType({keyword: rank for rank, keyword in enumerate(VALUES)})


def explain(faults: Iterable[Fault], root: Node, schema: Schema) -> Iterator[Problem]:
    """Problems for all ``faults`` that a validator found in ``root`` by ``schema``, each said once."""
    problems, rest = outdented(Case(root, schema, fault) for fault in faults)
    said = {problem[:3]: problem for problem in problems}
    for fault in _telling(rest):
        words = VALUES.get(fault.keyword) or STRUCTURE.get(fault.keyword, wrong_form)
        outcome = list(words(Case(root, schema, fault)))
        found = [item for item in outcome if isinstance(item, Problem)]
        found += explain([item for item in outcome if isinstance(item, Fault)], root, schema)
        for problem in found:  # several shapes can refuse one thing for one reason: the first knows best how to mend it
            said.setdefault(problem[:3], problem)
    yield from said.values()


def _telling(faults: list[Fault]) -> list[Fault]:
    """Of several faults of one value the one that says most; of a value of the wrong type nothing else."""
    best: dict[Path, int] = {}
    for fault in faults:
        best[fault.path] = min(best.get(fault.path, len(RANK)), RANK.get(fault.keyword, len(RANK)))
    return [
        fault
        for fault in faults
        if RANK.get(fault.keyword, len(RANK)) == best[fault.path] or (fault.keyword in STRUCTURE and best[fault.path])
    ]
