"""A ``ray`` workload on KubeRay 1.4 and later -> a RayJob: a cluster of its own, and the pod that submits the program.

The submitter is a Job of the run's name. Its log is the program's and stays when the cluster is gone. By itself KubeRay
gives it a pod without a security context (ray-operator, controllers/ray/common/job.go).
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from mlgen import beside, entrypoint, gang, image, runs, spot
from mlgen.beside.needs import Metrics, Needs, watching
from mlgen.kinds import training
from mlgen.node import Node
from mlgen.objects import Object, service_account
from mlgen.pod import Pod, pod
from mlgen.problem import MlgenError, Problem
from mlgen.shared_memory import shared_memory
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

API_VERSION = "ray.io/v1"
DASHBOARD = 8265
# KubeRay looks for them by name, and declares the last itself where it is missing.
PORTS = {"gcs-server": 6379, "dashboard": DASHBOARD, "client": 10001, "metrics": 8080}
METRICS = Metrics("metrics", number=PORTS["metrics"])
NO_PORTS: Mapping[str, int] = {}
NOTHING: Mapping[str, Draft] = {}
# What submits does nothing but wait, and needs nothing of what the program needs.
SUBMITTER = {"cpu": "100m", "memory": "512Mi"}


def build(workload: Workload) -> Iterator[Object]:
    """The RayJob and what stands around it."""
    run = runs.run(workload, API_VERSION, "RayJob", lambda env: spec(workload, env), ties=gang.ray(workload))
    yield service_account(workload)
    yield from worker(workload, {}).objects
    yield run
    operator = workload.site.offer.find("operators", "ray")
    callers: dict[str, Draft] = {said(operator): made(DASHBOARD, operator)} if operator is not None else {}
    yield from beside.objects(workload, Needs(callers=callers, peers=True, metrics=METRICS, watched=watching(run)))


def spec(workload: Workload, env: Mapping[str, Draft]) -> Mapping[str, Draft]:
    """The RayJob's spec. Its own time to live would be the cluster's, which goes at once."""
    workers = workload.spec["workers"]
    return {
        "entrypoint": program(workload),
        "shutdownAfterJobFinishes": True,
        "backoffLimit": workload.spec["retries"],
        "activeDeadlineSeconds": training.deadline(workload),
        "submitterPodTemplate": submitter(workload).template,
        "rayClusterSpec": {
            "rayVersion": workload.spec.get("version"),
            "headGroupSpec": {
                # No task runs where the whole cluster would fall with it.
                "rayStartParams": {"dashboard-host": "0.0.0.0", "num-cpus": "0"},
                "template": head(workload, env, workload.spec["head"]).template,
            },
            "workerGroupSpecs": [
                {
                    "groupName": "workers",
                    **dict.fromkeys(("replicas", "minReplicas", "maxReplicas"), workers),
                    "rayStartParams": {},
                    "template": worker(workload, env).template,
                }
            ],
        },
    }


def program(workload: Workload) -> Made:
    """The command as one line. Raises MlgenError for a word that would not arrive as it is."""
    command, args = workload.spec["command"], workload.spec.get("args")
    words: list[Node] = [*command.items, *(args.items if args is not None else [])]
    for word in words:
        if entrypoint.UNSAYABLE in said(word):
            message = f"a word of the command of `{workload.name}` has a tab, and Ray would take it apart"
            raise MlgenError(Problem("bad-entrypoint", word.span, message, "write blanks, or put it into a script"))
    return made(entrypoint.line(map(said, words)), *words)


def head(
    workload: Workload,
    env: Mapping[str, Draft],
    asked: Node,
    more: Mapping[str, int] = NO_PORTS,
    spec: Mapping[str, Draft] = NOTHING,
) -> Pod:
    """The head's pod: where the program starts, with all that it needs but GPUs; it asks for ``asked``."""
    ports: list[Draft] = [{"name": name, "containerPort": port} for name, port in {**PORTS, **more}.items()]
    small = without_command(sized(workload, asked))
    return pod(small, container(workload, "ray-head", ports), env=env, spec=spec)


def worker(
    workload: Workload,
    env: Mapping[str, Draft],
    more: Mapping[str, int] = NO_PORTS,
    spec: Mapping[str, Draft] = NOTHING,
) -> Pod:
    """A pod that does the work."""
    numbers = {METRICS.port: PORTS["metrics"], **more}
    ports: list[Draft] = [{"name": name, "containerPort": port} for name, port in numbers.items()]
    memory = [shared_memory(workload)]
    return pod(without_command(workload), container(workload, "ray-worker", ports), volumes=memory, env=env, spec=spec)


def submitter(workload: Workload) -> Pod:
    """The pod that hands the program over, and follows it."""
    place = workload.spec["command"].span
    asked = Node({key: Node(value, place) for key, value in SUBMITTER.items()}, place)
    small = without_command(sized(workload, asked))
    for key in ("data", "secrets", "env"):
        small = replace(small, spec=training.without(small.spec, key))
    return pod(small, container(workload, "ray-job-submitter", []), spec={"restartPolicy": "Never"})


def container(workload: Workload, name: str, ports: list[Draft]) -> dict[str, Draft]:
    """What all have."""
    return {"name": name, "image": image.of(workload), "ports": ports or None}


def sized(workload: Workload, resources: Node) -> Workload:
    """The workload with other ``resources``, without GPUs, on nodes that stay."""
    own = {**workload.spec.entries, "resources": resources}
    return spot.stays(replace(workload, spec=replace(workload.spec, value=own)))


def without_command(workload: Workload) -> Workload:
    """The workload without what KubeRay would put before its own command."""
    return replace(workload, spec=training.without(training.without(workload.spec, "command"), "args"))
