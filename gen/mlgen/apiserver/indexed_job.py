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
    title="An indexed Job of more indexes than it can have",
    why="The API server refuses the Job. No more indexes can fail than there are; of more than 100,000, retries by "
    "index are bounded; and the name is part of the pods' host names, which have no dots.",
    bad="completionMode: Indexed\ncompletions: 8\nbackoffLimitPerIndex: 1\nmaxFailedIndexes: 10",
    good="completionMode: Indexed\ncompletions: 8\nbackoffLimitPerIndex: 1\nmaxFailedIndexes: 4",
    source="kubernetes/pkg/apis/batch/validation: validateJobSpec, ValidateJob; KEP-3850",
)
MANY = 100_000  # completions, from which on retries by index are bounded
MOST_OF_MANY = 10_000  # pods at once, and indexes that may fail


def check(body: Body) -> Iterator[Fault]:
    """Every Job that the object makes."""
    for path, spec in jobs(body):
        if spec.get("completionMode") == "Indexed":
            yield from _indexed(path, spec)
            yield from _name(body, spec)


def _indexed(path: Path, spec: Body) -> Iterator[Fault]:
    completions, pods = number_at(spec, "completions"), number_at(spec, "parallelism")
    failed = number_at(spec, "maxFailedIndexes")
    many = (completions or 0) > MANY and spec.get("backoffLimitPerIndex") is not None
    most_pods, most_failed = MOST_OF_MANY, MOST_OF_MANY if many else MANY
    if many and pods is not None and pods > most_pods:
        message = f"an indexed Job runs at most {most_pods:,} pods at once"
        yield Fault((*path, "parallelism"), RULE.id, message, "lower it")
    if failed is not None and failed > min(most_failed, most_failed if completions is None else completions):
        message = f"{code(failed)} is more than the indexes there are, or more than {most_failed:,}"
        yield Fault((*path, "maxFailedIndexes"), RULE.id, message, "lower it")
    if many and failed is None:
        message = f"retries by index of more than {MANY:,} completions need `maxFailedIndexes`"
        yield Fault((*path, "backoffLimitPerIndex"), RULE.id, message, "add `maxFailedIndexes`")


def _name(body: Body, spec: Body) -> Iterator[Fault]:
    """What is too long for a host name, the rule about names says."""
    name = text_at(body, "metadata", "name")
    if at(body, "kind") == "Job" and number_at(spec, "completions") and "." in name:
        message = f"{code(name)} would be part of its pods' host names, which have no dots"
        yield Fault(("metadata", "name"), RULE.id, message, f"write {code(name.replace('.', '-'))}")
