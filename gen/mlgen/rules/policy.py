"""The policies that a cluster enforces -> the rules that are about them."""

from mlgen.rules.rule import Rule

SOURCE = "https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/"

RULES: tuple[Rule, ...] = (
    Rule(
        "bad-policy",
        "An admission policy, or its binding, is one that the API server would refuse",
        "mlgen evaluates the same files that the cluster enforces. A policy that the cluster does not take protects "
        "nothing.",
        "validations: [{expression: object.spec.replicas <}]",
        "validations: [{expression: object.spec.replicas < 10}]",
        SOURCE,
    ),
    Rule(
        "policies-without-cel",
        "An environment lists policies, and what evaluates them is not installed",
        "Policies are written in CEL. It is an extra, because it takes 50 MB. Without it nobody would know whether an "
        "object is refused in the cluster.",
        "pip install mlgen",
        "pip install 'mlgen[policies]'",
        SOURCE,
    ),
    Rule(
        "policy",
        "A policy of the cluster refuses the object",
        "The environment lists the ValidatingAdmissionPolicies that its cluster enforces; mlgen evaluates them as the "
        "API server does when the object is created. A binding that warns or audits only makes this a warning.",
        "spec: {replicas: 50}    # and a policy that wants at most 10",
        "spec: {replicas: 10}",
        SOURCE,
    ),
    Rule(
        "policy-without-effect",
        "A policy, or a part of it, that does nothing",
        "A policy judges nothing before a ValidatingAdmissionPolicyBinding puts it into force.",
        "kind: ValidatingAdmissionPolicy\nmetadata: {name: few-replicas}",
        "kind: ValidatingAdmissionPolicyBinding\nspec: {policyName: few-replicas, validationActions: [Deny]}",
        SOURCE,
    ),
    Rule(
        "unknown-policy",
        "A policy is named that no file has",
        "The environment, or a binding, means a policy that is not there; most likely its name is misspelt.",
        "policies: [policys/]",
        "policies: [policies/]",
        SOURCE,
    ),
)
