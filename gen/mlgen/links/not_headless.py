"""A StatefulSet whose Service is not headless."""

from collections.abc import Iterator

from mlgen.body import map_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.links.no_such_service import backends
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="not-headless",
    title="The Service by which pods are named is not headless",
    why="Only a headless Service gives each pod a name of its own in the cluster's DNS.",
    bad="kind: Service\nspec: {selector: {app: db}, ports: [{port: 5432}]}            # and `serviceName` names it",
    good="kind: Service\nspec: {clusterIP: None, selector: {app: db}, ports: [{port: 5432}]}",
    source="kubernetes.io, concepts/workloads/controllers/statefulset, Stable Network ID",
)
NAMES_PODS = ("serviceName", "subdomain")
TWO = 2  # one alone is reached by the Service as well


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Each Service that a StatefulSet or a pod is named by, where it is here."""
    for subject, body in enumerate(objects.bodies):
        for backend in backends(body):
            replicas = number_at(body, "spec", "replicas")
            if backend.path[-1] not in NAMES_PODS or (backend.path[-1] == "serviceName" and (replicas or 1) < TWO):
                continue
            index = objects.find("Service", backend.name, text_at(body, "metadata", "namespace"))
            if index is not None and map_at(objects.bodies[index], "spec").get("clusterIP") != "None":
                message = f"the Service {code(backend.name)} is not headless, so the pods get no names of their own"
                related = ((index, ("spec",), "the Service"),)
                hint = "write `clusterIP: None` into the Service, or name a headless one"
                yield Finding(subject, Fault(backend.path, RULE.id, message, hint), related)
