"""Rules about manifests that become a spec."""

from mlgen.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        id="not-importable",
        title="Something that `mlgen import` cannot read as a Kubernetes object",
        why="What is no object with a kind and a name can become nothing in a spec, and left out silently it would be "
        "missed later.",
    ),
    Rule(
        id="not-carried",
        title="A value of an imported object that is nowhere in the spec",
        why="A spec has no place for it: the value of a secret, or a field of a kind that becomes another one. "
        "Whoever needs it has to say it elsewhere.",
    ),
    Rule(
        id="not-the-same",
        title="An imported object of which the spec does not build all",
        why="`mlgen import` builds the spec that it writes, on an environment that fits, and compares: an object that "
        "comes out as another one would be applied as another one.",
    ),
)
