"""Rules about revisions and releases: what `mlgen diff`, `release` and `promote` refuse."""

from mlgen.rules.rule import Rule

RULES = (
    Rule(
        id="no-git",
        title="There is no git on this machine",
        why="What a change does is found by comparing with a revision, and git has the revisions.",
        source="git-scm.com",
    ),
    Rule(
        id="unmerged",
        title="A merge that left a conflict in the index",
        why="With --staged, what git would commit is looked at; while a file has two sides, git commits nothing.",
        bad="git merge feature    # CONFLICT (content): Merge conflict in projects/churn/mlgen.yaml",
        good="git add projects/churn/mlgen.yaml    # once it is as it should be",
        source="git-scm.com, git-merge",
    ),
    Rule(
        id="no-revision",
        title="A revision that the repository does not have",
        why="There is nothing to compare with. A clone of a build machine often has the newest commit only.",
        bad="mlgen diff --base origin/mian",
        good="git fetch origin main && mlgen diff --base origin/main",
        source="git-scm.com, gitrevisions",
    ),
    Rule(
        id="no-release",
        title="What is to be released or promoted is not said, or is not there",
        why="Nothing would be pinned.",
        bad="mlgen release churn --env dev --image churn",
        good="mlgen release churn --env dev --image churn:1.4.2@sha256:...",
    ),
    Rule(
        id="promotion-only",
        title="A release by hand into a protected environment",
        why="What runs there is to be exactly what another environment proved, not something that was built for it.",
        bad="mlgen release churn --env prod --image churn:1.4.2@sha256:...",
        good="mlgen promote churn --from staging --to prod",
    ),
    Rule(
        id="skipped-stage",
        title="A promotion that leaves out an environment",
        why="The environment says which other one proves what runs there, under `promotion`.",
        bad="mlgen promote churn --from dev --to prod            # and prod says `promotion: {from: staging}`",
        good="mlgen promote churn --from staging --to prod",
    ),
    Rule(
        id="edit-by-hand",
        title="A releases.yaml whose form does not allow a change by mlgen",
        why="mlgen changes single values and lines, so that comments and spelling stay. What it cannot change so, a "
        "person changes.",
        bad="environments: {dev: {images: {churn: [1]}}}",
        good="environments:\n  dev:\n    images: {churn: 1.4.2}",
    ),
)
