"""Where objects are meant to go -> how much the Pod Security Standards matter there.

A namespace of an environment has the level that the environment names, and refuses pods that are below it
(https://kubernetes.io/docs/concepts/security/pod-security-standards/).
"""

from typing import Literal

from mlgen.body import Body, map_at
from mlgen.gathered import Setting

LEVELS = ("privileged", "baseline", "restricted")
Level = Literal["baseline", "restricted"]


def applies(level: Level, setting: Setting) -> bool:
    """Whether what ``level`` forbids ought not to be there: always, where nobody said which environment."""
    if setting.offer is None:
        return True
    said = setting.offer.get("podSecurity")
    return LEVELS.index(level) <= (LEVELS.index(str(said.value)) if said is not None else len(LEVELS))


def windows(spec: Body) -> bool:
    """Whether a pod is one of Windows, where some of what the levels ask for does not exist."""
    return map_at(spec, "os").get("name") == "windows"
