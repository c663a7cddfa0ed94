"""A Job whose pods have numbers, and what depends on that."""

from collections.abc import Iterator

from mlgen.batch import jobs
from mlgen.body import Body, at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="indexed-job",
    title="A Job needs indexes, or has too many",
    why="The API server refuses the Job. `Indexed` needs a number of completions; `backoffLimitPerIndex`, "
    "`maxFailedIndexes` and `successPolicy` need `Indexed`; and the last pod's host name, the Job's name with the "
    "index, has 63 characters at most.",
    bad="completionMode: Indexed",
    good="completionMode: Indexed\ncompletions: 8",
    source="kubernetes/pkg/apis/batch/validation: validateJobSpec, ValidateJob",
)
NEED_INDEXES = ("backoffLimitPerIndex", "maxFailedIndexes", "successPolicy")
MOST_PODS = MOST_FAILED = 100_000
MANY = 100_000  # completions, from which on retries by index are bounded
MOST_PODS_OF_MANY = MOST_FAILED_OF_MANY = 10_000
LONGEST_NAME = 63


def check(body: Body) -> Iterator[Fault]:
    """Every Job that the object makes."""
    for path, spec in jobs(body):
        if spec.get("maxFailedIndexes") is not None and spec.get("backoffLimitPerIndex") is None:
            message = "`maxFailedIndexes` needs `backoffLimitPerIndex`"
            yield Fault((*path, "maxFailedIndexes"), RULE.id, message, "add it, or take this away")
        if spec.get("completionMode") == "Indexed":
            yield from _indexed(path, spec)
            yield from _name(body, spec)
        elif spec.get("completionMode") in (None, "NonIndexed"):
            for field in NEED_INDEXES:
                if spec.get(field) is not None:
                    message = f"{code(field)} needs `completionMode: Indexed`"
                    yield Fault((*path, field), RULE.id, message, "add it, or take this away")


def _indexed(path: Path, spec: Body) -> Iterator[Fault]:
    completions, pods = number_at(spec, "completions"), number_at(spec, "parallelism")
    failed = number_at(spec, "maxFailedIndexes")
    many = (completions or 0) > MANY and spec.get("backoffLimitPerIndex") is not None
    most_pods, most_failed = (MOST_PODS_OF_MANY, MOST_FAILED_OF_MANY) if many else (MOST_PODS, MOST_FAILED)
    if spec.get("completions") is None:
        message = "`Indexed` needs `completions`, the number of indexes"
        yield Fault((*path, "completionMode"), RULE.id, message, "add `completions`")
    if pods is not None and pods > most_pods:
        message = f"an indexed Job runs at most {most_pods:,} pods at once"
        yield Fault((*path, "parallelism"), RULE.id, message, "lower it")
    if failed is not None and failed > min(most_failed, most_failed if completions is None else completions):
        message = f"{code(failed)} is more than the indexes there are, or more than {most_failed:,}"
        yield Fault((*path, "maxFailedIndexes"), RULE.id, message, "lower it")
    if many and failed is None:
        message = f"retries by index of more than {MANY:,} completions need `maxFailedIndexes`"
        yield Fault((*path, "backoffLimitPerIndex"), RULE.id, message, "add `maxFailedIndexes`")


def _name(body: Body, spec: Body) -> Iterator[Fault]:
    name, completions = text_at(body, "metadata", "name"), number_at(spec, "completions")
    if at(body, "kind") == "Job" and completions and completions > 0:
        host = f"{name}-{completions - 1}"
        if len(host) > LONGEST_NAME or "." in name:
            message = f"the last pod's host name would be {code(host)}"
            hint = f"choose a name without dots of at most {LONGEST_NAME - len(host) + len(name)} characters"
            yield Fault(("metadata", "name"), RULE.id, message, hint)
