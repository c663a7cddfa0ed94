"""What `mlgen diff` says a change may do: the risks, as pages of their own."""

from mlgen.rules.rule import Rule

ARGO = "argo-cd, docs/user-guide/sync-options.md"

RULES = (
    Rule(
        id="starts-run",
        title="A change starts a new run",
        why="A run is named by its content, so another content is another run, with all that it costs. The one before "
        "it stays as it is.",
        source="DESIGN, law 5",
    ),
    Rule(
        id="changed-run",
        title="A run is changed under its old name",
        why="A run is what it was when it began. The API server refuses another spec (TrainJob, JobSet); or the "
        "operator takes it without a word and runs nothing anew, so that git says one thing and the cluster has done "
        "another (TFJob and its kin, RayJob); or it kills what runs and runs it again (SparkApplication). The runs of "
        "workloads are named by their content; of an object under `manifests` that is up to you.",
        bad="manifests: [{kind: TFJob, metadata: {name: tune}, spec: ...}]            # and another spec later",
        good="manifests: [{kind: TFJob, metadata: {name: tune-2}, spec: ...}]",
        source="kubeflow/trainer v1.9, pkg/controller.v1/common/job.go; spark-operator, "
        "internal/controller/sparkapplication/event_filter.go; kuberay, rayjob_controller.go",
    ),
    Rule(
        id="deletes-run",
        title="A change deletes a run that another takes the place of",
        why="The environment says `history: prune`, or the run is none that mlgen named. Its pods go with it, also "
        "where they still run, and so do its logs.",
        source=ARGO,
    ),
    Rule(
        id="run-unkept",
        title="A run is protected from pruning no more",
        why="The environment says `history: prune` now: the next run that takes its place deletes it.",
        source=ARGO,
    ),
    Rule(
        id="deletes-schedule",
        title="A change deletes what starts something by a schedule",
        why="It never starts again. What it started, and what it keeps of that, goes with it.",
        source="kubernetes.io, concepts/architecture/garbage-collection",
    ),
    Rule(
        id="changes-demand",
        title="A change asks for more or less",
        why="All pods of a project in an environment at once, as far as autoscalers go: what it asked for and what it "
        "asks for, of its quota and of the GPUs that there are. Earlier runs that still run come on top.",
    ),
    Rule(
        id="host-gone",
        title="A host leads here no more",
        why="Whoever calls it gets no answer, or somebody else's.",
    ),
    Rule(
        id="next-run",
        title="A change takes effect the next time that a schedule fires",
        why="What runs already runs on as it was.",
    ),
    Rule(
        id="rolls",
        title="A change replaces the pods of a server one after the other",
        why="Each new pod has to start and load its model; with one pod there may be a gap.",
        source="kubernetes.io, concepts/workloads/controllers/deployment, Rolling Update Deployment",
    ),
    Rule(
        id="deletes-claim",
        title="A change deletes a claim that holds data",
        why="Whether the data outlives it depends on the reclaim policy of its volume, and mostly it does not.",
        source="kubernetes.io, concepts/storage/persistent-volumes, Reclaiming",
    ),
    Rule(
        id="deletes-namespace",
        title="A change deletes a namespace",
        why="Everything in it goes with it, also what mlgen did not write.",
        source=ARGO,
    ),
    Rule(
        id="deletes-workload",
        title="A change deletes a server or a notebook with its pods",
        why="Whoever uses it is cut off.",
    ),
    Rule(
        id="opens-network",
        title="A change takes a network policy away",
        why="What no policy selects may talk to everything.",
        source="kubernetes.io, concepts/services-networking/network-policies",
    ),
    Rule(
        id="immutable-change",
        title="A change of a field that cannot change",
        why="The API server refuses the update, and Argo CD or Flux tries for ever. Give the object another name: then "
        "the old one is left, or deleted with what it holds. Or delete it by hand just before the change is merged: "
        "then it is made anew. A StatefulSet can be deleted without its pods (`--cascade=orphan`).",
        bad="home: {size: 10Gi}            # 20Gi before: a claim never gets smaller",
        good="home: {size: 20Gi}",
        source="kubernetes/pkg/apis, the Update functions of validation; kubernetes.io, "
        "tasks/administer-cluster/use-cascading-deletion",
    ),
    Rule(
        id="changes-rights",
        title="A change of what an account may do",
        why="Rights deserve a second pair of eyes.",
        source="kubernetes.io, concepts/security/rbac-good-practices",
    ),
    Rule(
        id="deletes-all",
        title="What points a delivery engine at a project goes, and the engine deletes what it applied",
        why="An Application with Argo CD's finalizer, and a Kustomization of Flux's, take along what they applied. "
        "Where an environment is protected, mlgen writes neither. Protect it before you change its engine.",
        source=ARGO,
    ),
    Rule(
        id="lets-go",
        title="What points a delivery engine at a project goes, and what it applied stays",
        why="Where an environment is protected, nothing is deleted by a file that goes: somebody has to.",
    ),
    Rule(
        id="follows-another",
        title="A change lets a delivery engine follow another repository, branch or folder",
        why="Whatever is there replaces what runs, and what is not there is pruned.",
    ),
    Rule(
        id="takes-over",
        title="From this change on a delivery engine applies a project",
        why="What somebody applied by hand before becomes what is rendered.",
    ),
    Rule(
        id="left-behind",
        title="An object is rendered no more and stays in the cluster",
        why="It is protected from pruning, for a run stands on it. Somebody deletes it once nobody needs it.",
        source=ARGO,
    ),
    Rule(
        id="no-digest",
        title="A new image is named by its tag alone",
        why="A tag may be moved to another image: what was tested need not be what runs.",
        bad="image: churn:1.4.2",
        good="image: churn:1.4.2@sha256:...",
        source="kubernetes.io, concepts/containers/images",
    ),
)
RISKS = frozenset(rule.id for rule in RULES)
