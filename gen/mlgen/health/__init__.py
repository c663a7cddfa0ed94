"""The kinds of objects that an engine delivers -> the health checks that it lacks for them, or has wrong ones for.

A run is healthy as soon as it runs, for git asked for no more than that it be started, and a day of training must block
nothing: an application that is progressing for a day holds up every rollout, wait and promotion behind it. A run that
has failed for good is degraded, and stays so until another takes its place; one that is about to be tried again, or
that waits for its pods, is progressing; one that a queue or a person holds back is suspended.
"""

from collections.abc import Collection, Iterable
from textwrap import wrap

from mlgen.health import (
    apache_spark_application,
    experiment,
    external_secret,
    http_route,
    inference_service,
    job,
    job_set,
    mpi_job,
    notebook,
    pytorch_job,
    ray_job,
    ray_service,
    scaled_object,
    scheduled_spark_application,
    sealed_secret,
    spark_application,
    tf_job,
    train_job,
)
from mlgen.health.check import Check, Kind
from mlgen.node import Json

CHECKS: tuple[Check, ...] = (
    apache_spark_application.CHECK,
    experiment.CHECK,
    external_secret.CHECK,
    http_route.CHECK,
    inference_service.CHECK,
    job.CHECK,
    job_set.CHECK,
    mpi_job.CHECK,
    notebook.CHECK,
    pytorch_job.CHECK,
    ray_job.CHECK,
    ray_service.CHECK,
    scaled_object.CHECK,
    scheduled_spark_application.CHECK,
    sealed_secret.CHECK,
    spark_application.CHECK,
    tf_job.CHECK,
    train_job.CHECK,
)
EVERY: Collection[Kind] = frozenset(check.key for check in CHECKS)
WIDEST = 100


def argocd(kinds: Collection[Kind] = EVERY, more: Iterable[Check] = ()) -> dict[str, str]:
    """The entries of Argo CD's ConfigMap argocd-cm for those of ``kinds`` that need one.

    ``more`` are checks of kinds that are not ours.
    """
    return {
        f"resource.customizations.health.{check.key[0]}_{check.kind}": _explained(check)
        for check in (*CHECKS, *more)
        if check.lua and check.key in kinds
    }


def flux(kinds: Collection[Kind] = EVERY, more: Iterable[Check] = ()) -> list[Json]:
    """The `healthCheckExprs` of a Flux Kustomization for those of ``kinds`` that need some.

    Flux goes by the group alone, whatever version an entry names.
    """
    return [
        {"apiVersion": check.api_version, "kind": check.kind, "failed": check.failed, "current": check.current}
        for check in (*CHECKS, *more)
        if check.current and check.key in kinds
    ]


def _explained(check: Check) -> str:
    return "".join(f"-- {line}\n" for line in wrap(check.why, WIDEST)) + check.lua
