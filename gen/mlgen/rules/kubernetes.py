"""Kubernetes' schemas and what an object has against them -> the rules that name it."""

from mlgen.rules.rule import Rule

FIELD_VALIDATION = "https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation"
REFERENCE = "https://kubernetes.io/docs/reference/kubernetes-api/"
DEPRECATIONS = "https://kubernetes.io/docs/reference/using-api/deprecation-guide/"

RULES: tuple[Rule, ...] = (
    Rule(
        "kubernetes-api-unavailable",
        "The environment's Kubernetes version does not serve this apiVersion of the kind",
        "An API appears in one minor version and goes in another. The cluster answers with `no matches for kind`, and "
        "nothing of the object is applied.",
        "apiVersion: batch/v1beta1\nkind: CronJob",
        "apiVersion: batch/v1\nkind: CronJob",
        DEPRECATIONS,
    ),
    Rule(
        "kubernetes-missing-field",
        "A field that Kubernetes requires is missing",
        "The API server refuses the object. The place is the map that lacks the field.",
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  template: {...}",
        "apiVersion: apps/v1\nkind: Deployment\nspec:\n  selector: {matchLabels: {app: web}}\n  template: {...}",
        REFERENCE,
    ),
    Rule(
        "kubernetes-unknown-field",
        "The API does not know this field",
        "Unless a client asks for strict validation, the API server drops an unknown field and says nothing: the "
        "setting is in git and not in the cluster. It may be mistyped, on the wrong level, or of another version. Of a "
        "custom resource, mlgen knows the fields that somebody may want to set.",
        "spec:\n  replica: 3",
        "spec:\n  replicas: 3",
        FIELD_VALIDATION,
    ),
    Rule(
        "kubernetes-unknown-kind",
        "Kubernetes has no such kind in this apiVersion",
        "Kinds are spelt in one way, with capitals: to the API server `deployment` is not a Deployment.",
        "apiVersion: apps/v1\nkind: deployment",
        "apiVersion: apps/v1\nkind: Deployment",
        REFERENCE,
    ),
    Rule(
        "kubernetes-wrong-type",
        "A Kubernetes field has a value of the wrong type",
        "The API server cannot decode the object and refuses it. The usual cause is YAML: `on`, `1.10` and `8080` "
        'without quotes are no text, and `"3"` in quotes is no number.',
        "args: [--port, 8080]",
        'args: [--port, "8080"]',
        REFERENCE,
    ),
    Rule(
        "kubernetes-wrong-value",
        "A Kubernetes field has a value that cannot stand there",
        "The API server refuses the object: the value is none of a few words, has the wrong form, or is too small or "
        "too large. An object inside another one, such as a volume claim template, may say its apiVersion and kind, "
        "but only those that belong there.",
        'kind: HTTPRoute\nspec:\n  hostnames: ["https://churn.example.com"]',
        "kind: HTTPRoute\nspec:\n  hostnames: [churn.example.com]",
        REFERENCE,
    ),
    Rule(
        "no-schema",
        "There is no schema for the object, so it cannot be checked",
        "What nobody checked must not look as if it had passed. mlgen knows Kubernetes' own kinds and the custom "
        "resources that it writes itself.",
        "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job",
        "apiVersion: batch/v1\nkind: Job",
        FIELD_VALIDATION,
    ),
    Rule(
        "not-an-object",
        "A document of a manifest that is no Kubernetes object",
        "kubectl refuses it, and everything else in the file with it.",
        "- apiVersion: v1\n  kind: ConfigMap",
        "apiVersion: v1\nkind: ConfigMap",
        "https://kubernetes.io/docs/concepts/overview/working-with-objects/",
    ),
)
