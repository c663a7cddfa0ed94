"""The workloads of a project ask for more than their environment's quota."""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from mlgen.demand import Demand, demand
from mlgen.node import Node
from mlgen.problem import Problem, Span
from mlgen.quantity import amount, cores
from mlgen.rules.rule import Rule
from mlgen.site import Workload
from mlgen.trace import said

RULE = Rule(
    id="over-quota",
    title="The workloads of a project ask for more than the environment's quota",
    why="The API server refuses the pods for which nothing is left, and whoever starts last waits without a word.",
    bad="resources: {cpu: 80, memory: 32Gi}            # and the environment says `quota: {cpu: 64}`",
    good="resources: {cpu: 48, memory: 32Gi}",
    source="kubernetes.io, concepts/policy/resource-quotas",
)
FEW = 3
GIB = 2**30

Share = Callable[[Demand], Fraction]


class Limit(NamedTuple):
    """One number of the quota, the key that asks for it, what a workload asks, and how amounts of it are said."""

    node: Node
    key: str
    most: Fraction
    share: Share
    words: Callable[[Fraction], str]


def check(workloads: Sequence[Workload]) -> Iterator[Problem]:
    """Everything that may run at once, against each number of the quota: a lower bound, for rollouts come on top."""
    if not workloads:
        return
    offer = workloads[0].site.offer
    found = [(workload, demand(workload.spec)) for workload in workloads]
    for limit in _limits(offer):
        shares = sorted(
            ((limit.share(asked), workload) for workload, asked in found), key=lambda pair: pair[0], reverse=True
        )
        total = sum((share for share, _ in shares), Fraction(0))
        if total > limit.most:
            yield _problem(limit, shares, total, said(offer["name"]))


def _limits(offer: Node) -> Iterator[Limit]:
    quota = offer.get("quota")
    cpu, memory = (quota.get("cpu"), quota.get("memory")) if quota is not None else (None, None)
    if cpu is not None:
        yield Limit(cpu, "cpu", cores(said(cpu)), lambda asked: asked.cpu, _processors)
    if memory is not None:
        yield Limit(memory, "memory", amount(said(memory)), lambda asked: asked.memory, _memory)
    gpus = offer.find("quota", "gpu")
    for name, node in gpus.entries.items() if gpus is not None else ():
        if offer.find("gpus", name) is not None:
            yield _gpu_limit(name, node, offer)


def _gpu_limit(name: str, node: Node, offer: Node) -> Limit:
    """Kubernetes counts resources, not classes: those that share one count together."""
    resource = said(offer["gpus"][name]["resource"])
    alike = [other for other, gpu in offer["gpus"].entries.items() if said(gpu["resource"]) == resource]
    classes = f"class `{name}`" if len(alike) == 1 else f"`{resource}`"
    return Limit(
        node,
        "gpu",
        Fraction(said(node)),
        lambda asked: Fraction(sum(count for other, count in asked.gpus.items() if other in alike)),
        lambda count: f"{_number(count)} GPU{'' if count == 1 else 's'} of {classes}",
    )


def _problem(limit: Limit, shares: Sequence[tuple[Fraction, Workload]], total: Fraction, environment: str) -> Problem:
    asking = [(share, workload) for share, workload in shares if share]
    first = asking[0][1]
    if len(asking) == 1:
        message = f"`{first.name}` asks for {limit.words(total)}"
    else:
        parts = ", ".join(f"`{workload.name}` for {limit.words(share).split()[0]}" for share, workload in asking[:FEW])
        more = f" and {len(asking) - FEW} more" if len(asking) > FEW else ""
        message = f"all that runs at once asks for {limit.words(total)} ({parts}{more})"
    quota = limit.words(limit.most).split()[0]
    return Problem(
        RULE.id,
        _place(first, limit.key),
        f"{message}, and the quota is {quota} in `{environment}`",
        f"ask for less under `environments: {{{environment}: ...}}`, or have the quota raised",
        related=((limit.node.span, "the quota"),),
    )


def _place(workload: Workload, key: str) -> Span:
    """Where the workload asks, if somebody wrote that."""
    for part in ("resources", "executors"):
        asked = workload.spec.find(part, key)
        if asked is not None and asked.span.file.endswith(".yaml"):
            return asked.span
    return workload.key.span


def _processors(count: Fraction) -> str:
    return f"{_number(count)} processor{'' if count == 1 else 's'}"


def _memory(size: Fraction) -> str:
    return f"{_number(size / GIB)}Gi of memory"


def _number(value: Fraction) -> str:
    """As people write it: 2, 0.5, 12.3."""
    return f"{float(value):.2f}".rstrip("0").rstrip(".")
