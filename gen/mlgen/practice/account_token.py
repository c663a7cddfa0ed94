"""A pod that gets a token of the API for nothing."""

from collections.abc import Iterator

from mlgen.body import text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.practice import rights
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="account-token",
    title="A pod that gets a token of the API for nothing",
    why=(
        "Whoever gets into the pod may speak to the API server in its name; a pod that needs no rights needs no token."
    ),
    bad="spec: {serviceAccountName: train}",
    good="spec: {serviceAccountName: train, automountServiceAccountToken: false}",
    source="https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting",
    severity="warning",
    ignorable=True,
)


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """Neither pod nor account says no, and no binding among the objects gives the account a right."""
    bound = set(rights.bound(objects))
    for index, pod in objects.pods:
        if "." in pod.owner.partition("/")[0] or pod.spec.get("automountServiceAccountToken") is not None:
            continue  # an operator gives its pods the accounts that they need
        namespace = text_at(pod.holder, "metadata", "namespace")
        account = text_at(pod.spec, "serviceAccountName") or text_at(pod.spec, "serviceAccount") or "default"
        found = objects.find("ServiceAccount", account, namespace)
        own = objects.bodies[found].get("automountServiceAccountToken") if found is not None else None
        if own is None and (namespace, account) not in bound and ("", account) not in bound:
            message = f"this pod gets a token of the account {code(account)}, to which nothing here gives rights"
            fault = Fault(pod.path, RULE.id, message, "write `automountServiceAccountToken: false`", "warning")
            yield Finding(index, fault)
