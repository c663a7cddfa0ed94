"""Ray Serve -> its container: an application of the project's own, which Ray starts in each pod by itself.

Ray takes the applications from a file, for only there it can be told to answer more than the pod itself
(ray, python/ray/serve/scripts.py: run).
"""

import json
from collections.abc import Sequence

from mlgen import image
from mlgen.pod import Volume
from mlgen.problem import MlgenError, Problem
from mlgen.servers import model
from mlgen.servers.served import Served, answers, declared, probes
from mlgen.shared_memory import PATH, shared_memory
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

PORT = 8000
FOLDER, FILE = "/etc/mlgen", "serve.json"
MOUNTS: Sequence[str] = (FOLDER, PATH)
VARIABLES: Sequence[str] = ()
HEALTH = "/-/healthz"  # of Ray's own proxy, which knows whether somebody answers behind it


def serve(workload: Workload) -> Served:
    """Raises MlgenError where no application is named, or a key is for another server."""
    anywhere: dict[str, Draft] = {"http_options": {"host": "0.0.0.0", "port": PORT}}
    found, name = model.config_map(workload, {FILE: applications(workload, anywhere)})
    file = Volume("serve", FOLDER, {"configMap": {"name": name}}, made(True, workload.spec["application"]))
    container: dict[str, Draft] = {
        "name": "server",
        "image": image.of(workload),
        "command": ["serve", "run", f"{FOLDER}/{FILE}"],
        "args": None,
        "ports": declared({"http": PORT}),
        **probes(workload, answers(HEALTH), answers(HEALTH)),
    }
    return Served(container, PORT, (file, shared_memory(workload)), (found,))


def applications(workload: Workload, more: dict[str, Draft]) -> Made:
    """What is served, as Ray reads it: one application, for all paths; ``more`` stands beside it."""
    check(workload)
    path = workload.spec["application"]
    whole = {**more, "applications": [{"name": workload.name, "route_prefix": "/", "import_path": said(path)}]}
    return made(json.dumps(whole, indent=1), path)


def check(workload: Workload) -> None:
    """Raises MlgenError where Ray would not know what to serve."""
    problems = list(model.others_keys(workload))
    if "application" not in workload.spec:
        message = f"Ray serves an application, and `{workload.name}` names none"
        hint = "add `application: MODULE:NAME`, such as `churn.serve:app`"
        problems.append(Problem("server-needs-application", workload.spec["server"].span, message, hint))
    for key, instead in {
        "model": "name the data under `data`, and let the application load the model",
        "args": "remove it: name what the application needs under `env`",
    }.items():
        if key in workload.spec:
            message = f"Ray is given no `{key}`: an application is what it serves"
            problems.append(Problem("server-takes-no-model", workload.spec.key_span(key), message, instead))
    if problems:
        raise MlgenError(*problems)
