"""A ``sweep`` workload on Katib 0.19 -> an Experiment, which makes a Job of each trial and reads what it prints.

Katib puts values into the text of the Job, so a trial finds them in an annotation of its pod, mounted as the file that
it would have on a plain cluster. It wraps the command: it joins the words with blanks, for a shell, and adds where
their output goes (pkg/webhook/v1beta1/pod/utils.go). A command that is for that shell already stays what it was.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from mlgen import beside, runs, spot
from mlgen.around.queue import queued
from mlgen.beside.needs import Needs, own_metrics, watching
from mlgen.kinds import katib_space, trials
from mlgen.node import Node
from mlgen.objects import Object, service_account
from mlgen.pod import Pod, Volume
from mlgen.problem import MlgenError, Problem
from mlgen.search_space import number_of_trials
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

API_VERSION = "kubeflow.org/v1beta1"
# Where the controller asks for suggestions, and where what is read of trials is kept: one port for both.
PORT = 6789
ANNOTATION = "mlgen.dev/parameters"
FILE = trials.PARAMETERS.rpartition("/")[2]
# The name of a trial among its parameters: no parameter of a spec has a slash.
NAME = "trial/name"


def build(workload: Workload) -> Iterator[Object]:
    """The Experiment and what stands around it."""
    run = runs.run(workload, API_VERSION, "Experiment", lambda env: spec(workload, env), queue=False)
    yield service_account(workload)
    yield from trial(workload, {}).objects
    yield run
    yield from beside.objects(reaching(workload), needs(workload, run))


def spec(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The Experiment's spec. Its trials' Jobs stay, with their logs."""
    algorithm = trials.searched(workload)
    parameters, wanted = katib_space.parameters(workload, algorithm), workload.spec["objective"]
    seed, stopping = workload.spec.get("seed"), workload.spec.get("earlyStopping")
    return {
        "objective": {
            "type": wanted["goal"],
            "goal": wanted.get("target"),
            "objectiveMetricName": wanted["metric"],
        },
        "algorithm": {
            "algorithmName": made(algorithm, workload.spec["algorithm"]),
            "algorithmSettings": None if seed is None else [{"name": "random_state", "value": made(said(seed), seed)}],
        },
        "earlyStopping": None if stopping is None else {"algorithmName": made(f"{said(stopping)}stop", stopping)},
        "parallelTrialCount": trials.at_most(workload, "parallel"),
        "maxTrialCount": trials.at_most(workload, "trials") or made(number_of_trials(workload.spec), workload.key),
        "maxFailedTrialCount": failures(workload),
        "resumePolicy": "Never",
        "metricsCollectorSpec": {"collector": {"kind": "StdOut"}},
        "parameters": parameters,
        "trialTemplate": template(workload, env),
    }


def failures(workload: Workload) -> Made:
    """Katib gives up when so many have failed, not when one more has: and never calls a sweep a success if all have."""
    number, parameters = workload.spec.get("failures"), workload.spec["parameters"]
    most = number_of_trials(workload.spec)
    return made(most if number is None else min(int(said(number)) + 1, most), number, parameters)


def template(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """What Katib makes a trial of."""
    names: Sequence[str] = list(workload.spec["parameters"].entries)
    references = [{"name": name, "reference": name} for name in names]
    return {
        "retain": True,
        "primaryContainerName": trials.CONTAINER,
        "trialParameters": [*references, {"name": NAME, "reference": "${trialSpec.Name}"}],
        "trialSpec": {
            "apiVersion": "batch/v1",
            "kind": "Job",
            "metadata": {"labels": queued(workload)} if queued(workload) else None,
            "spec": {
                "backoffLimit": workload.spec["retries"],
                **spot.forgiven(workload),
                "template": trial(workload, env).template,
            },
        },
    }


def trial(workload: Workload, env: Mapping[str, Draft]) -> Pod:
    """The pod of one trial."""
    parameters = workload.spec["parameters"]
    note = made(katib_space.text(parameters), parameters)
    path = f"metadata.annotations['{ANNOTATION}']"
    source: Draft = {"downwardAPI": {"items": [{"path": FILE, "fieldRef": {"fieldPath": path}}]}}
    flag = made(True, parameters)
    file = Volume(trials.VOLUME, trials.PARAMETERS, source, flag, folder=FILE, notes={ANNOTATION: note})
    return trials.trial(workload, env, f"${{trialParameters.{NAME}}}", file, command=command(workload), args=None)


def command(workload: Workload) -> Draft:
    """The words, for the shell through which Katib starts them."""
    words, args = workload.spec["command"], workload.spec.get("args")
    every = [*words.items, *(args.items if args is not None else [])]
    return ["sh", "-c", made(shlex.join(map(said, every)), *every)]


def needs(workload: Workload, run: Object) -> Needs:
    """The pods that suggest what to try have the Experiment's labels, so what stands beside the trials is for them too:
    Katib's controller asks them, the trials tell them to stop early, and of that they tell the Kubernetes API.
    """
    operator = workload.site.offer.find("operators", "sweep")
    return Needs(
        callers={} if operator is None else {said(operator): made(PORT, operator)},
        peers=True,
        api_server="earlyStopping" in workload.spec,
        metrics=own_metrics(workload),
        watched=watching(run),
    )


def reaching(workload: Workload) -> Workload:
    """The workload, which may write down its results. Raises MlgenError where a closed network has no way to Katib."""
    offer = workload.site.offer
    operator, closed = offer.find("operators", "sweep"), offer["network"]["default"]
    if operator is None:
        if closed.value != "deny":
            return workload
        message = f"nothing lets `{workload.name}` and Katib reach each other in `{said(offer['name'])}`"
        hint = "add `operators: {sweep: NAMESPACE}`, the namespace of Katib, to the environment"
        related = ((workload.spec["kind"].span, "this is searched by Katib"),)
        raise MlgenError(Problem("unreached-katib", closed.span, message, hint, related=related))
    own = workload.spec.get("egress")
    way = Node({"namespace": operator, "port": Node(PORT, operator.span)}, operator.span)
    egress = Node([*(own.items if own is not None else []), way], operator.span)
    return replace(workload, spec=replace(workload.spec, value={**workload.spec.entries, "egress": egress}))
