"""Rules about files as a whole, and about what an environment changes of a project."""

from mlgen.rules.rule import Rule

RULES = (
    Rule(
        id="empty-file",
        title="A file of the platform repository is empty",
        why="A project or an environment was expected there, and an empty one would mean nothing.",
        bad="# nothing here yet",
        good="apiVersion: mlgen.dev/v1\nkind: Environment\nname: dev",
    ),
    Rule(
        id="reserved-name",
        title="A name that means something else already",
        why="`base` and `clusters` are folders beside a project's environments, device names cannot be folders on "
        "Windows, and YAML's words would have to be quoted wherever they are written.",
        bad="name: base",
        good="name: core",
    ),
    Rule(
        id="wrong-name",
        title="A project or environment has another name than its folder or file",
        why="A person who looks for it by its name would not find it.",
        bad="name: chrun            # in projects/churn/mlgen.yaml",
        good="name: churn",
    ),
    Rule(
        id="unknown-environment",
        title="A project lists an environment that the platform does not have",
        why="Nothing can be rendered for it.",
        bad="environments: {prd: {}}",
        good="environments: {prod: {}}",
    ),
    Rule(
        id="override-hits-nothing",
        title="An environment changes a workload or data that the project does not have there",
        why="The change would be lost in silence.",
        bad="environments:\n  dev: {workloads: {trian: {retries: 0}}}",
        good="environments:\n  dev: {workloads: {train: {retries: 0}}}",
    ),
    Rule(
        id="override-changes-nothing",
        title="An environment changes a value to what it is anyway",
        why="It looks like a difference between environments, and there is none.",
        bad="workloads: {train: {kind: job, retries: 3}}\nenvironments:\n  dev: {workloads: {train: {retries: 3}}}",
        good="workloads: {train: {kind: job, retries: 3}}\nenvironments:\n  dev: {}",
    ),
)
