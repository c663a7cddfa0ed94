"""A setting of Spark that the operator refuses, or that another key decides."""

from collections.abc import Iterator
from typing import NamedTuple

from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Workload

RULE = Rule(
    id="denied-conf",
    title="A setting of Spark that is not set under `conf`",
    why="The operator refuses some settings, and overrides others without a word by what it is told elsewhere.",
    bad="conf: {spark.executor.memory: 8g}",
    good="executors: {count: 4, memory: 12Gi}",
    source="kubeflow/spark-operator v2.5, internal/webhook/sparkconf_validator.go and "
    "internal/controller/sparkapplication/submission.go",
)


class Reason(NamedTuple):
    """Why a setting is not made under `conf`, and what is done instead."""

    why: str
    mend: str


OPERATOR = Reason("the Spark operator decides it", "remove it")
IMAGE = Reason("the Spark operator refuses it there", "write `image`")
ACCOUNT = Reason("driver and executors have accounts of their own", "remove it")
TOKEN = Reason("driver and executors use the tokens of their accounts", "remove it")
NAME = Reason("the application has the workload's name", "remove it")
NAMESPACE = Reason("the environment chooses the namespace", "remove it")
PULL = Reason("the environment knows the secret of its registry", "remove it")
TEMPLATE = Reason("mlgen writes what is in the pods", "remove it")
SCRATCH = Reason("`data` decides it", "name `scratch` under the project's `data`, and list it under `data` here")
DRIVER = Reason("`driver` decides it", "write `driver: {cpu: 1, memory: 4Gi}`, where `memory` is all of the pod's")
EXECUTORS = Reason(
    "`executors` decides it", "write `executors: {cpu: 4, memory: 12Gi}`, where `memory` is all of the pod's"
)
COUNT = Reason("`executors` decides it", "write `executors: {count: 4}`")
DYNAMIC = Reason("`executors` decides it", "write `executors: {min: 2, max: 10}`")
PAGE = Reason("the driver's page is where those who watch it look for it", "remove it")
LOGGED = Reason("`history` decides it", "remove it, or `history`")
WHOLE = Reason("the pods would be larger than their `memory`", "remove it")

DENIED: dict[str, Reason] = {
    "spark.master": OPERATOR,
    "spark.submit.deployMode": OPERATOR,
    "spark.app.name": NAME,
    "spark.local.dir": SCRATCH,
    "spark.ui.port": PAGE,
    "spark.driver.cores": DRIVER,
    "spark.driver.memory": DRIVER,
    "spark.driver.memoryOverhead": DRIVER,
    "spark.driver.memoryOverheadFactor": DRIVER,
    "spark.executor.cores": EXECUTORS,
    "spark.executor.memory": EXECUTORS,
    "spark.executor.memoryOverhead": EXECUTORS,
    "spark.executor.memoryOverheadFactor": EXECUTORS,
    "spark.executor.instances": COUNT,
    "spark.executor.pyspark.memory": WHOLE,
    "spark.memory.offHeap.enabled": WHOLE,
    "spark.memory.offHeap.size": WHOLE,
    "spark.dynamicAllocation.enabled": DYNAMIC,
    "spark.dynamicAllocation.initialExecutors": DYNAMIC,
    "spark.dynamicAllocation.minExecutors": DYNAMIC,
    "spark.dynamicAllocation.maxExecutors": DYNAMIC,
    "spark.dynamicAllocation.shuffleTracking.enabled": DYNAMIC,
    "spark.kubernetes.namespace": NAMESPACE,
    "spark.kubernetes.memoryOverheadFactor": EXECUTORS,
    "spark.kubernetes.submission.waitAppCompletion": OPERATOR,
    "spark.kubernetes.driver.master": OPERATOR,
    "spark.kubernetes.driver.pod.name": OPERATOR,
    "spark.kubernetes.driver.podTemplateContainerName": TEMPLATE,
    "spark.kubernetes.executor.podTemplateContainerName": TEMPLATE,
    "spark.kubernetes.driver.podTemplateFile": TEMPLATE,
    "spark.kubernetes.executor.podTemplateFile": TEMPLATE,
    "spark.kubernetes.driver.request.cores": DRIVER,
    "spark.kubernetes.executor.request.cores": EXECUTORS,
    "spark.kubernetes.container.image": IMAGE,
    "spark.kubernetes.driver.container.image": IMAGE,
    "spark.kubernetes.executor.container.image": IMAGE,
    "spark.kubernetes.container.image.pullSecrets": PULL,
    "spark.kubernetes.authenticate.driver.serviceAccountName": ACCOUNT,
    "spark.kubernetes.authenticate.executor.serviceAccountName": ACCOUNT,
    **{
        f"spark.kubernetes.authenticate.{who}{what}": TOKEN
        for who in ("", "driver.", "executor.")
        for what in ("oauthToken", "oauthTokenFile")
    },
}

# Denied where the spec says `history`.
OF_HISTORY = {"spark.eventLog.enabled": LOGGED, "spark.eventLog.dir": LOGGED}


def check(workload: Workload) -> Iterator[Problem]:
    """Every key under `conf`."""
    asked = workload.spec.get("conf")
    denied = DENIED | (OF_HISTORY if "history" in workload.spec else {})
    if asked is not None:
        for key in asked.entries:
            if key in denied:
                why, mend = denied[key]
                message = f"`{key}` cannot be set under `conf`: {why}"
                yield Problem(RULE.id, asked.key_span(key), message, mend)
