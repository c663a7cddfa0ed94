"""A pipeline on a plain cluster -> a CronJob whose pod starts the steps and waits for them, and what it reads.

The program, the plan and the steps' objects lie in a ConfigMap, where everybody can read what will happen. To start it
by hand: `kubectl create job nightly-now --from=cronjob/nightly`.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from mlgen import beside, image
from mlgen.beside.needs import Needs, watching
from mlgen.node import Json
from mlgen.objects import Object, metadata, named, workload_labels
from mlgen.pipelines import own as owned
from mlgen.pipelines.step import Started, value_of
from mlgen.pod import Volume, pod
from mlgen.problem import MlgenError, Problem
from mlgen.quantity import seconds
from mlgen.site import Pipeline, Workload
from mlgen.trace import Draft, made, said

CONTAINER = "pipeline"
FOLDER = "/mlgen"
PROGRAM, PLAN = "pipeline.py", "plan.json"
A_WEEK = 7 * 24 * 3600
AN_HOUR = 3600
# How long it takes at most to stop what still runs, and to tell somebody: see execution.py.
AFTERWARDS = AN_HOUR
FAILED = 3  # the program's exit code when a step has failed for good
# Its own Job it reads for its name and time.
OWN = {"batch/jobs": ["get"]}
POD_FIELDS = {
    "MLGEN_JOB": "metadata.labels['batch.kubernetes.io/job-name']",
    "MLGEN_NAMESPACE": "metadata.namespace",
}


def build(pipeline: Pipeline, steps: Sequence[Started], told: Started | None) -> Iterator[Object]:
    """The account and its rights, the program with its plan, the CronJob, and what stands beside its pod."""
    own = owned.workload(pipeline)
    every = [*steps, *([told] if told is not None else [])]
    own_jobs = {} if any(one.kind == "batch/v1 Job" for one in every) else OWN
    yield from owned.around(own, list(owned.rules(every, ("create", "get", "delete"), own_jobs)), token=False)
    yield config_map(pipeline, own, steps, told)
    cron = cron_job(pipeline, own)
    yield cron
    yield from beside.objects(own, Needs(api_server=True, watched=watching(cron)))


def cron_job(pipeline: Pipeline, own: Workload) -> Object:
    """One Job for each execution: its pod may be lost and made again, and goes on; what has failed stays so."""
    spec = pipeline.spec
    body: dict[str, Draft] = {
        "apiVersion": "batch/v1",
        "kind": "CronJob",
        "metadata": metadata(own.site, named(own), workload_labels(own)),
        "spec": {
            "schedule": spec["schedule"],
            "timeZone": spec["timeZone"],
            "concurrencyPolicy": spec["concurrency"],
            "suspend": spec["suspend"],
            # A controller that was down for an hour still starts the night's run.
            "startingDeadlineSeconds": AN_HOUR,
            "successfulJobsHistoryLimit": 3,
            "failedJobsHistoryLimit": 3,
            "jobTemplate": {
                "metadata": {"labels": workload_labels(own)},
                "spec": {
                    "backoffLimit": 6,
                    "activeDeadlineSeconds": made(seconds(said(spec["timeout"])) + AFTERWARDS, spec["timeout"]),
                    "ttlSecondsAfterFinished": A_WEEK,
                    "podFailurePolicy": {"rules": [_lost(), _failed()]},
                    "template": template(own),
                },
            },
        },
    }
    return Object(body, (pipeline.key,))


def template(own: Workload) -> Draft:
    """The pod of the program. Raises MlgenError where there is no image to run it in."""
    if own.spec.get("image") is None and own.image is None:
        hint = (
            "give the environment one with Python 3, such as `pipelines: {image: docker.io/library/python:3.13-slim}`"
        )
        message = f"`{own.name}` has no image to run in, neither of `{said(own.site.offer['name'])}` nor of the project"
        raise MlgenError(Problem("no-image", own.key.span, message, hint))
    volume = Volume(CONTAINER, FOLDER, {"configMap": {"name": named(own)}}, made(True, own.key))
    container: dict[str, Draft] = {
        "name": CONTAINER,
        "image": image.of(own),
        "command": ["python3", f"{FOLDER}/{PROGRAM}"],
    }
    env: Mapping[str, Draft] = {
        name: {"valueFrom": {"fieldRef": {"fieldPath": path}}} for name, path in POD_FIELDS.items()
    }
    spec: Mapping[str, Draft] = {"restartPolicy": "Never", "automountServiceAccountToken": True}
    return pod(own, container, volumes=[volume], env=env, spec=spec).template


def config_map(pipeline: Pipeline, own: Workload, steps: Sequence[Started], told: Started | None) -> Object:
    """The program, the plan, and a file for each step's object."""
    every = [*steps, *([told] if told is not None else [])]
    sources = [node for told in (pipeline.spec, pipeline.parameters) if told is not None for _, node in told.leaves()]
    sources += [node for one in every for node in (one.workload.spec["kind"], one.workload.key)]
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(own.site, named(own), workload_labels(own)),
        "data": {
            PROGRAM: program(),
            PLAN: made(_text(plan(pipeline, steps, told)), *sources),
            **{f"{said(one.step.name)}.json": made(_text(one.body), *one.sources) for one in every},
        },
    }
    return Object(body, (pipeline.key,))


def plan(pipeline: Pipeline, steps: Sequence[Started], told: Started | None) -> dict[str, Json]:
    """What the program does, in its own words."""
    given = pipeline.parameters.entries if pipeline.parameters is not None else {}
    return {
        "timeout": seconds(said(pipeline.spec["timeout"])),
        "timeZone": said(pipeline.spec["timeZone"]),
        "parameters": {name: value_of(node) for name, node in given.items()},
        "steps": [_planned(one) for one in steps],
        "onFailure": [_planned(told)] if told is not None else [],
    }


@cache
def program() -> str:
    """The text of the program."""
    return files("mlgen.pipelines").joinpath("execution.py").read_text("utf-8")


def _planned(one: Started) -> Json:
    outcome = one.outcome
    return {
        "name": said(one.step.name),
        "after": [said(name) for name in one.step.after],
        "retries": int(said(one.step.retries)),
        "kind": {
            "apiVersion": one.body["apiVersion"],
            "kind": one.body["kind"],
            "plural": outcome.plural,
            "name": one.name,
            "state": list(outcome.state),
            "succeeded": list(outcome.succeeded),
            "failed": list(outcome.failed),
            **({"unless": list(outcome.unless)} if outcome.unless else {}),
        },
    }


def _text(value: Json) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


def _lost() -> Draft:
    """A pod that was evicted does not count."""
    return {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}


def _failed() -> Draft:
    codes: Draft = {"containerName": CONTAINER, "operator": "In", "values": [FAILED]}
    return {"action": "FailJob", "onExitCodes": codes}
