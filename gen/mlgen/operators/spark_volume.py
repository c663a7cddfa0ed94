"""A volume of a Spark application that its operator passes over."""

from collections.abc import Iterator

from mlgen.body import Body, maps_at, text_at
from mlgen.faults.case import code
from mlgen.operators.application import ROLES, application
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="spark-volume",
    title="A volume that the Spark operator passes over",
    why="The operator mounts what `volumes` of the application has, and skips any other mount without a word: the pods "
    "start, and write into their own disks. A volume for Spark's scratch that no pod mounts is not used either.",
    bad="driver: {volumeMounts: [{name: features, mountPath: /data}]}",
    good="volumes: [{name: features, persistentVolumeClaim: {claimName: features}}]",
    source="kubeflow/spark-operator v2.5, internal/webhook/sparkpod_defaulter.go: addVolumes; apache/spark, "
    "LocalDirsFeatureStep",
)
SCRATCH = "spark-local-dir-"


def check(body: Body) -> Iterator[Fault]:
    """Mounts against volumes, and scratch against mounts."""
    path, spec = application(body)
    volumes = [text_at(volume, "name") for _, volume in maps_at(spec, "volumes")]
    mounted = set()
    for role in ROLES:
        for where, mount in maps_at(spec, role, "volumeMounts"):
            name = text_at(mount, "name")
            mounted.add(name)
            if name and name not in volumes:
                mend = did_you_mean(name, volumes) or "list it under the application's `volumes`"
                yield Fault((*path, *where, "name"), RULE.id, f"the application has no volume {code(name)}", mend)
    templates = any("template" in part for role in ROLES if isinstance(part := spec.get(role), dict))
    for where, volume in maps_at(spec, "volumes"):
        name = text_at(volume, "name")
        if name.startswith(SCRATCH) and name not in mounted and not templates:
            message = f"{code(name)} is meant as Spark's scratch, and neither driver nor executor mounts it"
            yield Fault(
                (*path, *where, "name"), RULE.id, message, "mount it: `volumeMounts: [{name: ..., mountPath: ...}]`"
            )
