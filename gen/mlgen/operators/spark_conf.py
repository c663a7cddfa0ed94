"""A setting of Spark that its operator refuses."""

from collections.abc import Iterator

from mlgen.body import Body, map_at, text_at
from mlgen.faults.case import code
from mlgen.operators.application import application
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="spark-conf",
    title="A setting in `sparkConf` that the operator refuses",
    why="The operator's webhook refuses settings that it makes itself, or that would give an application another "
    "identity than its own.",
    bad="sparkConf: {spark.kubernetes.container.image: acme/churn:1.0}",
    good="image: acme/churn:1.0",
    source="kubeflow/spark-operator v2.5, internal/webhook/sparkconf_validator.go",
)
ACCOUNT, IMAGE = "name it under `driver` and `executor`: `serviceAccount: ...`", "write it as `image: ...`"
OURS = "remove it: the operator sets it"
DENIED = {
    "spark.master": OURS,
    "spark.kubernetes.driver.master": OURS,
    "spark.kubernetes.container.image": IMAGE,
    "spark.kubernetes.driver.container.image": IMAGE,
    "spark.kubernetes.executor.container.image": IMAGE,
    "spark.kubernetes.authenticate.driver.serviceAccountName": ACCOUNT,
    "spark.kubernetes.authenticate.executor.serviceAccountName": ACCOUNT,
    **{
        f"spark.kubernetes.authenticate.{who}oauthToken{what}": OURS
        for who in ("", "driver.", "executor.")
        for what in ("", "File")
    },
}
NAMESPACE = "spark.kubernetes.namespace"


def check(body: Body) -> Iterator[Fault]:
    """Every key of `sparkConf`."""
    path, spec = application(body)
    conf = map_at(spec, "sparkConf")
    for key in conf:
        if key in DENIED:
            yield Fault((*path, "sparkConf", key), RULE.id, f"the operator refuses {code(key)} here", DENIED[key])
    own = text_at(body, "metadata", "namespace")
    if own and isinstance(conf.get(NAMESPACE), str) and conf[NAMESPACE] != own:
        message = f"the application is in the namespace {code(own)}, and {code(NAMESPACE)} is {code(conf[NAMESPACE])}"
        yield Fault((*path, "sparkConf", NAMESPACE), RULE.id, message, "remove it")
