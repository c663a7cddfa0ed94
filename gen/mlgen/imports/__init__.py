"""The kinds of objects that a spec has words for, and the module that says which."""

from collections.abc import Mapping

from mlgen.imports import cron_job, deployment, job, pytorch_job, tf_job
from mlgen.imports.form import Form

# By API group and kind; the version does not matter to the words.
FORMS: Mapping[tuple[str, str], Form] = {
    ("apps", "Deployment"): deployment.FORM,
    ("batch", "CronJob"): cron_job.FORM,
    ("batch", "Job"): job.FORM,
    ("kubeflow.org", "PyTorchJob"): pytorch_job.FORM,
    ("kubeflow.org", "TFJob"): tf_job.FORM,
}
