"""What a Job does about a failed pod, in a way that cannot work."""

from collections.abc import Iterator

from mlgen.batch import jobs
from mlgen.body import Body, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="pod-failure-policy",
    title="A failure or success policy of a Job that cannot work",
    why="The API server refuses the Job. Exit codes are those of containers that exist, each once and in order, and "
    "indexes those that the Job has.",
    bad="podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [42, 1]}}]}",
    good="podFailurePolicy: {rules: [{action: FailJob, onExitCodes: {operator: In, values: [1, 42]}}]}",
    source="kubernetes/pkg/apis/batch/validation: validatePodFailurePolicy, validateSuccessPolicy; KEP-3329, KEP-3998",
)


def check(body: Body) -> Iterator[Fault]:
    """The policies of every Job that the object makes."""
    for path, spec in jobs(body):
        if isinstance(spec.get("podFailurePolicy"), dict):
            yield from _failure(path, spec)
        if isinstance(spec.get("successPolicy"), dict) and spec.get("completionMode") == "Indexed":
            for where, rule in maps_at(spec, "successPolicy", "rules"):
                yield from _success((*path, *where), rule, spec.get("completions"))


def _failure(path: Path, spec: Body) -> Iterator[Fault]:
    pod = map_at(spec, "template", "spec")
    names = [text_at(one, "name") for kind in ("containers", "initContainers") for _, one in maps_at(pod, kind)]
    for where, rule in maps_at(spec, "podFailurePolicy", "rules"):
        if rule.get("action") == "FailIndex" and spec.get("backoffLimitPerIndex") is None:
            message = "`FailIndex` needs `backoffLimitPerIndex`"
            yield Fault((*path, *where, "action"), RULE.id, message, "add it to the Job")
        yield from _exit_codes((*path, *where, "onExitCodes"), map_at(rule, "onExitCodes"), names)


def _exit_codes(path: Path, codes: Body, names: list[str]) -> Iterator[Fault]:
    name = text_at(codes, "containerName")
    if name and name not in names:
        where = (*path, "containerName")
        yield Fault(where, RULE.id, f"the pod has no container {code(name)}", did_you_mean(name, names))
    values = [value if isinstance(value, int) else -1 for value in list_at(codes, "values")]
    for index, value in enumerate(values):
        where = (*path, "values", index)
        if value in values[:index]:
            yield Fault(where, RULE.id, f"{code(value)} is in the list already", "take it away")
    failures = [value for value in values if value]
    if failures != sorted(failures):
        yield Fault((*path, "values"), RULE.id, "exit codes stand in order", f"write `{sorted(set(failures))}`")


def _success(path: Path, rule: Body, completions: object) -> Iterator[Fault]:
    if not isinstance(completions, int):
        return
    count, indexes = rule.get("succeededCount"), rule.get("succeededIndexes")
    total = completions
    if isinstance(indexes, str) and indexes:
        total, wrong = _indexes(indexes, completions)
        if wrong:
            hint = "write numbers and ranges in order: `0,2-4`"
            yield Fault((*path, "succeededIndexes"), RULE.id, f"{code(indexes)} {wrong}", hint)
            return
    if isinstance(count, int) and count > total:
        message = f"{code(count)} is more than the {total} indexes that may succeed"
        yield Fault((*path, "succeededCount"), RULE.id, message, "lower it")


def _indexes(text: str, completions: int) -> tuple[int, str]:
    """How many indexes `0,2-4` has, and what is wrong with it.

    Source: batch/validation: validateIndexesFormat, parseIndexInterval.
    """
    total, last = 0, -1
    for part in text.split(","):
        ends = part.split("-")
        if len(ends) > 2 or not all(end.isascii() and end.isdigit() and len(end) < 10 for end in ends):
            return 0, "is no list of indexes"
        low, high = int(ends[0]), int(ends[-1])
        if high >= completions:
            return 0, f"has an index beyond the last one, {completions - 1}"
        if low <= last or (len(ends) == 2 and low >= high):
            return 0, "is not in order"
        total, last = total + high - low + 1, high
    return total, ""
