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
        id="kills-run",
        title="A change in place kills a Spark application that runs, and runs it again",
        why="The operator takes any change of the spec for a reason to submit the application anew.",
        source="spark-operator, internal/controller/sparkapplication/event_filter.go",
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
        why="The API server refuses the update, and the delivery engine tries for ever. Give the object another name, "
        "or delete it first.",
        source="kubernetes/pkg/apis, the Update functions of validation",
    ),
    Rule(
        id="changes-rights",
        title="A change of what an account may do",
        why="Rights deserve a second pair of eyes.",
        source="kubernetes.io, concepts/security/rbac-good-practices",
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
