"""A Notebook of Kubeflow's -> its health: that of its pod, which the controller copies, or that its user stopped it.

The controller leaves `containerState` empty in every other status it writes (notebook_controller.go skips a state that
it has written already), so a notebook that cannot start is at times only progressing.
"""

from mlgen.health.check import Check

# Why a container waits that will not start by itself: what Argo CD calls a degraded pod. Its scripts have no functions
# for text, so they are listed.
STUCK = (
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImagePull",
    "ErrImageNeverPull",
    "InvalidImageName",
    "CreateContainerConfigError",
    "CreateContainerError",
    "RunContainerError",
)
STOPPED = "kubeflow-resource-stopped"
_ROWS = "".join(f"  {reason} = true,\n" for reason in STUCK)
_NAMES = ", ".join(f"'{reason}'" for reason in STUCK)

LUA = f"""\
local status = obj.status or {{}}
local waiting = (status.containerState or {{}}).waiting or {{}}
local stuck = {{
{_ROWS}}}
if (obj.metadata.annotations or {{}})["{STOPPED}"] then
  return {{status = "Suspended", message = "Stopped by its user, or for idling"}}
end
if stuck[waiting.reason or ""] then
  return {{status = "Degraded", message = waiting.message or waiting.reason}}
end
if (status.readyReplicas or 0) > 0 then
  return {{status = "Healthy", message = "Running"}}
end
return {{status = "Progressing", message = waiting.reason or "Not running yet"}}
"""
_STOPPED = f"has(metadata.annotations) && '{STOPPED}' in metadata.annotations"
_WAITING = (
    "has(status.containerState) && has(status.containerState.waiting) && has(status.containerState.waiting.reason)"
)

CHECK = Check(
    "kubeflow.org/v1",
    "Notebook",
    "Argo CD has no check for it, and Flux takes it for done before its pod is there.",
    LUA,
    f"!({_STOPPED}) && {_WAITING} && status.containerState.waiting.reason in [{_NAMES}]",
    f"{_STOPPED} || has(status.readyReplicas) && status.readyReplicas > 0",
)
