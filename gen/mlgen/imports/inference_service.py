"""An InferenceService whose predictor is a container -> a workload of kind `serving` with a server of its own.

A model that a runtime of the cluster serves stays whole: its container is nowhere in git.
"""

from mlgen.imports.form import Asked, Form
from mlgen.imports.naming import Words
from mlgen.imports.source import Source, text, whole
from mlgen.node import Path

PREDICTOR: Path = ("spec", "predictor")
CONTAINER: Path = (*PREDICTOR, "containers", 0)
# What serves a model of a format, in the words of a spec.
SERVERS = {
    "tensorflow": "`server: tensorflow-serving`",
    "onnx": "`server: onnx`",
    "triton": "`server: triton`",
    **{key: f"`server: mlserver` and `runtime: {key}`" for key in ("sklearn", "xgboost", "lightgbm", "mlflow")},
    "huggingface": "`server: vllm`",
    "vLLM": "`server: vllm`",
}


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


def runtime(source: Source) -> str:
    """Which server of mlgen's serves such a model from a container of its own, where there is one."""
    predictor = source.body.find(*PREDICTOR)
    found = text(source.body, *PREDICTOR, "model", "modelFormat", "name")
    formats = [found] if found else [key for key in SERVERS if predictor is not None and key in predictor]
    words = next((SERVERS[key] for key in formats if key in SERVERS), "")
    if predictor is None:
        return "it has no predictor"
    way = f"; `kind: serving` with {words} serves it from a container that git knows" if words else ""
    return f"a runtime of the cluster serves its model{way}"


FORM = Form(kind="serving", platform="kserve-0.20", pods=(PREDICTOR,), more=words, fits=runs, otherwise=runtime)
