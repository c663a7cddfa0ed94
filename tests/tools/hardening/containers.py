"""Kubernetes' rules for containers -> pieces, and the fields that they are for.

Source: kubernetes' pkg/apis/core/validation (validation.go), function by function from validateContainerCommon down.
"""

from tests.tools.hardening.pieces import (
    NAME_PART,
    SUBDOMAIN,
    Schema,
    all_of,
    any_words,
    filled,
    inside,
    needs,
    never,
    one_of,
    some_of,
    text,
    where,
    without,
    words,
)

CONTAINER_RESOURCES = ["cpu", "memory", "ephemeral-storage"]
EXTENDED = f"{SUBDOMAIN}/{NAME_PART}"
HANDLERS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")
PROBES = ("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")
POD_FIELDS = r"metadata\.(name|namespace|uid)|metadata\.(labels|annotations)\['.+'\]"
BACK = r"(^|/)\.\.(/|$)"


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
        "image-text": without("bad-image", "a reference has no blanks at its ends", r"^\s|\s$"),
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


def pieces(minor: int) -> dict[str, Schema]:
    """Everything about containers in Kubernetes 1.``minor``."""
    return environment(minor) | resources() | handlers() | containers(minor) | profiles()


CORE = "core.v1."
PROBE_SECONDS = ("initialDelaySeconds", "timeoutSeconds", "periodSeconds", "successThreshold", "failureThreshold")
CONTAINER = {
    "": "lax.needs-image",
    "name": "label",
    "image": "image-text",
    "imagePullPolicy": "pull-policy",
    "terminationMessagePolicy": "message-policy",
    "resources": "container-resources",
    "restartPolicy": "container-restart",
    "livenessProbe": "liveness",
    "startupProbe": "liveness",
    "readinessProbe": "readiness",
}
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
    f"{CORE}ResourceClaim": {"name": "filled", "request": "claim-request"},
}
