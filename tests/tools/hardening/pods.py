"""Kubernetes' rules for pods and where they run -> pieces, and the fields that they are for.

Source: kubernetes' pkg/apis/core/validation (validation.go), function by function from ValidatePodSpec down.
"""

from tests.tools.hardening.pieces import (
    INT32,
    LABEL,
    Schema,
    all_of,
    between,
    filled,
    inside,
    needs,
    never,
    one_of,
    present,
    some_of,
    text,
    where,
    words,
)

PORT_NAME = "allowed are lower-case letters, digits and single inner `-`, at most 15, with a letter among them"
IPV4 = r"(0*(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}0*(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
IPV6 = r"[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*([0-9.]+)?"
NETWORK = rf"{IPV4}/([0-9]|[12][0-9]|3[0-2])|{IPV6}/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])"


def numbers() -> dict[str, Schema]:
    """Ranges."""
    return {
        "not-negative": between(0, INT32[1]),
        "not-negative-long": between(0, None),
        "one-or-more": between(1, INT32[1]),
        "weight": between(1, 100),
        "port": between(1, 65535, "port-number"),
        "port-or-zero": between(0, 65535, "port-number"),
        "user-id": between(0, INT32[1], "user-id"),
        "file-mode": {
            **between(0, 0o777, "file-mode"),
            "x-help": "YAML reads `0644` as octal and `644` as decimal: write the zero",
        },
        "byte": between(0, 255),
        "token-time": between(600, 2**32),
    }


def port_names() -> dict[str, Schema]:
    """Ports by name or number."""
    name = text("port-name", PORT_NAME, "[a-z0-9]+(-[a-z0-9]+)*", ".*[a-z].*", longest=15)
    return {
        "port-name-or-empty": {**name, "pattern": "^([a-z0-9]+(-[a-z0-9]+)*)?$", "allOf": [{"pattern": "[a-z]|^$"}]},
        "port-or-name": {**name, **between(1, 65535, "port-name")},
        "protocol": words("TCP", "UDP", "SCTP", ""),
        "peer-protocol": words("TCP", "UDP", "SCTP"),
        "address": text("bad-ip-address", "it is no IP address", f"{IPV4}|{IPV6}"),
        "network": text("bad-ip-address", "a network such as `10.0.0.0/16`", NETWORK),
    }


def scheduling(minor: int) -> dict[str, Schema]:
    """Where pods may run."""
    some, none = {"In", "NotIn"}, {"Exists", "DoesNotExist"}
    listed = {
        "if": _operator(some),
        "then": needs("values", rule="bad-selector", why="`In` and `NotIn` compare with `values`"),
    }
    unlisted = {
        "if": _operator(none),
        "then": never("cannot be set: `Exists` and `DoesNotExist` compare with no value", "values"),
    }
    one = {
        "if": _operator({"Gt", "Lt"}),
        "then": {
            **needs("values", rule="bad-selector"),
            **inside(
                "values", piece={"minItems": 1, "maxItems": 1, "x-sentence": "must be one number for `Gt` and `Lt`"}
            ),
        },
    }
    field = {
        "properties": {
            "operator": {"enum": ["In", "NotIn"]},
            "key": {"enum": ["metadata.name"]},
            "values": {"minItems": 1, "maxItems": 1, "x-sentence": "must be one name"},
        },
        "required": ["values"],
    }
    keys = {
        "if": {"required": ["matchLabelKeys"], "properties": {"matchLabelKeys": {"type": "array", "minItems": 1}}},
        "then": needs("labelSelector", why="`matchLabelKeys` adds to it"),
    }
    seconds = {
        "if": present("tolerationSeconds"),
        "then": {
            "required": ["effect"],
            "properties": {"effect": {"enum": ["NoExecute"]}},
            "x-sentence": "must have `effect: NoExecute`, as it has `tolerationSeconds`",
        },
    }
    no_key = {
        "if": inside("key", piece={"enum": [None, ""]}),
        "then": {
            "required": ["operator"],
            "properties": {"operator": {"enum": ["Exists"], "x-sentence": "must be `Exists` where there is no `key`"}},
            "x-sentence": "needs a `key`, or `operator: Exists`",
        },
    }
    exists = {
        "if": {"required": ["operator"], "properties": {"operator": {"const": "Exists"}}},
        "then": never("cannot be set: `operator: Exists` compares with no value", "value"),
    }
    dns = where(
        "dnsPolicy",
        ["None"],
        {
            "allOf": [needs("dnsConfig"), inside("dnsConfig", piece=needs("nameservers"))],
            "x-help": "`dnsPolicy: None` leaves the pod with what `dnsConfig` has",
        },
        "bad-dns",
    )
    return {
        "node-operator": {"x-rule": "bad-selector", "enum": ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]},
        "node-values": all_of("bad-selector", listed, unlisted, one),
        "node-field": {"x-rule": "bad-selector", **field},
        "toleration-operator": words(
            *(("Equal", "Exists", "", "Lt", "Gt") if minor >= 35 else ("Equal", "Exists", ""))
        ),
        "toleration-effect": words("NoSchedule", "PreferNoSchedule", "NoExecute", ""),
        "taint-effect": words("NoSchedule", "PreferNoSchedule", "NoExecute"),
        "toleration": all_of("bad-scheduling", exists, no_key, seconds),
        "topology-key": {
            **text("bad-label", "a label of nodes, such as `kubernetes.io/hostname`"),
            **filled("bad-label"),
        },
        "node-label-values": {
            "x-rule": "bad-label",
            **inside("matchExpressions", "[]", "values", "[]", piece={"$ref": "#/$defs/mlgen.label-value"}),
        },
        "unsatisfiable": words("DoNotSchedule", "ScheduleAnyway"),
        "inclusion": words("Honor", "Ignore"),
        "domains": {
            "x-rule": "bad-scheduling",
            "if": present("minDomains"),
            "then": inside(
                "whenUnsatisfiable",
                piece={"enum": ["DoNotSchedule"], "x-sentence": "must be `DoNotSchedule` for `minDomains`"},
            ),
        },
        "label-keys": {"x-rule": "missing-value", **keys},
        "restart": words("Always", "OnFailure", "Never", "", rule="restart-policy"),
        "dns-policy": words("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None", ""),
        "dns-config": dns,
        "nameservers": {"x-rule": "bad-dns", "maxItems": 3},
        "searches": {"x-rule": "bad-dns", "maxItems": 32},
        "search": text(
            "bad-dns", "a domain", rf"\.|((_?{LABEL.replace('-a', '-_a')})(\._?{LABEL.replace('-a', '-_a')})*\.?)"
        ),
        "preemption": words("PreemptLowerPriority", "Never"),
        "host-users": where(
            "hostUsers",
            [False],
            {
                "properties": {
                    field: {"enum": [None, False], "x-sentence": "cannot be `true` beside `hostUsers: false`"}
                    for field in ("hostNetwork", "hostPID", "hostIPC")
                }
            },
            "security-context",
        ),
        "host-pid": where(
            "hostPID",
            [True],
            inside(
                "shareProcessNamespace",
                piece={"enum": [None, False], "x-sentence": "cannot be `true` beside `hostPID`"},
            ),
            "security-context",
        ),
        "lax.containers": filled("no-containers"),
        "no-ephemeral": {
            "x-rule": "ephemeral-container",
            "maxItems": 0,
            "x-sentence": "can only be added to a pod that runs",
        },
        "lax.needs-spec": needs("spec", rule="no-containers"),
        "claim-source": one_of("one-source", "source", "resourceClaimName", "resourceClaimTemplateName"),
        "claim-request": text("bad-name", "allowed are lower-case letters, digits and `-`", f"({LABEL})?", longest=63),
        "claim-source-some": some_of(
            "one-source", "source", "resourceClaimName", "resourceClaimTemplateName", "source"
        ),
    }


def _operator(options: set[str]) -> Schema:
    return {"required": ["operator"], "properties": {"operator": {"enum": sorted(options)}}}


def pieces(minor: int) -> dict[str, Schema]:
    """Everything else about pods in Kubernetes 1.``minor``."""
    return numbers() | port_names() | scheduling(minor)


CORE = "core.v1."
AFFINITY_TERM = {"": "label-keys", "topologyKey": "topology-key label-key-or-empty", "namespaces[]": "namespace"}
PLACES: dict[str, dict[str, str]] = {
    f"{CORE}PodOS": {"name": "os"},
    f"{CORE}PodSpec": {
        "": "dns-config host-users host-pid",
        "containers": "lax.containers no-restart",
        "initContainers[]": "init-container",
        "ephemeralContainers": "no-ephemeral",
        "restartPolicy": "restart",
        "dnsPolicy": "dns-policy",
        "nodeSelector": "labels",
        "serviceAccountName": "subdomain-or-empty",
        "serviceAccount": "subdomain-or-empty",
        "nodeName": "subdomain-or-empty",
        "priorityClassName": "subdomain-or-empty",
        "runtimeClassName": "subdomain",
        "hostname": "label-or-empty",
        "subdomain": "label-or-empty",
        "activeDeadlineSeconds": "one-or-more",
        "preemptionPolicy": "preemption",
        "overhead": "container-amounts",
        "resources": "pod-resources",
    },
    f"{CORE}PodTemplateSpec": {"": "lax.needs-spec"},
    f"{CORE}PodReadinessGate": {"conditionType": "qualified"},
    f"{CORE}PodSchedulingGate": {"name": "qualified"},
    f"{CORE}PodDNSConfig": {
        "nameservers": "nameservers",
        "nameservers[]": "address",
        "searches": "searches",
        "searches[]": "search",
    },
    f"{CORE}PodDNSConfigOption": {"": "needs-name"},
    f"{CORE}PodResourceClaim": {"": "claim-source claim-source-some", "name": "label"},
    f"{CORE}HostAlias": {"ip": "address", "hostnames[]": "subdomain"},
    f"{CORE}Toleration": {
        "": "toleration",
        "key": "label-key-or-empty",
        "operator": "toleration-operator",
        "effect": "toleration-effect",
    },
    f"{CORE}Taint": {"key": "label-key", "value": "label-value", "effect": "taint-effect"},
    f"{CORE}NodeSelector": {"nodeSelectorTerms": "filled", "nodeSelectorTerms[]": "node-label-values"},
    f"{CORE}NodeSelectorTerm": {"matchFields[]": "node-field"},
    f"{CORE}NodeSelectorRequirement": {"": "node-values", "key": "label-key", "operator": "node-operator"},
    f"{CORE}PreferredSchedulingTerm": {"weight": "weight"},
    f"{CORE}WeightedPodAffinityTerm": {"weight": "weight"},
    f"{CORE}PodAffinityTerm": AFFINITY_TERM,
    f"{CORE}TopologySpreadConstraint": {
        "": "domains label-keys",
        "maxSkew": "one-or-more",
        "topologyKey": "topology-key",
        "whenUnsatisfiable": "unsatisfiable",
        "minDomains": "one-or-more",
        "nodeAffinityPolicy": "inclusion",
        "nodeTaintsPolicy": "inclusion",
    },
}
