"""A pipeline on Argo Workflows -> a WorkflowTemplate whose tasks create the steps' objects, and a CronWorkflow.

3.7 and 4.1 understand the same words: what 4 has removed is not used. A template can be started by hand too:
`argo submit --from workflowtemplate/nightly`, with `-p DATE=2026-11-24` for another day.
"""

from collections.abc import Iterator, Mapping, Sequence

from mlgen import beside, emit
from mlgen.beside.needs import Needs, watching
from mlgen.body import at
from mlgen.node import Json
from mlgen.objects import Object, metadata, named, pod_labels, workload_labels
from mlgen.pipelines import own as owned
from mlgen.pipelines.outcome import conditions
from mlgen.pipelines.step import RUN, Started, mark, marked, value_of
from mlgen.plans import SCHEDULED
from mlgen.problem import MlgenError, Problem, Span
from mlgen.quantity import seconds
from mlgen.site import Pipeline, Workload
from mlgen.trace import Draft, made, said, split

API_VERSION = "argoproj.io/v1alpha1"
A_WEEK = 7 * 24 * 3600
AN_HOUR = 3600
TOLD = "onFailure"  # the name of a template; no workload can have it, for it has a capital
# What the steps' own pods report to the controller by.
REPORTS = {"argoproj.io/workflowtaskresults": ["create", "patch"]}
# As long as that of a run by itself, and another one for each execution and for each attempt.
NAME = "{{=sprig.trunc(10, sprig.sha256sum(workflow.uid + '/' + retries))}}"
# What the schedule meant; of what was started by hand, when that was.
MEANT = "date(workflow.scheduledTime ?? workflow.creationTimestamp.RFC3339).In(timezone('{zone}')).Format('{form}')"
FORMS = {"date": "2006-01-02", "time": "2006-01-02T15:04:05Z07:00"}


def build(pipeline: Pipeline, steps: Sequence[Started], told: Started | None) -> Iterator[Object]:
    """The account and its rights, the template, what starts it, and what stands beside its pods."""
    own = owned.workload(pipeline)
    every = [*steps, *([told] if told is not None else [])]
    yield from owned.around(own, list(owned.rules(every, ("create", "get"), REPORTS)), token=True)
    cron = cron_workflow(pipeline, own)
    yield workflow_template(pipeline, own, steps, told)
    yield cron
    yield from beside.objects(own, Needs(api_server=True, watched=watching(cron)))


def cron_workflow(pipeline: Pipeline, own: Workload) -> Object:
    """It starts the template as that is at the time."""
    spec = pipeline.spec
    body: dict[str, Draft] = {
        "apiVersion": API_VERSION,
        "kind": "CronWorkflow",
        "metadata": metadata(own.site, named(own), workload_labels(own)),
        "spec": {
            "schedules": [spec["schedule"]],
            "timezone": spec["timeZone"],
            "concurrencyPolicy": spec["concurrency"],
            "suspend": spec["suspend"],
            # A controller that was down for an hour still starts the night's run.
            "startingDeadlineSeconds": AN_HOUR,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 3,
            "workflowMetadata": {"labels": workload_labels(own)},
            "workflowSpec": {"workflowTemplateRef": {"name": named(own)}},
        },
    }
    return Object(body, (pipeline.key,))


def workflow_template(pipeline: Pipeline, own: Workload, steps: Sequence[Started], told: Started | None) -> Object:
    """The steps and their order."""
    timeout = pipeline.spec["timeout"]
    tasks = [task(one, {said(other.step.name): other for other in steps}) for one in steps]
    body: dict[str, Draft] = {
        "apiVersion": API_VERSION,
        "kind": "WorkflowTemplate",
        "metadata": metadata(own.site, named(own), workload_labels(own)),
        "spec": {
            "entrypoint": pipeline.key,
            "onExit": None if told is None else made(TOLD, told.step.name),
            "serviceAccountName": named(own),
            "activeDeadlineSeconds": made(seconds(said(timeout)), timeout),
            "arguments": {"parameters": list(parameters(pipeline))} if pipeline.parameters is not None else None,
            "podMetadata": {
                "labels": pod_labels(own),
                # A pod that waits for a day is no reason to keep a node, but to start the step anew is dearer.
                "annotations": {"cluster-autoscaler.kubernetes.io/safe-to-evict": "false"},
            },
            "workflowMetadata": {"labels": workload_labels(own)},
            # The containers of such pods Argo closes itself (workflowpod.go, newExecContainer).
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "podGC": {"strategy": "OnPodSuccess"},
            # What the steps have made goes with the workflow: git owns the template, not what comes of it.
            "ttlStrategy": {"secondsAfterCompletion": A_WEEK},
            "templates": [
                {"name": pipeline.key, "dag": {"tasks": tasks}},
                *(template(pipeline, one) for one in (*steps, *([told] if told is not None else []))),
                *([on_failure(told)] if told is not None else []),
            ],
        },
    }
    return Object(body, (pipeline.key,))


def task(one: Started, steps: Mapping[str, Started]) -> Draft:
    """A step in its place. (After a failure Argo starts none: `failFast` is its default.)"""
    after = one.step.after
    return {
        "name": one.step.name,
        "template": one.step.name,
        "depends": made(" && ".join(f"{said(name)}.Succeeded" for name in after), *after) if after else None,
    }


def template(pipeline: Pipeline, one: Started) -> Draft:
    """What creates one step's object and waits for its end."""
    succeeded, failed = conditions(one.outcome)
    retries = one.step.retries
    return {
        "name": one.step.name,
        # An error of the engine's own is not tried again: what the step has started may still run.
        "retryStrategy": {"limit": made(said(retries), retries), "retryPolicy": "OnFailure"},
        "resource": {
            "action": "create",
            "setOwnerReference": True,
            "successCondition": succeeded,
            "failureCondition": failed,
            "manifest": made(manifest(pipeline, one), *one.sources),
        },
    }


def on_failure(told: Started) -> Draft:
    """Whom to tell; Argo calls it at the end in any case."""
    call: Draft = {"name": told.step.name, "template": told.step.name, "when": "{{workflow.status}} != Succeeded"}
    return {"name": TOLD, "steps": [[call]]}


def manifest(pipeline: Pipeline, one: Started) -> str:
    """The object's text, with what Argo fills in. Raises MlgenError where it would fill in what is not meant so."""
    body = one.body
    plain, origins = split(one.draft.body, one.draft.because)
    for path, nodes in origins.items():
        value = at(plain, *path)
        if isinstance(value, str) and "{{" in value:
            raise MlgenError(_filled_twice(pipeline, nodes[0].span, ".".join(map(str, path))))
    found: Json = marked(body, RUN, f"{one.name}-{NAME}")
    for name in pipeline.parameters.entries if pipeline.parameters is not None else ():
        found = marked(found, mark(name), f"{{{{workflow.parameters.{name}}}}}")
    return emit.dump(found)


def parameters(pipeline: Pipeline) -> Iterator[Draft]:
    """The pipeline's parameters, which may be given otherwise to what is started by hand."""
    zone = pipeline.spec["timeZone"]
    for name, node in pipeline.parameters.entries.items() if pipeline.parameters is not None else ():
        value, zones = value_of(node), {"date": said(zone), "time": "UTC"}
        for word, stands in SCHEDULED.items():
            value = value.replace(stands, f"{{{{={MEANT.format(zone=zones[word], form=FORMS[word])}}}}}")
        yield {"name": name, "value": made(value, node)}


def _filled_twice(pipeline: Pipeline, span: Span, path: str) -> Problem:
    message = f"Argo Workflows, which runs `{pipeline.name}` here, fills in what stands after `{{{{` itself"
    return Problem("template-forbidden", span, message, f"write `{path}` without `{{{{`")
