"""Environments on two clusters that Argo CD sends to one."""

from collections.abc import Iterator, Mapping

from mlgen.node import Node
from mlgen.platform import BASE
from mlgen.pointers.argocd import LOCAL
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.trace import said

RULE = Rule(
    id="one-destination",
    title="Environments on two clusters that Argo CD sends to one",
    why="What two environments on one cluster would both write is an error; of two clusters nobody looks at that, and "
    "in the one that both go to, they take each other's objects.",
    bad="cluster: aks-east\ngitops: {engine: argocd, destination: https://aks-west.example.com, ...}   # prod's",
    good="cluster: aks-east\ngitops: {engine: argocd, destination: https://aks-east.example.com, ...}",
)


def check(environments: Mapping[str, Node]) -> Iterator[Problem]:
    """Each destination that is said to be another cluster than where it was said first. Its own is each Argo CD's."""
    first: dict[tuple[str, str], Node] = {}
    for name, environment in environments.items():
        destination = environment.find("gitops", "destination")
        if name == BASE or "cluster" not in environment or destination is None or said(destination) in LOCAL:
            continue
        key = said(environment["gitops"]["namespace"]), said(destination)
        other = first.setdefault(key, environment)
        clusters = [said(one["cluster"]) for one in (other, environment)]
        if clusters[0] != clusters[1]:
            message = (
                f"`{name}` is on the cluster `{clusters[1]}`, and `{said(other['name'])}`, on `{clusters[0]}`, "
                "has the same destination"
            )
            hint = "correct the destination, or give both environments one `cluster`"
            there = other["gitops"]["destination"].span
            related = ((there, "the same destination"),) if there != destination.span else ()
            yield Problem(RULE.id, destination.span, message, hint, related=related)
