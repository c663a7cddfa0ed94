"""An InferenceService that its operator refuses, or a part of it that nobody acts on."""

from collections.abc import Iterator

from mlgen.body import Body, list_at, map_at, maps_at, number_at, text_at
from mlgen.faults.case import code
from mlgen.node import Path
from mlgen.problem import Fault
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean

RULE = Rule(
    id="inference-service",
    title="An InferenceService that KServe refuses, or takes only in part",
    why="KServe's webhook refuses a component with no server, or two, and bounds that cannot be; what belongs to "
    "another deployment mode it passes over without a word.",
    bad="predictor: {minReplicas: 4, maxReplicas: 2, model: {...}, tensorflow: {...}}",
    good="predictor: {minReplicas: 2, maxReplicas: 4, model: {...}}",
    source="kserve v0.20, pkg/apis/serving/v1beta1/inference_service_validation.go, component.go: validateReplicas, "
    "validateExactlyOneImplementation; pkg/constants",
)
COMPONENTS = ("predictor", "transformer", "explainer")
SERVERS = "model sklearn xgboost tensorflow pytorch triton onnx huggingface pmml lightgbm paddle".split()
OWN = "kserve-container"
MODE = "serving.kserve.io/deploymentMode"
MODES = ("Standard", "Knative", "ModelMesh", "RawDeployment", "Serverless")
SCALER = "serving.kserve.io/autoscalerClass"
SCALERS = ("hpa", "keda", "external", "none")
STANDARD = ("Standard", "RawDeployment")
HPA_METRICS = ("cpu", "memory")
LABEL = 63


def check(body: Body) -> Iterator[Fault]:
    """Each component, and the annotations that say how all of it runs."""
    notes, spec = map_at(body, "metadata", "annotations"), map_at(body, "spec")
    for name, known in ((MODE, MODES), (SCALER, SCALERS)):
        value = notes.get(name)
        if isinstance(value, str) and value not in known:
            message = f"{code(name)} cannot be {code(value)}"
            yield Fault(("metadata", "annotations", name), RULE.id, message, did_you_mean(value, known))
    yield from _servers(map_at(spec, "predictor"), ("spec", "predictor"))
    for name in COMPONENTS:
        part = map_at(spec, name)
        yield from _replicas(part, ("spec", name))
        yield from _scaling(part, ("spec", name), notes)
        yield from _locations(part, ("spec", name))
    yield from _canaries(spec, text_at(notes, MODE))
    yield from _label(text_at(body, "metadata", "name"), spec, text_at(notes, MODE))


def _servers(predictor: Body, path: Path) -> Iterator[Fault]:
    servers = [name for name in SERVERS if isinstance(predictor.get(name), dict)]
    own = any(one.get("name") == OWN for _, one in maps_at(predictor, "containers"))
    if len(servers) + own > 1:
        said = " and ".join(code(name) for name in [*servers, *([OWN] if own else [])])
        where = (*path, servers[-1])
        yield Fault(where, RULE.id, f"a predictor has one server, and this one has {said}", "keep one of them")
    if predictor and not servers and not list_at(predictor, "containers"):
        yield Fault(
            path, RULE.id, "this predictor has no server", "add `model: {modelFormat: {name: ...}, storageUri: ...}`"
        )
    for name in servers:
        if text_at(predictor, name, "name"):
            message = f"KServe names the container itself, and refuses a name in {code(name)}"
            yield Fault((*path, name, "name"), RULE.id, message, "remove it")


def _replicas(part: Body, path: Path) -> Iterator[Fault]:
    least, most = number_at(part, "minReplicas"), number_at(part, "maxReplicas")
    for field, value in (("minReplicas", least), ("maxReplicas", most)):
        if value is not None and value < 0:
            yield Fault((*path, field), RULE.id, f"there cannot be {value} replicas", "write 0 or more")
    if least is not None and most and least > most >= 0:
        message = f"at least {least} and at most {most} replicas cannot be"
        yield Fault((*path, "minReplicas"), RULE.id, message, "lower it, or raise `maxReplicas`")


def _scaling(part: Body, path: Path, notes: Body) -> Iterator[Fault]:
    metric, scaler = text_at(part, "scaleMetric"), notes.get(SCALER)
    if not metric or notes.get(MODE) not in STANDARD:
        return
    if scaler == "keda":
        message = "with KEDA, KServe refuses `scaleMetric`"
        yield Fault((*path, "scaleMetric"), RULE.id, message, "write the metric under `autoScaling`")
    elif scaler == "hpa" and metric not in HPA_METRICS:
        message = f"an autoscaler of Kubernetes cannot scale by {code(metric)}"
        yield Fault((*path, "scaleMetric"), RULE.id, message, did_you_mean(metric, HPA_METRICS))


def _locations(part: Body, path: Path) -> Iterator[Fault]:
    for name in SERVERS:
        if text_at(part, name, "storageUri") and part.get("storageUris") is not None:
            message = "`storageUri` and `storageUris` cannot both be"
            yield Fault((*path, "storageUris"), RULE.id, message, "list all of them under `storageUris`")


def _canaries(spec: Body, mode: str) -> Iterator[Fault]:
    canaries = list(maps_at(spec, "canary"))
    if canaries and mode and mode not in STANDARD:
        message = f"`canary` is for the mode `Standard`, and this service is {code(mode)}"
        yield Fault(("spec", "canary"), RULE.id, message, "write `canaryTrafficPercent` in the predictor")
    shares = [number_at(one, "trafficPercent") or 0 for _, one in canaries]
    if sum(shares) > 100:
        message = f"the canaries get {sum(shares)} percent of the traffic together"
        yield Fault(("spec", "canary"), RULE.id, message, "leave something for the predictor")
    for path, one in canaries:
        if map_at(one, "predictor") and not text_at(one, "predictor", "name"):
            where = ("spec", *path, "predictor")
            yield Fault(where, RULE.id, "a canary's predictor needs a name of its own", "add `name: v43`")
    if mode in STANDARD and number_at(spec, "predictor", "canaryTrafficPercent") is not None:
        where = ("spec", "predictor", "canaryTrafficPercent")
        message = f"in the mode {code(mode)} nothing reads `canaryTrafficPercent`"
        yield Fault(where, RULE.id, message, "write `spec.canary`, or use the mode `Knative`")


def _label(name: str, spec: Body, mode: str) -> Iterator[Fault]:
    """In the mode Standard, the label by which its Deployment selects pods (constants.go, GetRawServiceLabel)."""
    predictors = [map_at(spec, "predictor"), *(map_at(one, "predictor") for _, one in maps_at(spec, "canary"))]
    own = max((text_at(predictor, "name") for predictor in predictors), key=len)
    label = "isvc." + "-".join(filter(None, (name, own, "predictor")))
    if mode in STANDARD and len(label) > LABEL:
        message = f"KServe labels its pods {code(label)}, and a label has at most {LABEL} characters, not {len(label)}"
        yield Fault(("metadata", "name"), RULE.id, message, f"choose a name shorter by {len(label) - LABEL}")
