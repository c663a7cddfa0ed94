"""A destination that has the form of an address, and is none."""

from collections.abc import Iterator

from mlgen.beside import egress, network
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload

RULE = Rule(
    id=egress.RULE_ID,
    title="An address that is none",
    why="The API server refuses the network policy, and without it the pods reach nothing.",
    bad='egress: ["10.0.0.7/16:5432"]',
    good='egress: ["10.0.0.0/16:5432"]            # or 10.0.0.7:5432, one machine alone',
    source="kubernetes/pkg/apis/networking/validation (ValidateIPBlock)",
)


def check(workload: Workload) -> Iterator[Problem]:
    """Everything under `egress`, the connections' too, whether the network is closed here or not."""
    yield from egress.problems(network.declared(workload))
