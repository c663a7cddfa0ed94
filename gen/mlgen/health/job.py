"""A Job -> its health: that of a run where a workload of mlgen's made it; any other is judged as Argo CD judges it.

A Job that is a hook is waited for on purpose: Argo CD goes on as soon as one is healthy. For Flux there is nothing to
say: its own reader of Jobs comes before any expression (kustomize-controller, getClientAndPoller).
"""

from mlgen.health.check import Check

LUA = """\
local labels, annotations = obj.metadata.labels or {}, obj.metadata.annotations or {}
local run = labels["mlgen.dev/workload"] ~= nil and annotations["argocd.argoproj.io/hook"] == nil
local status, found = obj.status or {}, {}
for _, condition in ipairs(status.conditions or {}) do
  found[condition.type] = condition
end
if found.Failed then
  return {status = "Degraded", message = found.Failed.message}
end
if found.Suspended and found.Suspended.status == "True" then
  return {status = "Suspended", message = found.Suspended.message}
end
if found.Complete or found.Suspended and not run then
  return {status = "Healthy", message = (found.Complete or found.Suspended).message}
end
if run and (status.ready or 0) > 0 then
  return {status = "Healthy", message = "Running"}
end
return {status = "Progressing", message = "Not running yet"}
"""

CHECK = Check(
    "batch/v1",
    "Job",
    "Argo CD's own check calls a run progressing for as long as it runs. Jobs that mlgen did not make are judged as "
    "Argo CD judges them.",
    LUA,
)
