"""What an environment scales Deployments with, and the module that speaks to each."""

from collections.abc import Mapping
from typing import Protocol

from mlgen.node import Node
from mlgen.objects import Object
from mlgen.scaling import keda, kubernetes
from mlgen.site import Workload
from mlgen.trace import said


class Scaler(Protocol):
    """A module that builds what scales a Deployment."""

    def scale(self, workload: Workload, least: Node, most: Node) -> Object:
        """The object that keeps the workload's Deployment between ``least`` and ``most`` pods.

        The autoscaler of Kubernetes that does so in the end is called as the workload's objects are.
        """


# The first one is what a plain cluster has: the default of an environment's `platform.autoscaler`.
SCALERS: Mapping[str, Scaler] = {
    "kubernetes": kubernetes,
    "keda-2.20": keda,
}


def scale(workload: Workload, least: Node, most: Node) -> Object:
    """What scales the workload's Deployment here."""
    return SCALERS[said(workload.site.offer["platform"]["autoscaler"])].scale(workload, least, most)
