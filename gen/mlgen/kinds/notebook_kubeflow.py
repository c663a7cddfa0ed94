"""A ``notebook`` workload on Kubeflow Notebooks 1.10 -> for each user a Notebook and a home.

The controller makes a StatefulSet and a Service of the Notebook's name, which is why none stand here, and copies the
Notebook's labels and annotations to its pod (kubeflow/kubeflow, components/notebook-controller). It keeps its own
records in the annotations, that it was stopped among them: ours are only those that a driver of volumes must find.
"""

from collections.abc import Iterator
from typing import Any

from mlgen import beside
from mlgen.beside.needs import Needs
from mlgen.kinds import idle
from mlgen.kinds.notebook import home_claim, home_name, notebook_pod, users
from mlgen.node import Node
from mlgen.objects import Object, metadata, service_account
from mlgen.pod import Pod
from mlgen.site import Workload
from mlgen.trace import Draft, Made

# From where Kubeflow reaches a notebook: its gateway brings the browser, its controller asks whether it is idle.
CALLERS = ("istio-system", "kubeflow")
# What the controller tells the notebook: the path below which Kubeflow shows it.
VARIABLES = ("NB_PREFIX",)


def build(workload: Workload) -> Iterator[Object]:
    """The account they share, and one notebook a user."""
    yield service_account(workload)
    yield from idle.objects(workload)
    found = users(workload)
    for user, name in found:
        # The controller takes the Notebook's state from the container of its name.
        made_of = notebook_pod(workload, name, user, container=name)
        yield from made_of.objects
        yield home_claim(workload, name, user)
        yield notebook(workload, name, user, made_of)
    names = [name for _, name in found]
    watched = {"StatefulSet": names, "PersistentVolumeClaim": [home_name(name) for name in names]}
    callers = dict.fromkeys(CALLERS, workload.spec["port"])
    yield from beside.objects(workload, Needs(callers=callers, watched=watched))


def notebook(workload: Workload, name: Made, user: Node, found: Pod) -> Object:
    """A pod as its one field: the labels stand on the Notebook, and what a driver of volumes must find on the pod."""
    template: Any = found.template  # a mapping
    said_of_pod = template["metadata"]
    body: dict[str, Draft] = {
        "apiVersion": "kubeflow.org/v1",
        "kind": "Notebook",
        "metadata": metadata(workload.site, name, said_of_pod["labels"], annotations=said_of_pod["annotations"]),
        "spec": {"template": {"spec": template["spec"]}},
    }
    return Object(body, (user,))
