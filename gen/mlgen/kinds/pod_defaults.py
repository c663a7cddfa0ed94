"""``podDefaults`` of a notebook -> the labels by which Kubeflow's PodDefaults find its pods.

The webhook adds to a pod what each PodDefault of its own namespace says whose selector it meets (kubeflow/kubeflow,
components/admission-webhook: filterPodDefaults).
"""

from typing import Any

from mlgen.pod import Pod, named_in
from mlgen.site import Workload
from mlgen.trace import Draft, made, said


def labelled(workload: Workload, found: Pod) -> Pod:
    """The pod with what it is found by."""
    offered = workload.site.offer["podDefaults"]
    added: dict[str, Draft] = {
        key: made(said(value), value, asked)
        for asked in named_in(workload, "podDefaults")
        for key, value in offered[said(asked)].entries.items()
    }
    template: Any = found.template  # a mapping
    labels = {**template["metadata"]["labels"], **added}
    return found._replace(template={**template, "metadata": {**template["metadata"], "labels": labels}})
