"""A JobSet that its webhook refuses."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.label import LONGEST
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="job-set",
    title="A JobSet that its webhook refuses",
    why="Jobs and pods are called after the JobSet, the job in it and their numbers, in 63 characters; what names a "
    "job has to name one that is there.",
    bad="replicatedJobs: [{name: worker, ...}]\nsuccessPolicy: {operator: All, targetReplicatedJobs: [chief]}",
    good="replicatedJobs: [{name: chief, ...}]\nsuccessPolicy: {operator: All, targetReplicatedJobs: [chief]}",
    source="jobset v0.12, pkg/webhooks/jobset_webhook.go: ValidateCreate, validateFailurePolicy, validateCoordinator",
)


def check(body: Body) -> Iterator[Fault]:
    """Names, references, order."""
    spec, owner = map_at(body, "spec"), text_at(body, "metadata", "name")
    names: list[str] = []
    for number, (path, job) in enumerate(maps_at(spec, "replicatedJobs")):
        name, where = text_at(job, "name"), ("spec", *path)
        if name in names:
            yield Fault((*where, "name"), RULE.id, f"two jobs are called {code(name)}", "rename one of the two")
        if number == 0 and job.get("dependsOn"):
            yield Fault((*where, "dependsOn"), RULE.id, "the first job has none before it", "move the job down")
        for place, one in maps_at(job, "dependsOn") if number else ():
            wanted = text_at(one, "name")
            if wanted and wanted not in names:
                message = f"no job before this one is called {code(wanted)}"
                yield Fault((*where, *place, "name"), RULE.id, message, did_you_mean(wanted, names))
        names.append(name)
        if name and owner and len(longest := _longest(owner, name, job)) > LONGEST:
            message = f"this job makes {code(longest, 80)}: {len(longest)} characters, and {LONGEST} are allowed"
            yield Fault((*where, "name"), RULE.id, message, "choose a shorter name here, or for the JobSet")
    ordered = text_at(spec, "startupPolicy", "startupPolicyOrder") == "InOrder"
    if ordered and any(job.get("dependsOn") for _, job in maps_at(spec, "replicatedJobs")):
        message = "`InOrder` and `dependsOn` both say what comes first"
        yield Fault(("spec", "startupPolicy", "startupPolicyOrder"), RULE.id, message, "keep one of the two")
    yield from _named(spec, names)


def _longest(owner: str, name: str, job: Body) -> str:
    """The name of the last Job, or of its last pod where pods are numbered."""
    replicas, template = number_at(job, "replicas"), map_at(job, "template", "spec")
    made = f"{owner}-{name}-{max((1 if replicas is None else replicas) - 1, 0)}"
    completions = number_at(template, "completions")
    if template.get("completionMode", "Indexed") == "Indexed" and completions is not None:
        return f"{made}-{max(completions - 1, 0)}-abcde"
    return made


def _named(spec: Body, names: list[str]) -> Iterator[Fault]:
    targets: list[Path] = [("successPolicy", "targetReplicatedJobs")]
    rules = [path for path, _ in maps_at(spec, "failurePolicy", "rules")]
    targets += [(*path, "targetReplicatedJobs") for path in rules]
    for path in targets:
        for index, wanted in enumerate(list_at(spec, *path)):
            if isinstance(wanted, str) and wanted not in names:
                message = f"no job is called {code(wanted)}"
                yield Fault(("spec", *path, index), RULE.id, message, did_you_mean(wanted, names))
    coordinator = text_at(spec, "coordinator", "replicatedJob")
    if coordinator and coordinator not in names:
        where = ("spec", "coordinator", "replicatedJob")
        yield Fault(where, RULE.id, f"no job is called {code(coordinator)}", did_you_mean(coordinator, names))
    said = [text_at(rule, "name") for _, rule in maps_at(spec, "failurePolicy", "rules")]
    for path, name in zip(rules, said, strict=True):
        if name and said.count(name) > 1:
            yield Fault(("spec", *path, "name"), RULE.id, f"two rules are called {code(name)}", "rename one of the two")
            return
