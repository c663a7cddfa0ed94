"""A ConfigMap has a key as text and as bytes."""

from collections.abc import Iterator

from mlgen.body import Body, map_at
from mlgen.faults.case import code
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="key-in-both",
    title="A key of a ConfigMap stands in data and in binaryData",
    why="The API server refuses it: both would be one file.",
    bad="data: {vocab.txt: a}\nbinaryData: {vocab.txt: YQ==}",
    good="binaryData: {vocab.txt: YQ==}",
    source="kubernetes/pkg/apis/core/validation: ValidateConfigMap",
)


def check(body: Body) -> Iterator[Fault]:
    """Keys of both."""
    binary = map_at(body, "binaryData")
    if binary:
        for key in map_at(body, "data"):
            if key in binary:
                message = f"{code(key)} is in `binaryData` too"
                yield Fault(("data", key), RULE.id, message, "keep one of the two")
