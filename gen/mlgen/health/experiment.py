"""An Experiment of Katib -> its health: its conditions are those of the Training Operator's runs but for two.

It is never suspended, for it has no pods of its own: its trials' Jobs are. `Running` is taken away at the end
(katib, pkg/apis/controller/experiments/v1beta1/util.go).
"""

from mlgen.health.check import Check
from mlgen.health.conditions import Conditions

RUN = Conditions((("Failed", "Degraded"), ("Succeeded", "Healthy"), ("Running", "Healthy")))
CHECK = Check(
    "kubeflow.org/v1beta1",
    "Experiment",
    "Argo CD has no check for it, and Flux takes it for done at once, failed or not.",
    RUN.lua,
    RUN.failed,
    RUN.current,
)
