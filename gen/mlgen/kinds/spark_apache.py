"""A ``spark`` workload on Apache's own operator, version 1.0 -> a SparkApplication of its group.

The operator is told in Spark's settings what Kubeflow's is told in fields; all else stands in the pod templates of
`spark_templates`. It says in one word how things are, and its last word, `ResourceReleased`, is the same after
success and failure; only where failed runs are to be kept does a failed one end as another word
(apache/spark-kubernetes-operator 1.0, ApplicationStatus.terminateOrRestart).
"""

from collections.abc import Iterator, Mapping

from mlgen import beside, image, runs
from mlgen.beside.needs import Needs, watching
from mlgen.kinds import spark_history, spark_pods, spark_rights, spark_settings, spark_size, spark_templates
from mlgen.node import Node
from mlgen.objects import Object, named
from mlgen.problem import MlgenError, Problem
from mlgen.site import Workload
from mlgen.trace import Draft, Made, made, said

API_VERSION = "spark.apache.org/v1"
MAIN: Mapping[str, str] = {"Python": "pyFiles", "R": "sparkRFiles", "Scala": "jars"}
# By itself the operator gives up on a driver that has no node after five minutes: a large image, or a new node, takes
# longer, and a full cluster is no failure.
START = 3600 * 1000
BACKOFF = 60 * 1000


def build(workload: Workload) -> Iterator[Object]:
    """The accounts and their rights, the data, and the application. Raises MlgenError for a schedule."""
    if "schedule" in workload.spec:
        raise MlgenError(_no_schedule(workload))
    run = runs.run(workload, API_VERSION, "SparkApplication", lambda env: application(workload, env))
    yield from spark_rights.objects(workload)
    yield from spark_templates.driver(workload, {}).objects
    yield run
    yield from spark_history.objects(workload)
    # What failed for good after several attempts has no pod that anybody could find.
    watched = watching(run) if _once(workload) else {}
    measured = spark_settings.metrics(workload)
    yield from beside.objects(workload, Needs(peers=True, api_server=True, metrics=measured, watched=watched))


def application(workload: Workload, env: Mapping[str, Draft]) -> dict[str, Draft]:
    """The spec of the application; ``env`` are variables beside the spec's own."""
    spec = workload.spec
    return {
        "runtimeVersions": {"sparkVersion": spec["version"]},
        MAIN[spark_pods.language(spec["main"])]: spec["main"],
        "mainClass": spec.get("mainClass"),
        "driverArgs": spec.get("args"),
        "sparkConf": spark_settings.settings(workload, conf(workload)),
        "applicationTolerations": tolerations(workload),
        "driverSpec": {"podTemplateSpec": spark_templates.driver(workload, env).template},
        "executorSpec": {"podTemplateSpec": spark_templates.executor(workload, env).template},
    }


def conf(workload: Workload) -> dict[str, Draft]:
    """What Spark decides itself about its pods, whatever their templates say. Executors are called after the name."""
    accounts = "spark.kubernetes.authenticate"
    return {
        "spark.app.name": named(workload),
        "spark.kubernetes.container.image": image.of(workload),
        "spark.kubernetes.driver.podTemplateContainerName": spark_templates.DRIVER,
        f"{accounts}.driver.serviceAccountName": named(workload),
        f"{accounts}.executor.serviceAccountName": spark_rights.executor_account(workload),
        **_sizes(workload, "driver", workload.spec["driver"]),
        **_sizes(workload, "executor", workload.spec["executors"]),
        **_executors(workload.spec["executors"]),
    }


def tolerations(workload: Workload) -> dict[str, Draft]:
    """What happens after the end of an attempt. A run has no time to live: git owns it."""
    retries = workload.spec["retries"]
    restart: dict[str, Draft] = {"restartPolicy": made("Never", retries)}
    if not _once(workload):
        restart = {
            "restartPolicy": made("OnFailure", retries),
            "maxRestartAttempts": retries,
            "restartBackoffMillis": BACKOFF,
        }
    return {
        "resourceRetainPolicy": "OnFailure",
        "restartConfig": restart,
        "applicationTimeoutConfig": {"driverStartTimeoutMillis": START},
    }


def _once(workload: Workload) -> bool:
    return said(workload.spec["retries"]) == "0"


def _sizes(workload: Workload, role: str, asked: Node) -> dict[str, Draft]:
    memory = spark_size.memory(said(asked["memory"]), tenths=spark_pods.tenths(workload.spec["main"]))
    return {
        f"spark.{role}.cores": made(str(spark_size.cores(said(asked["cpu"]))), asked["cpu"]),
        f"spark.kubernetes.{role}.request.cores": made(said(asked["cpu"]), asked["cpu"]),
        f"spark.{role}.memory": made(f"{memory.heap}m", asked["memory"]),
        f"spark.{role}.memoryOverhead": made(f"{memory.overhead}m", asked["memory"]),
    }


def _executors(asked: Node) -> dict[str, Draft]:
    """How many there are; of those that come and go, what one has shuffled keeps it alive."""
    most = asked.get("max")
    if most is None:
        return {"spark.executor.instances": _text(asked["count"])}
    least = asked.get("min")
    start = "spark.dynamicAllocation"
    return {
        f"{start}.enabled": made("true", most),
        f"{start}.minExecutors": _text(least) if least is not None else made("1", most),
        f"{start}.maxExecutors": _text(most),
        f"{start}.shuffleTracking.enabled": made("true", most),
    }


def _text(node: Node) -> Made:
    return made(said(node), node)


def _no_schedule(workload: Workload) -> Problem:
    asked, chosen = workload.spec["schedule"], workload.site.offer["platform"]["spark"]
    hint = f"let a pipeline start it: `pipelines: {{NAME: {{schedule: ..., steps: [{workload.name}]}}}}`"
    message = f"Apache's operator, which runs `{workload.name}` in `{said(workload.site.offer['name'])}`, has no clock"
    return Problem("no-clock", asked.span, message, hint, related=((chosen.span, "its operator"),))
