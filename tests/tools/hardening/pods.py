"""Kubernetes' rules for pods and containers -> pieces, and the fields that they are for.

Source: kubernetes' pkg/apis/core/validation (validation.go), function by function from ValidatePodSpec down.
"""

from typing import Any

from tests.tools.hardening.pieces import (
    INT32,
    LABEL,
    NAME_PART,
    SUBDOMAIN,
    Schema,
    all_of,
    any_words,
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
    without,
    words,
)

CONTAINER_RESOURCES = ["cpu", "memory", "ephemeral-storage"]
EXTENDED = f"{SUBDOMAIN}/{NAME_PART}"
PORT_NAME = "allowed are lower-case letters, digits and single inner `-`, at most 15, with a letter among them"
HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
PROBES = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
POD_FIELDS = r"metadata\.(name|namespace|uid)|metadata\.(labels|annotations)\['.+'\]"
IPV4 = r"(0*(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\.){3}0*(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])"
IPV6 = r"[0-9a-fA-F]*:[0-9a-fA-F:]*:[0-9a-fA-F:]*([0-9.]+)?"
NETWORK = rf"{IPV4}/([0-9]|[12][0-9]|3[0-2])|{IPV6}/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8])"
BACK = r"(^|/)\.\.(/|$)"
ALWAYS_POD = "runs pods that are to stay: `Always` is the only choice"


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


def environment(minor: int) -> dict[str, Schema]:
    """Environment variables and where they come from."""
    if minor >= 32:  # RelaxedEnvironmentVariableValidation
        pattern, expected = "[ -<>-~]*", "any printable ASCII characters but `=`"
    else:
        pattern = r"(\.?[-_a-zA-Z][-._a-zA-Z0-9]*|\.[0-9][-._a-zA-Z0-9]*)?"
        expected = "allowed are letters, digits, `-`, `_` and `.`, and no digit first"
    sources = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"]
    sources += ["fileKeyRef"] if minor >= 35 else []  # EnvFiles
    node = r"spec\.(nodeName|host|serviceAccountName)|status\.(hostIP|hostIPs|podIP|podIPs)"
    field = "field-path", "a field that a variable can have, such as `metadata.name` or `status.podIP`"
    file = "field-path", "a field that a file can have, such as `metadata.labels`"
    resource = text(
        "field-path",
        "a resource such as `limits.memory` or `requests.cpu`",
        r"(limits|requests)\.(cpu|memory|ephemeral-storage|hugepages-.+)",
    )
    version = inside("apiVersion", piece={"enum": [None, "", "v1"], "x-sentence": "can only be `v1`"})
    return {
        "env-name": text("bad-env-name", expected, pattern),
        "env-source": one_of("one-source", "source", *sources),
        "env-source-some": some_of("one-source", "source", *sources),
        "env-value": {
            "x-rule": "one-source",
            "if": {"required": ["value", "valueFrom"], "properties": {"valueFrom": {"type": "object"}}},
            "then": inside("value", piece={"enum": [None, ""], "x-sentence": "cannot be set beside `valueFrom`"}),
        },
        "env-field": all_of("field-path", inside("fieldPath", piece=text(*field, f"{POD_FIELDS}|{node}")), version),
        "file-field": all_of(
            "field-path",
            inside("fieldPath", piece=text(*file, rf"{POD_FIELDS}|metadata\.(labels|annotations)")),
            version,
        ),
        "resource-field": inside("resource", piece=resource) | {"x-rule": "field-path"},
        "file-resource-field": all_of(
            "field-path", inside("resource", piece=resource), needs("containerName", why="say whose")
        ),
        "downward-file": one_of("one-source", "source", "fieldRef", "resourceFieldRef"),
        "downward-file-some": some_of("one-source", "source", "fieldRef", "resourceFieldRef"),
        "env-from": one_of("one-source", "source", "configMapRef", "secretRef"),
        "env-from-some": some_of("one-source", "source", "configMapRef", "secretRef"),
        "needs-name": needs("name"),
        "lax.needs-name": needs("name"),
        "lax.needs-key": filled(),
    }


def resources() -> dict[str, Schema]:
    """What containers and pods may ask for."""
    listed = any_words(
        "bad-resource",
        "containers ask for `cpu`, `memory`, `ephemeral-storage`, huge pages, or what has a domain (`nvidia.com/gpu`)",
        CONTAINER_RESOURCES,
        f"hugepages-.+|{EXTENDED}",
    )
    amount = {"$ref": "#/$defs/mlgen.amount"}
    amounts = {
        "properties": dict.fromkeys(CONTAINER_RESOURCES, amount),
        "patternProperties": {"^hugepages-": amount},
        "additionalProperties": {"allOf": [{"$ref": "#/$defs/mlgen.whole"}, amount]},
    }
    each: Schema = {"allOf": [listed, {"$ref": "#/$defs/mlgen.amounts"}]}
    pod = any_words(
        "bad-resource", "a pod as a whole asks for `cpu`, `memory` or huge pages", ["cpu", "memory"], "hugepages-.+"
    )
    pods: Schema = {"allOf": [pod, {"$ref": "#/$defs/mlgen.amounts"}]}
    return {
        "amounts": {"x-rule": "fractional-count", **amounts},
        "container-amounts": {"x-rule": "bad-resource", **each},
        "container-resources": {
            "x-rule": "bad-resource",
            "properties": {field: {"$ref": "#/$defs/mlgen.container-amounts"} for field in ("limits", "requests")},
        },
        "pod-resources": {
            "x-rule": "bad-resource",
            "properties": {
                "limits": pods,
                "requests": pods,
                "claims": {"enum": [None, []], "x-sentence": "can be set of containers only"},
            },
        },
    }


def handlers() -> dict[str, Schema]:
    """Probes and hooks."""
    once = {"enum": [None, 0, 1], "x-sentence": "can only be `1` but for readiness"}
    return {
        "handler": one_of("one-handler", "handler", *HANDLERS),
        "lax.handler-some": some_of("one-handler", "handler", *HANDLERS[:4]),
        "hook-some": some_of("one-handler", "handler", "exec", "httpGet", "tcpSocket", "sleep"),
        "liveness": {"x-rule": "bad-probe", **inside("successThreshold", piece=once)},
        "readiness": {
            "x-rule": "bad-probe",
            **never("cannot be set for readiness: it stops nothing", "terminationGracePeriodSeconds", empty=False),
        },
        "needs-command": needs("command"),
        "scheme": words("HTTP", "HTTPS", ""),
        "header": text("bad-probe", "allowed are letters, digits and `-`", "[-A-Za-z0-9]+"),
    }


def containers(minor: int) -> dict[str, Schema]:
    """Containers' other fields."""
    restart = words("Always", "Never", "OnFailure") if minor >= 35 else words("Always")
    ends = never("cannot be set for an init container, unless it has `restartPolicy: Always`", *PROBES, empty=False)
    privileged = {
        "properties": {
            "privileged": {
                "enum": [None, False],
                "x-sentence": "cannot be `true` beside `allowPrivilegeEscalation: false`",
            },
            "capabilities": inside(
                "add",
                piece={
                    "items": {
                        "not": {"const": "CAP_SYS_ADMIN"},
                        "x-message": "it needs more than `allowPrivilegeEscalation: false` allows",
                    }
                },
            ),
        }
    }
    only = {"enum": [None], "x-sentence": "can only be set for init containers before Kubernetes 1.34"}
    found: dict[str, Schema] = {
        "lax.needs-image": needs(
            "image", rule="image-missing", why="say which image runs; a patch of a container goes by its name"
        ),
        "pull-policy": words("Always", "IfNotPresent", "Never", ""),
        "message-policy": words("File", "FallbackToLogsOnError", ""),
        "init-container": where("restartPolicy", ["Always"], {}, "init-probe", other=ends),
        "resize-resource": words("cpu", "memory"),
        "resize-policy": words("NotRequired", "RestartContainer"),
        "escalation": where("allowPrivilegeEscalation", [False], privileged, "security-context"),
        "proc-mount": words("Default", "Unmasked"),
        "propagation": words("None", "HostToContainer", "Bidirectional"),
        "recursive": words("Disabled", "IfPossible", "Enabled"),
        "recursive-read-only": where(
            "recursiveReadOnly",
            ["IfPossible", "Enabled"],
            {
                "properties": {
                    "readOnly": {"const": True, "x-sentence": "must be `true` for `recursiveReadOnly`"},
                    "mountPropagation": {
                        "enum": [None, "None"],
                        "x-sentence": "must be `None` for `recursiveReadOnly`",
                    },
                },
                "required": ["readOnly"],
            },
            "bad-mount",
        ),
        "sub-path": {
            "x-rule": "bad-mount",
            "if": {"required": ["subPath"], "properties": {"subPath": {"type": "string", "minLength": 1}}},
            "then": never("cannot be set beside `subPath`", "subPathExpr"),
        },
        "local-path": without(
            "bad-path", "a path inside the volume: it cannot begin with `/` or lead out with `..`", f"^/|{BACK}"
        ),
        "volume-file": without(
            "bad-path",
            "a path inside the volume: it cannot begin with `/` or `..`, nor lead out with `..`",
            rf"^/|^\.\.|{BACK}",
        ),
        "no-back": without("bad-path", "a path cannot lead back with `..`", BACK),
        "absolute": text("bad-path", "a path that begins with `/`", "/.*|"),
    }
    if minor != 34:  # ContainerRestartRules: off in 1.34, which drops the field
        found["container-restart"] = {**restart, "x-rule": "restart-policy"}
    if minor < 34:
        found["no-restart"] = {"x-rule": "restart-policy", "items": inside("restartPolicy", piece=only)}
    return found


def profiles() -> dict[str, Schema]:
    """Security profiles."""
    need = needs("localhostProfile", rule="security-context", why="`Localhost` is a profile of the node's: say which")
    other = never("can only be set for `type: Localhost`", "localhostProfile", empty=False)
    return {
        "profile-type": words("Localhost", "RuntimeDefault", "Unconfined"),
        "profile": where("type", ["Localhost"], need, "security-context", other=other),
        "group-change": words("OnRootMismatch", "Always"),
        "groups-policy": words("Merge", "Strict"),
        "selinux-change": words("Recursive", "MountOption"),
        "sysctl": text(
            "bad-name",
            "allowed are lower-case words joined by `.` or `/`",
            r"([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?",
            longest=253,
        ),
        "os": words("linux", "windows"),
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
    """Everything about pods in Kubernetes 1.``minor``."""
    parts: list[dict[str, Any]] = [numbers(), port_names(), environment(minor), resources(), handlers()]
    parts += [containers(minor), profiles(), scheduling(minor)]
    return {name: piece for part in parts for name, piece in part.items()}


CORE = "core.v1."
PROBE_SECONDS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
CONTAINER = {
    "": "lax.needs-image",
    "name": "label",
    "imagePullPolicy": "pull-policy",
    "terminationMessagePolicy": "message-policy",
    "resources": "container-resources",
    "restartPolicy": "container-restart",
    "livenessProbe": "liveness",
    "startupProbe": "liveness",
    "readinessProbe": "readiness",
}
AFFINITY_TERM = {"": "label-keys", "topologyKey": "topology-key label-key-or-empty", "namespaces[]": "namespace"}
PLACES: dict[str, dict[str, str]] = {
    f"{CORE}Container": CONTAINER,
    f"{CORE}ContainerPort": {
        "containerPort": "port",
        "hostPort": "port-or-zero",
        "name": "port-name-or-empty",
        "protocol": "protocol",
    },
    f"{CORE}EnvVar": {"": "env-value", "name": "env-name filled"},
    f"{CORE}EnvVarSource": {
        "": "env-source env-source-some",
        "fieldRef": "env-field",
        "resourceFieldRef": "resource-field",
    },
    f"{CORE}EnvFromSource": {"": "env-from env-from-some", "prefix": "env-name"},
    f"{CORE}ConfigMapEnvSource": {"": "needs-name", "name": "prefix"},
    f"{CORE}SecretEnvSource": {"": "needs-name", "name": "prefix"},
    f"{CORE}ConfigMapKeySelector": {
        "": "lax.needs-name",
        "name": "subdomain-or-empty",
        "key": "data-key lax.needs-key",
    },
    f"{CORE}SecretKeySelector": {"": "lax.needs-name", "name": "subdomain-or-empty", "key": "data-key lax.needs-key"},
    f"{CORE}VolumeMount": {
        "": "sub-path recursive-read-only",
        "name": "filled",
        "mountPath": "filled",
        "subPath": "local-path",
        "subPathExpr": "local-path",
        "mountPropagation": "propagation",
        "recursiveReadOnly": "recursive",
    },
    f"{CORE}VolumeDevice": {"name": "filled", "devicePath": "filled no-back"},
    f"{CORE}Probe": {
        "": "handler lax.handler-some",
        **dict.fromkeys(PROBE_SECONDS, "not-negative"),
        "terminationGracePeriodSeconds": "one-or-more",
    },
    f"{CORE}LifecycleHandler": {"": "handler hook-some"},
    f"{CORE}ExecAction": {"": "needs-command"},
    f"{CORE}HTTPGetAction": {"port": "port-or-name", "scheme": "scheme"},
    f"{CORE}HTTPHeader": {"name": "header"},
    f"{CORE}TCPSocketAction": {"port": "port-or-name"},
    f"{CORE}GRPCAction": {"port": "port"},
    f"{CORE}ContainerResizePolicy": {"resourceName": "resize-resource", "restartPolicy": "resize-policy"},
    f"{CORE}SecurityContext": {
        "": "escalation",
        "runAsUser": "user-id",
        "runAsGroup": "user-id",
        "procMount": "proc-mount",
    },
    f"{CORE}PodSecurityContext": {
        "runAsUser": "user-id",
        "runAsGroup": "user-id",
        "fsGroup": "user-id",
        "supplementalGroups[]": "user-id",
        "fsGroupChangePolicy": "group-change",
        "supplementalGroupsPolicy": "groups-policy",
        "seLinuxChangePolicy": "selinux-change",
    },
    f"{CORE}Sysctl": {"name": "sysctl"},
    f"{CORE}SeccompProfile": {"": "profile", "type": "profile-type", "localhostProfile": "local-path"},
    f"{CORE}AppArmorProfile": {"": "profile", "type": "profile-type"},
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
    f"{CORE}ResourceClaim": {"name": "filled", "request": "claim-request"},
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
