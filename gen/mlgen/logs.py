"""A run -> the line of kubectl that follows what it says."""

from mlgen.manifest import Ref

# Of an operator's own kind kubectl knows no pods: its labels, or its name, tell the one that leads.
LEADER = "-l training.kubeflow.org/job-name={},training.kubeflow.org/job-role=master"
OF_JOB_SET = "-l jobset.sigs.k8s.io/jobset-name={},batch.kubernetes.io/job-completion-index=0"
LEADERS = {
    "TFJob": LEADER,
    "PyTorchJob": LEADER,
    "MPIJob": LEADER,
    "SparkApplication": "{}-driver",
    "SparkApplication.spark.apache.org": "-l spark.operator/spark-app-name={},spark-role=driver",
    "TrainJob": OF_JOB_SET,
    "JobSet": OF_JOB_SET,
    # What a trial prints goes to the container beside it, which reads and shows it.
    "Experiment": "-l katib.kubeflow.org/experiment={} -c metrics-logger-and-collector --prefix"
    " --max-log-requests 1000",
    "RayJob": "job/{}",  # the one that submits it
}


KNOWN = ("", "apps", "batch")  # the groups of kinds whose pods kubectl finds itself


def follow(run: Ref) -> str:
    """`kubectl logs ...`: of the pod that leads, where there are several; where nobody knows its pods, its status."""
    if run.kind not in LEADERS and run.group not in KNOWN:
        return f"kubectl get -n {run.namespace} --watch {run.kind.lower()}.{run.group}/{run.name}"
    leader = LEADERS.get(f"{run.kind}.{run.group}") or LEADERS.get(run.kind, f"{run.kind.lower()}/{{}}")
    pods = leader.replace("{}", run.name)
    return f"kubectl logs -n {run.namespace} --follow {pods}"
