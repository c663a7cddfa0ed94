"""An object's name is longer than Kubernetes allows for its kind."""

from collections.abc import Iterator, Sequence

from mlgen.manifest import Manifest
from mlgen.problem import Problem
from mlgen.rules.rule import Rule
from mlgen.site import Site
from mlgen.trace import span_of

RULE = Rule(
    id="name-too-long",
    title="An object's name is longer than Kubernetes allows for its kind",
    why="The API server refuses it, or the pods that carry the name in a label or as their host name.",
    bad="workloads:\n  compute-the-features-of-every-single-drive: ...",
    good="workloads:\n  features: ...",
    source="kubernetes/pkg/apis/batch/validation (CronJob: 52, host names of indexed pods: 63), "
    "apimachinery validation (labels and DNS labels: 63), statefulset pod label controller-revision-hash (52)",
)
# A CronJob's Jobs add 11 characters; a StatefulSet's pods carry its name and a hash in one label, and Kubeflow makes a
# StatefulSet of a Notebook's name; the training operator
# calls the Services of its pods `<name>-evaluator-0`, `<name>-worker-999`; Spark's calls one `<name>-ui-svc`, and adds
# the time in 20 characters to the name of what runs on a schedule.
# Another group may have a kind of the same name: both Spark operators call theirs SparkApplication.
LIMITS = {
    ("sparkoperator.k8s.io", "SparkApplication"): 56,
    ("sparkoperator.k8s.io", "ScheduledSparkApplication"): 36,
    ("batch", "CronJob"): 52,
    ("apps", "StatefulSet"): 52,
    ("kubeflow.org", "Notebook"): 52,
    ("kubeflow.org", "TFJob"): 51,
    ("kubeflow.org", "PyTorchJob"): 52,
    ("", "Service"): 63,
    ("batch", "Job"): 63,
    ("", "Namespace"): 63,
    ("apps", "Deployment"): 63,
}
OTHERS = 253


def check(manifests: Sequence[Manifest], site: Site) -> Iterator[Problem]:
    """The limit of the kind against the finished name."""
    for manifest in manifests:
        name, limit = manifest.ref.name, LIMITS.get(manifest.ref[:2], OTHERS) - _added(manifest)
        if len(name) > limit:
            message = (
                f"the {manifest.ref.kind} would be named `{name}`: {len(name)} characters, and {limit} are allowed"
            )
            yield Problem(RULE.id, span_of(manifest.origins, ("metadata", "name")), message, "choose a shorter name")


def _added(manifest: Manifest) -> int:
    """What an indexed Job adds to its name for the host name of its last pod."""
    spec = manifest.body.get("spec")
    pods = spec.get("completions") if isinstance(spec, dict) and manifest.ref[:2] == ("batch", "Job") else None
    return len(f"-{pods - 1}") if isinstance(pods, int) else 0
