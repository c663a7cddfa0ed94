"""A Spark application of Apache's operator that cannot start, or says in a pod template what Spark passes over."""

from collections.abc import Iterator

from mlgen.amount import quantity
from mlgen.apache_spark_pods import OWNERS, apache_shares
from mlgen.body import Body, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.operators.spark_amount import JAVA
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.spark_pods import Amounts

RULE = Rule(
    id="apache-spark",
    title="A Spark application of Apache's operator that cannot start, or a template that Spark passes over",
    why="Nothing is looked at before Spark makes the driver: what it cannot read ends the run. Of a pod template it "
    "takes over all but image, processors and memory, which are settings.",
    bad="sparkConf: {spark.executor.memory: 4Gi}",
    good="sparkConf: {spark.executor.memory: 4g}",
    source="apache/spark-kubernetes-operator 1.0, AppValidateStep; apache/spark, BasicDriverFeatureStep, "
    "BasicExecutorFeatureStep, JavaUtils.byteStringAs, ExecutorAllocationManager.validateSettings",
)
KINDS = OWNERS
CONF: Path = ("spec", "sparkConf")
MAIN = ("mainClass", "jars", "pyFiles", "sparkRFiles")
IMAGE = "spark.kubernetes.container.image"
SIZES = tuple(f"spark.{role}.{what}" for role in ("driver", "executor") for what in ("memory", "memoryOverhead"))
SENTINEL = "spark.operator/sentinel"  # what the operator proves itself by, and never runs
ALLOCATION = "spark.dynamicAllocation"
DECIDED = {"cpu": "spark.kubernetes.{}.request.cores", "memory": "spark.{}.memory"}


def check(body: Body) -> Iterator[Fault]:
    """What is run, the settings, and each template against them."""
    spec = map_at(body, "spec")
    if text_at(spec, "deploymentMode") == "ClientMode":
        message = "the operator runs no driver outside the cluster"
        yield Fault(("spec", "deploymentMode"), RULE.id, message, "remove it")
    if map_at(body, "metadata", "labels").get(SENTINEL) == "true":
        return
    if not any(spec.get(key) for key in MAIN):
        message = "this application does not say what it runs"
        yield Fault(("spec",), RULE.id, message, "write `pyFiles`, `sparkRFiles`, or `jars` with `mainClass`")
    yield from _settings(map_at(body, *CONF))
    for path, _, requests, _, pod in apache_shares(body):
        yield from _passed_over(body, path, {key: requests[key] for key in DECIDED}, pod)


def _settings(conf: Body) -> Iterator[Fault]:
    if not any(conf.get(key) for key in (IMAGE, IMAGE.replace("container", "driver.container"))):
        yield Fault(CONF if conf else ("spec",), RULE.id, "no setting says which image runs", f"write `{IMAGE}`")
    for key in SIZES:
        value = conf.get(key)
        if isinstance(value, str) and not JAVA.fullmatch(value.strip().lower()):
            message = f"{code(key)} cannot be {code(value)}: Spark reads it as Java does"
            yield Fault((*CONF, key), RULE.id, message, "write a whole number and a unit, such as `4g` or `1536m`")
    least, most = (quantity(conf.get(f"{ALLOCATION}.{end}Executors")) for end in ("min", "max"))
    if least is not None and most is not None and least > most:
        message = f"at least {least} and at most {most} executors cannot be"
        yield Fault((*CONF, f"{ALLOCATION}.minExecutors"), RULE.id, message, "lower it, or raise the most")


def _passed_over(body: Body, path: Path, decided: Amounts, pod: Body) -> Iterator[Fault]:
    """Of the first container, which is Spark's."""
    role = "executor" if "executorSpec" in path else "driver"
    image = map_at(body, *CONF).get(IMAGE)
    for where, container in list(maps_at(pod, "containers"))[:1]:
        if container.get("image") and image and container["image"] != image:
            message = f"Spark passes over this image: {code(IMAGE)} decides it"
            yield Fault((*path, *where, "image"), RULE.id, message, "remove it, or write it there")
        for part in ("requests", "limits"):
            said = map_at(container, "resources", part)
            for name in (one for one in DECIDED if one in said and (part, one) != ("limits", "cpu")):
                if quantity(said[name]) != decided[name]:
                    message = f"Spark passes over this: {code(DECIDED[name].format(role))} decides it"
                    place = (*path, *where, "resources", part, name)
                    yield Fault(place, RULE.id, message, "remove it, or write it there")
