"""What people say of rules that they know better than -> the rules about that."""

from mlgen.rules.rule import Rule

RULES = (
    Rule(
        id="no-reason",
        title="An annotation that ignores a rule and does not say why",
        why="Nobody who reads it later can tell whether it is still so.",
        bad='metadata: {annotations: {mlgen.dev/ignore.host-path: "yes"}}',
        good="metadata: {annotations: {mlgen.dev/ignore.host-path: The agent reads the logs of its node.}}",
    ),
    Rule(
        id="not-ignorable",
        title="A rule is ignored that nobody can know better than",
        why="The cluster, an operator or mlgen itself would refuse it all the same.",
        bad="ignore: {request-over-limit: It has always been so.}",
        good="ignore: {no-checkpoint: The model is trained anew in a minute.}",
    ),
    Rule(
        id="unknown-rule",
        title="A rule is ignored that there is not",
        why="What was meant to be ignored is not.",
        bad="ignore: {no-chekpoint: The model is trained anew in a minute.}",
        good="ignore: {no-checkpoint: The model is trained anew in a minute.}",
    ),
    Rule(
        id="unused-ignore",
        title="A rule is ignored where it finds nothing",
        why="The reason may be gone, and the next fault of this sort would be ignored with it.",
        bad="ignore: {no-checkpoint: The model is trained anew in a minute.}          # and it has a volume by now",
        good="data: [checkpoints]",
        severity="warning",
    ),
)
