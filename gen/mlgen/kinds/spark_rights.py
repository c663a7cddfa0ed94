"""A Spark workload -> the accounts of its driver and executors, and what the driver may do.

The driver asks Kubernetes for its executors, their service, configuration and disks. Executors ask it for nothing:
an account of their own keeps the driver's rights from them, which they would otherwise share.
"""

from collections.abc import Iterator, Mapping

from mlgen import rights
from mlgen.objects import Object, identity, metadata, named, service_account, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, Made

RESOURCES = ["pods", "services", "configmaps", "persistentvolumeclaims"]
VERBS = ["create", "get", "list", "watch", "update", "patch", "delete", "deletecollection"]


def executor_account(workload: Workload) -> Made:
    """The name of the executors' account."""
    return named(workload, "executor")


def objects(workload: Workload) -> Iterator[Object]:
    """Two accounts, and the driver's role with its binding."""
    labels, annotations = workload_labels(workload), identity(workload.site)
    executors = metadata(workload.site, executor_account(workload), labels, annotations=annotations)
    yield account(workload, {"automountServiceAccountToken": True})
    yield account(workload, {"metadata": executors})
    yield rights.role(workload, [{"apiGroups": [""], "resources": RESOURCES, "verbs": VERBS}])
    yield rights.role_binding(workload)


def account(workload: Workload, change: Mapping[str, Draft]) -> Object:
    """The account every workload has, with what is different about this one."""
    common = service_account(workload)
    return common._replace(body={**common.body, **change})
