"""The kinds of objects that a spec has words for, and the module that says which."""

from collections.abc import Mapping

from mlgen.imports import (
    cron_job,
    deployment,
    inference_service,
    job,
    mpi_job,
    notebook,
    pytorch_job,
    ray_job,
    spark_application,
    tf_job,
    train_job,
)
from mlgen.imports.form import Form

# By API group and kind; the version does not matter to the words.
FORMS: Mapping[tuple[str, str], Form] = {
    ("apps", "Deployment"): deployment.FORM,
    ("batch", "CronJob"): cron_job.FORM,
    ("batch", "Job"): job.FORM,
    ("kubeflow.org", "MPIJob"): mpi_job.FORM,
    ("kubeflow.org", "Notebook"): notebook.FORM,
    ("kubeflow.org", "PyTorchJob"): pytorch_job.FORM,
    ("kubeflow.org", "TFJob"): tf_job.FORM,
    ("ray.io", "RayJob"): ray_job.FORM,
    ("serving.kserve.io", "InferenceService"): inference_service.FORM,
    ("sparkoperator.k8s.io", "ScheduledSparkApplication"): spark_application.SCHEDULED,
    ("sparkoperator.k8s.io", "SparkApplication"): spark_application.FORM,
    ("trainer.kubeflow.org", "TrainJob"): train_job.FORM,
}
