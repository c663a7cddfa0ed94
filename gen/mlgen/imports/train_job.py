"""A TrainJob of Kubeflow Trainer on several nodes -> a workload of kind `pytorch`."""

from mlgen.imports import container
from mlgen.imports.form import Asked, Form, duration, plainly
from mlgen.imports.naming import Words
from mlgen.imports.source import Source, text, whole
from mlgen.node import Node, Path

TRAINER: Path = ("spec", "trainer")


def words(asked: Asked) -> Words:
    """What trains, and on how many nodes. The runtime is the environment's."""
    body, shared = asked.body, asked.shared
    runtime = text(body, "spec", "runtimeRef", "name")
    if runtime:
        shared.needs.further["runtimes"] = {"pytorch": runtime}
    trainer = body["spec"]["trainer"]
    sized = trainer.get("resourcesPerNode") or Node({}, trainer.span)
    alike = Node({"resources": sized}, trainer.span)
    return {
        **container.said(trainer, asked.name, shared),
        "resources": container.resources(Node({}, trainer.span), alike, shared.needs),
    }


def several(source: Source) -> bool:
    """Whether it is more than one pod, for which mlgen needs no runtime, and whether an image is said."""
    body = source.body
    return (whole(body, *TRAINER, "numNodes") or 1) > 1 and bool(text(body, *TRAINER, "image"))


def alone(_: Source) -> str:
    """Why not."""
    return "mlgen makes a TrainJob of several nodes, and of an image that is said"


FORM = Form(
    kind="pytorch",
    platform="kubeflow-trainer-2.2",
    pods=(),
    says={
        (*TRAINER, "numNodes"): ("workers", plainly),
        ("spec", "activeDeadlineSeconds"): ("timeout", duration),
    },
    more=words,
    fits=several,
    otherwise=alone,
)
