"""A ``spark`` workload -> a SparkApplication named by its content, or a ScheduledSparkApplication on a schedule."""

from collections.abc import Iterator, Mapping

from mlgen import beside, gang, image, runs
from mlgen.around.queue import queued
from mlgen.beside.needs import Needs, watching
from mlgen.kinds import spark_history, spark_pods, spark_rights, spark_settings
from mlgen.kinds.spark_volumes import Volumes, volumes
from mlgen.objects import Object, metadata, named, workload_labels
from mlgen.site import Workload
from mlgen.trace import Draft, made

API_VERSION = "sparkoperator.k8s.io/v1beta2"
A_WEEK = 7 * 24 * 3600


def build(workload: Workload) -> Iterator[Object]:
    """The accounts and their rights, the data, and the application."""
    found = volumes(workload)
    yield from spark_rights.objects(workload)
    yield from found.objects
    if "schedule" in workload.spec:
        run = scheduled(workload, application(workload, found, {}))
    else:
        run = runs.run(workload, API_VERSION, "SparkApplication", lambda env: application(workload, found, env))
    yield run
    yield from spark_history.objects(workload)
    needs = Needs(peers=True, api_server=True, metrics=spark_settings.metrics(workload), watched=watching(run))
    yield from beside.objects(workload, needs)


def scheduled(workload: Workload, spec: Mapping[str, Draft]) -> Object:
    """Its template may change, and the next run uses it. Git owns it, not its runs: these may go."""
    when = workload.spec["schedule"]
    body: dict[str, Draft] = {
        "apiVersion": API_VERSION,
        "kind": "ScheduledSparkApplication",
        # The operator copies the labels to each run, and with them the queue in which it waits.
        "metadata": metadata(workload.site, named(workload), {**workload_labels(workload), **queued(workload)}),
        "spec": {
            "schedule": when,
            # The operator's own default is whatever zone its container has.
            "timeZone": workload.spec.get("timeZone") or made("Etc/UTC", when),
            "concurrencyPolicy": workload.spec.get("concurrency") or made("Forbid", when),
            "successfulRunHistoryLimit": 3,
            "failedRunHistoryLimit": 3,
            "template": {**spec, "timeToLiveSeconds": A_WEEK},
        },
    }
    return Object(body, (workload.key,))


def application(workload: Workload, found: Volumes, env: Mapping[str, Draft]) -> dict[str, Draft]:
    """The spec of the application; ``env`` are variables beside the spec's own."""
    spec = workload.spec
    return {
        "type": made(spark_pods.language(spec["main"]), spec["main"]),
        "mode": "cluster",
        "sparkVersion": spec["version"],
        "image": image.of(workload),
        "imagePullSecrets": _pull_secrets(workload),
        "mainApplicationFile": spec["main"],
        "mainClass": spec.get("mainClass"),
        "arguments": spec.get("args"),
        "sparkConf": spark_settings.settings(workload, found.conf),
        "restartPolicy": _restarts(workload),
        "dynamicAllocation": _dynamic(workload),
        **gang.spark(workload),
        "volumes": found.listed or None,
        "driver": spark_pods.driver(workload, found, env),
        "executor": spark_pods.executor(workload, found, env),
    }


def _restarts(workload: Workload) -> dict[str, Draft]:
    """A failed run is tried again as often as the spec says; one that was never accepted, a few times more."""
    return {
        "type": "OnFailure",
        "onFailureRetries": workload.spec["retries"],
        "onFailureRetryInterval": 60,
        "onSubmissionFailureRetries": 3,
        "onSubmissionFailureRetryInterval": 30,
    }


def _dynamic(workload: Workload) -> Draft:
    """Executors that come and go with the work. There is no shuffle service: what one has shuffled keeps it alive."""
    executors = workload.spec["executors"]
    most = executors.get("max")
    if most is None:
        return None
    return {
        "enabled": made(True, most),
        "minExecutors": executors.get("min") or made(1, most),
        "maxExecutors": most,
        "shuffleTrackingEnabled": True,
    }


def _pull_secrets(workload: Workload) -> Draft:
    """Names alone, where a pod has maps."""
    secret = workload.site.offer.find("registry", "pullSecret")
    return [secret] if secret is not None else None
