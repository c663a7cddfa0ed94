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
        "What nobody checked must not look as if it had passed. mlgen knows Kubernetes' own kinds, the custom "
        "resources that it writes itself, and those whose definitions the platform repository has imported: "
        "`kubectl get crd -o yaml | mlgen schema import -`.",
        "apiVersion: batch.volcano.sh/v1alpha1\nkind: Job",
        "apiVersion: batch/v1\nkind: Job",
        FIELD_VALIDATION,
    ),
    Rule(
        "bad-definition",
        "A CustomResourceDefinition cannot be imported",
        "mlgen checks custom resources against the definitions that it has imported. One that it cannot read it cannot "
        "check against, so nothing is written.",
        "apiVersion: apiextensions.k8s.io/v1beta1\nkind: CustomResourceDefinition",
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition",
        "https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/",
    ),
    Rule(
        "crd-duplicate-item",
        "A list has an item twice that it may have once",
        "The definition of the custom resource says that the list is a set, or that its items are told apart by some "
        "of their fields. The API server refuses the object.",
        "tags: [prod, ranking, prod]",
        "tags: [prod, ranking]",
        "apiextensions-apiserver/pkg/apiserver/schema/listtype: ValidateListSetsAndMaps",
    ),
    Rule(
        "crd-rule",
        "A custom resource is against a rule of its definition",
        "A CustomResourceDefinition may have rules in CEL (`x-kubernetes-validations`), which the API server asks. "
        "The message is that of the rule's author.",
        "minReplicas: 9\nmaxReplicas: 4",
        "minReplicas: 1\nmaxReplicas: 4",
        "apiextensions-apiserver/pkg/apiserver/schema/cel: Validator.Validate",
    ),
    Rule(
        "not-evaluated",
        "A rule or a policy could not be evaluated, so nobody knows whether it is kept",
        "What nobody checked must not look as if it had passed. CEL needs the extra `mlgen[policies]`; some things are "
        "known in a cluster only: who asks, and what an authorizer would say.",
        "validations: [{expression: \"authorizer.group('').resource('pods').check('create').allowed()\"}]",
        "validations: [{expression: object.spec.replicas <= 10}]",
        "https://kubernetes.io/docs/reference/using-api/cel/",
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
