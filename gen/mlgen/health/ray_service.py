"""A RayService -> its health: whether anybody answers, as somebody does while a new cluster takes over."""

from mlgen.health.check import Check, conditions

# Why nobody does that will not change by itself (kuberay, apis/ray/v1/rayservice_types.go).
STUCK = ("ValidationFailed", "InitializingTimeout")
_ROWS = "".join(f"  {reason} = true,\n" for reason in STUCK)
_NAMES = ", ".join(f"'{reason}'" for reason in STUCK)

LUA = f"""\
local status = obj.status or {{}}
local stuck = {{
{_ROWS}}}
for _, condition in ipairs(status.conditions or {{}}) do
  if condition.type == "Ready" then
    if condition.status == "True" then
      return {{status = "Healthy", message = condition.message or "Answers"}}
    end
    if stuck[condition.reason or ""] then
      return {{status = "Degraded", message = condition.message or condition.reason}}
    end
    return {{status = "Progressing", message = condition.message or "Does not answer yet"}}
  end
end
return {{status = "Progressing", message = "Does not answer yet"}}
"""

CHECK = Check(
    "ray.io/v1",
    "RayService",
    "Argo CD has no check for it, and Flux takes it for done before anybody answers.",
    LUA,
    "has(status.conditions) && status.conditions.exists(c, "
    f"c.type == 'Ready' && c.status == 'False' && c.reason in [{_NAMES}])",
    conditions("Ready"),
)
