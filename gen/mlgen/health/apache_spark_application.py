"""A SparkApplication of Apache's own operator -> its health.

Its last word is about its pods: whether they are gone or kept. How the run went, the last word before that tells; the
status numbers all of them (apache/spark-kubernetes-operator 1.0, ApplicationStateSummary, ApplicationStatus).
"""

from mlgen.health.check import Check, among

RUNNING = (
    "DriverStarted",
    "DriverReady",
    "InitializedBelowThresholdExecutors",
    "RunningHealthy",
    "RunningWithPartialCapacity",
    "RunningWithBelowThresholdExecutors",
    "Succeeded",
)
OVER = ("ResourceReleased", "TerminatedWithoutReleaseResources")

LUA = f"""\
local status = obj.status or {{}}
local state = status.currentState or {{}}
local word, message = state.currentStateSummary or "", state.message
local running = {{{", ".join(f"{word} = true" for word in RUNNING)}}}
local over = {{{", ".join(f"{word} = true" for word in OVER)}}}
if not over[word] then
  return {{status = running[word] and "Healthy" or "Progressing", message = message or word}}
end
local last = -1
for number, passed in pairs(status.stateTransitionHistory or {{}}) do
  local summary = passed.currentStateSummary or ""
  if (tonumber(number) or -1) > last and not over[summary] then
    last, word, message = tonumber(number), summary, passed.message
  end
end
return {{status = word == "Succeeded" and "Healthy" or "Degraded", message = message or word}}
"""

HISTORY = "status.stateTransitionHistory"
WORD = "status.currentState.currentStateSummary"
SAID = f"has(status.currentState) && has({WORD})"
LATER = f"int(j) > int(k) && !({among(f'{HISTORY}[j].currentStateSummary', OVER)})"
SUCCEEDED = (
    f"has({HISTORY}) && {HISTORY}.exists(k, {HISTORY}[k].currentStateSummary == 'Succeeded' && "
    f"!{HISTORY}.exists(j, {LATER}))"
)

CHECK = Check(
    "spark.apache.org/v1",
    "SparkApplication",
    "Argo CD has no check for these: it takes whatever is there for healthy; Flux takes it for done at once, failed "
    "or not.",
    LUA,
    f"{SAID} && {among(WORD, OVER)} && !({SUCCEEDED})",
    f"{SAID} && {among(WORD, (*RUNNING, *OVER))}",
)
