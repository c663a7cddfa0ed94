"""The pods of one Job that talk to each other -> their numbers, their host names, and the Service that resolves them.

An indexed Job calls the host of each pod `<job>-<index>`. Where the pods name a headless Service as their
`subdomain`, DNS knows them as `<job>-<index>.<service>`: so a row of pods finds each other without any operator
(kubernetes.io, "Job with Pod-to-Pod Communication").
"""

from collections.abc import Mapping

from mlgen import spot
from mlgen.node import Node
from mlgen.objects import Object, metadata, named, selector, workload_labels
from mlgen.runs import VARIABLE
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made

# A pod's own number as a variable. JOB_COMPLETION_INDEX says it too, but the Job controller appends that one to a
# container's list, and `$(...)` only reaches what stands before it; the annotation can be read in any order.
INDEX: dict[str, Draft] = {
    "valueFrom": {"fieldRef": {"fieldPath": "metadata.annotations['batch.kubernetes.io/job-completion-index']"}}
}


def host(workload: Workload, index: int) -> Made:
    """How the run's other pods reach the one with the number ``index``; for variables after the run's own name.

    A run is named by its content, so its content cannot hold its name: Kubernetes fills that in.
    """
    return made(f"$({VARIABLE})-{index}.{workload.object_name}", workload.key)


def row(workload: Workload, pods: Node | Made) -> dict[str, Draft]:
    """The part of a Job's spec for ``pods`` that all run at once, each tried again as often as ``retries`` says.

    Where one crashes, its peers lose their connections and crash too: a limit for each pod is what one restart of
    the whole row uses up evenly, and one pod that has none left ends the run, for the others would wait for it
    (KEP-3850). A new pod takes over the name of an old one, so it starts when that one is gone (KEP-3939).
    """
    return {
        "completionMode": made("Indexed", pods),
        "completions": pods,
        "parallelism": pods,
        "backoffLimitPerIndex": workload.spec["retries"],
        "maxFailedIndexes": made(0, pods),
        "podReplacementPolicy": made("Failed", pods),
        **spot.forgiven(workload),
    }


def service(workload: Workload, ports: Mapping[str, Draft]) -> Object:
    """One Service for all runs of the workload: their pods' host names differ.

    Pods are looked up while they start, so addresses are published before the pods are ready.
    """
    labels = workload_labels(workload)
    body: dict[str, Draft] = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(workload.site, named(workload), labels),
        "spec": {
            "clusterIP": "None",
            "publishNotReadyAddresses": True,
            "selector": selector(labels),
            "ports": [{"name": name, "port": port, "targetPort": name} for name, port in ports.items()],
        },
    }
    return Object(body, (workload.key,))
