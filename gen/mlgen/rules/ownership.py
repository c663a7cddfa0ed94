"""Rules about reading a platform repository, and about whose the files in overlays/ are."""

from mlgen.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="not-a-file",
        title="A link, pipe, device or folder where a plain file is needed",
        why="Opening a pipe or a device waits or does something, and a link can lead out of the repository: what is "
        "read or written there would be nobody's intention. Links within the repository are followed when specs are "
        "read, never in overlays/.",
        bad="projects/churn/mlgen.yaml -> /home/anna/churn.yaml",
        good="projects/churn/mlgen.yaml is the file itself",
    ),
    Rule(
        id="wrong-file-name",
        title="A file is named almost like one that mlgen reads",
        why="The file would be left out without a word.",
        bad="environments/prod.yml\nprojects/churn/mlgen.yml",
        good="environments/prod.yaml\nprojects/churn/mlgen.yaml",
    ),
    Rule(
        id="cannot-read",
        title="The system does not let mlgen read a file or folder",
        why="Whoever leaves out what they cannot read renders something else than what the files say.",
    ),
    Rule(
        id="cannot-write",
        title="The system does not let mlgen write overlays/",
        why="The disk is full, or something is write-protected. Every project is as it was or as it should be, "
        "never half of each; the next command clears up what may have stayed in overlays/.mlgen-stage.",
    ),
    Rule(
        id="busy",
        title="Another mlgen is writing in the same overlays/",
        why="Two that write at the same time would undo each other's work, so the second waits some seconds for the "
        "first, and then gives up.",
    ),
    Rule(
        id="changed-meanwhile",
        title="A project's overlays changed while mlgen was about to write them",
        why="What was planned no longer fits what lies there, and writing it could lose somebody's edit.",
    ),
    Rule(
        id="hand-edited",
        title="A rendered file was edited by hand",
        why="The next rendering would lose the edit, and until then the specs do not say what runs. mlgen.lock has "
        "the sha256 of every file as mlgen wrote it. Files that git could not merge are no hand edits: they are just "
        "rendered again once the specs are merged.",
        bad="overlays/churn/prod/deployment-serve.yaml: replicas edited from 4 to 6",
        good="projects/churn/mlgen.yaml:\nenvironments:\n  prod:\n    workloads: {serve: {replicas: {min: 6}}}",
    ),
    Rule(
        id="foreign-file",
        title="A file in overlays/ that mlgen did not write",
        why="mlgen never overwrites or deletes such a file, not even with --force. Where it has to write, that is an "
        "error; elsewhere a warning, since Kustomize does not see the file either. Files named "
        ".argocd-source-*.yaml belong to Argo CD Image Updater and are not mentioned.",
        bad="overlays/churn/prod/my-config.yaml, written by hand",
        good="projects/churn/mlgen.yaml:\nmanifests: [my-config.yaml]",
    ),
    Rule(
        id="broken-lock",
        title="A file says that mlgen wrote it, and the folder's mlgen.lock does not",
        why="Without its lock a folder has no proof of what mlgen may overwrite. A lock that git could not merge is "
        "not broken: both of its sides are read.",
        bad="overlays/churn/prod/mlgen.lock was deleted, or cut short",
        good="git restore overlays/churn/prod/mlgen.lock",
    ),
    Rule(
        id="stale-overlay",
        title="overlays/ is not what the specs and environments render to",
        why="What is committed there is what the cluster gets, whatever the specs say.",
        bad="git commit projects/churn/mlgen.yaml",
        good="mlgen render && git commit projects/churn/mlgen.yaml overlays/churn",
    ),
)
