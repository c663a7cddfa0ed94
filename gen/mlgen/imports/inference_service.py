"""An InferenceService whose predictor is a container -> a workload of kind `serving` with a server of its own.

A model that a runtime of the cluster serves stays whole: its container is nowhere in git.
"""

from mlgen.imports.form import Asked, Form
from mlgen.imports.naming import Words
from mlgen.imports.source import Source, text, whole
from mlgen.node import Path

PREDICTOR: Path = ("spec", "predictor")
CONTAINER: Path = (*PREDICTOR, "containers", 0)


def words(asked: Asked) -> Words:
    """A server of its own, and how many of it."""
    body = asked.body
    least, most = whole(body, *PREDICTOR, "minReplicas"), whole(body, *PREDICTOR, "maxReplicas")
    several = most is not None and most > (least or 1)
    return {
        "server": "custom",
        "port": whole(body, *CONTAINER, "ports", 0, "containerPort"),
        "health": text(body, *CONTAINER, "readinessProbe", "httpGet", "path") or None,
        "replicas": {**({"min": least} if least else {}), **({"max": most} if several else {})},
    }


def runs(source: Source) -> bool:
    """Whether it says itself what runs."""
    return bool(text(source.body, *CONTAINER, "image"))


FORM = Form(kind="serving", platform="kserve-0.20", pods=(PREDICTOR,), more=words, fits=runs)
