"""A run that git tracks and that takes itself away."""

from collections.abc import Iterator, Mapping

from mlgen.body import Body, at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Setting
from mlgen.node import Path
from mlgen.practice import git
from mlgen.problem import Fault
from mlgen.rules.rule import Rule

RULE = Rule(
    id="run-ttl",
    title="A run that git tracks and that takes itself away",
    why=(
        "Argo CD and Flux make again what is in git and not in the cluster: the finished run would run once "
        "more, and again."
    ),
    bad="metadata: {annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}\nspec: {ttlSecondsAfterFinished: 3600}",
    good="metadata: {annotations: {kustomize.toolkit.fluxcd.io/prune: disabled}}\nspec: {backoffLimit: 0}",
    source="https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/; argo-cd#8586, #13851",
    severity="error",
    ignorable=True,
)

# Where each kind of run says how long it stays. A RayJob's time is that of its cluster, not its own.
TTL: Mapping[str, Path] = {
    "Job": ("spec", "ttlSecondsAfterFinished"),
    **dict.fromkeys(
        ("TFJob", "PyTorchJob", "XGBoostJob", "PaddleJob", "JAXJob", "MPIJob"),
        ("spec", "runPolicy", "ttlSecondsAfterFinished"),
    ),
    "SparkApplication": ("spec", "timeToLiveSeconds"),
    "SparkApplication.spark.apache.org": ("spec", "applicationTolerations", "ttlAfterStopMillis"),
    "JobSet": ("spec", "ttlSecondsAfterFinished"),
    "Workflow": ("spec", "ttlStrategy"),
}
NEVER = -1  # as Apache's operator of Spark writes it


def check(body: Body, setting: Setting) -> Iterator[Fault]:
    """A time to live of what git keeps: all that a project renders, and what is protected from pruning, as runs are.

    A hook of Argo CD is made by each sync anyway.
    """
    kind, group = text_at(body, "kind"), text_at(body, "apiVersion").partition("/")[0]
    where = TTL.get(f"{kind}.{group}") or TTL[kind]
    lives = at(body, *where)
    if lives is not None and lives != NEVER and (git.tracked(body) or (setting.tracked and not git.hook(body))):
        message = "this run is kept in git, and would be made again whenever its time to live is over"
        yield Fault(where, RULE.id, message, f"remove {code(where[-1])}")
