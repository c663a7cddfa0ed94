"""The shape of a file -> rules: what the JSON Schemas of projects, environments and releases ask for."""

from mlgen.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "unknown-key",
        "A key that means nothing here",
        "A mistyped key would otherwise be ignored in silence, and the workload would run with a default instead.",
        "data:\n  features: {blob: churn/features, acess: write}",
        "data:\n  features: {blob: churn/features, access: write}",
    ),
    Rule(
        "missing-key",
        "A key that has to be there is missing",
        "There is no value that would suit everybody, so mlgen does not choose one.",
        "name: churn",
        "name: churn\nowner: growth-ml",
    ),
    Rule(
        "wrong-type",
        "A value of another type than the key takes",
        "YAML reads `1.10` as the number 1.1 and an empty value as nothing: what arrives is not what was meant.",
        "serve:\n  replicas: {min: two}",
        "serve:\n  replicas: {min: 2}",
        "https://yaml.org/spec/1.2.2/#103-core-schema",
    ),
    Rule(
        "not-allowed",
        "A value that is none of those the key takes",
        "Only these values have a meaning; `mlgen explain` lists them.",
        "features: {blob: churn/features, access: rw}",
        "features: {blob: churn/features, access: write}",
    ),
    Rule(
        "wrong-form",
        "Text that does not have the form it needs",
        "Kubernetes would refuse the name or amount when the manifest is applied; the message says the right form.",
        "resources: {memory: 8GB}",
        "resources: {memory: 8Gi}",
        "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
    ),
    Rule(
        "out-of-range",
        "A number that is too small or too large",
        "The cluster would refuse it, or the workload could not run with it.",
        "serve:\n  port: 80",
        "serve:\n  port: 8080",
    ),
    Rule(
        "too-few",
        "Text, a list or a map with too little in it",
        "An empty list or name would render an object that the cluster refuses or that does nothing.",
        "train:\n  kind: job\n  command: []",
        "train:\n  kind: job\n  command: [python, -m, churn.train]",
    ),
    Rule(
        "too-many",
        "Text, a list or a map with too much in it",
        "Names are put together into longer names, and Kubernetes limits those; other limits keep files readable.",
        "name: predicting-which-drivers-will-stop-using-the-app",
        "name: churn",
        "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/",
    ),
    Rule(
        "repeated-item",
        "A list that says one thing twice",
        "The second has no effect, so one of the two is probably a slip for something else.",
        "train:\n  data: [features, models, features]",
        "train:\n  data: [features, models]",
    ),
    Rule(
        "one-of",
        "A choice that is not made, or made twice",
        "Several keys each say what a thing is; exactly one of them can be true.",
        "data:\n  features: {blob: churn/features, claim: shared-features}",
        "data:\n  features: {blob: churn/features}",
    ),
    Rule(
        "not-yet",
        "Something that this version of mlgen does not support yet",
        "The key or value is part of the plan. It is refused by name: to ignore it would promise what does not happen.",
        "platform:\n  queue: kueue-0.19",
        "platform: {}",
    ),
)
