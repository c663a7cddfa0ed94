"""An InferenceService of KServe -> its health: whether it answers, and if not, whether that will pass by itself.

While a Deployment starts, KServe calls it not ready, as it calls one that is broken: what tells them apart is the state
of the model, or that the Deployment's time is over. Flux is asked about that Deployment instead (`pointers.flux`).
"""

from collections.abc import Iterable

from mlgen.health.check import Check

# What `modelStatus.transitionStatus` is when the pods crash, or no runtime takes the model
# (kserve, inference_service_status.go).
STUCK = ("BlockedByFailedLoad", "InvalidSpec")
# Why it is not ready: a Deployment that gave up, pods that may not be made, a revision of Knative's that failed, and
# what the controller itself cannot do.
GIVEN_UP = ("ProgressDeadlineExceeded", "FailedCreate", "RevisionFailed", "ReconcileFailed")


def _set(names: Iterable[str]) -> str:
    return "".join(f"  {name} = true,\n" for name in names)


LUA = f"""\
local status, found = obj.status or {{}}, {{}}
for _, condition in ipairs(status.conditions or {{}}) do
  found[condition.type] = condition
end
local function is(name, value)
  return (found[name] or {{}}).status == value
end
local function said(name)
  local condition = found[name] or {{}}
  return condition.message or condition.reason or name
end
local stuck = {{
{_set(STUCK)}}}
local given_up = {{
{_set(GIVEN_UP)}}}
if is("Stopped", "True") then
  return {{status = "Suspended", message = "Stopped by its annotation"}}
end
local model = status.modelStatus or {{}}
if stuck[model.transitionStatus or ""] then
  local failure = model.lastFailureInfo or {{}}
  return {{status = "Degraded", message = failure.message or failure.reason or model.transitionStatus}}
end
if is("PredictorReady", "False") and given_up[found.PredictorReady.reason or ""] then
  return {{status = "Degraded", message = said("PredictorReady")}}
end
if is("Ready", "True") and (found.CanaryPredictorReady == nil or is("CanaryPredictorReady", "True")) then
  return {{status = "Healthy", message = "Ready"}}
end
if is("Ready", "True") then
  return {{status = "Progressing", message = "The canary is not ready yet"}}
end
return {{status = "Progressing", message = said("PredictorReady")}}
"""

CHECK = Check(
    "serving.kserve.io/v1beta1",
    "InferenceService",
    "Argo CD's own check knows the mode Standard by its old name only, so that a service in that mode is never "
    "healthy, and it calls every service degraded while it starts.",
    LUA,
)
