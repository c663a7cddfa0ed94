"""Kubernetes' rules for Services, Ingresses and NetworkPolicies -> pieces, and the fields that they are for.

Sources: kubernetes' pkg/apis/core/validation (validateService), pkg/apis/networking and pkg/apis/discovery, each its
validation/validation.go; pkg/registry/core/service/portallocator for node ports.
"""

from tests.tools.hardening import pods
from tests.tools.hardening.pieces import (
    LABEL,
    SUBDOMAIN,
    Schema,
    all_of,
    between,
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
from tests.tools.hardening.pods import IPV4, IPV6, NETWORK

HOST = "a domain such as `app.example.com`, or `*.example.com`"
PATH = "a path that begins with `/`"


def some(field: str) -> Schema:
    """A map with a list under the field, and something in that."""
    return {"required": [field], "properties": {field: {"type": "array", "minItems": 1}}}


def services(minor: int) -> dict[str, Schema]:
    """Services."""
    node = {"enum": [None, 0], "x-sentence": "can only be set for `NodePort` and `LoadBalancer`"}
    inner = inside("ports", "[]", piece=inside("nodePort", piece=node))
    local = {
        "properties": {
            "externalTrafficPolicy": {
                "enum": [None, ""],
                "x-sentence": "can only be set for `type: NodePort` and `LoadBalancer`",
            }
        }
    }
    cluster = where("type", ["ClusterIP", ""], inner, "service-field", absent=True)
    traffic = {
        "if": {
            "allOf": [
                inside("type", piece={"enum": ["ClusterIP", "ExternalName", "", None]}),
                inside("externalIPs", piece={"enum": [None, []]}),
            ]
        },
        "then": local,
    }
    balanced = {
        "if": {"properties": {"type": {"not": {"const": "LoadBalancer"}}}},
        "then": never(
            "can only be set for `type: LoadBalancer`",
            "loadBalancerClass",
            "loadBalancerSourceRanges",
            "allocateLoadBalancerNodePorts",
        ),
    }
    name = where(
        "type",
        ["ExternalName"],
        {
            "allOf": [
                needs(
                    "externalName", rule="service-field", why="`type: ExternalName` is an alias: say of which domain"
                ),
                never("cannot be set for `type: ExternalName`", "clusterIPs", "ipFamilies", "ipFamilyPolicy"),
            ]
        },
        "service-field",
    )
    domain = {
        "if": {"required": ["type"], "properties": {"type": {"const": "ExternalName"}}},
        "then": inside(
            "externalName",
            piece=text("service-field", "a domain such as `db.example.com`", rf"({SUBDOMAIN}\.?)?", longest=254),
        ),
    }
    headless = {"required": ["clusterIP"], "properties": {"clusterIP": {"const": "None"}}}
    outside = {
        "if": {"required": ["type"], "properties": {"type": {"enum": ["NodePort", "LoadBalancer"]}}},
        "then": inside(
            "clusterIP",
            piece={"not": {"const": "None"}, "x-sentence": "cannot be `None` for `type: NodePort` and `LoadBalancer`"},
        ),
    }
    alias = {"required": ["type"], "properties": {"type": {"const": "ExternalName"}}}
    ports = {
        "if": {"not": {"anyOf": [headless, alias]}},
        "then": needs("ports", why="only a headless Service can do without"),
    }
    health = {
        "if": {
            "not": {
                "required": ["type", "externalTrafficPolicy"],
                "properties": {"type": {"const": "LoadBalancer"}, "externalTrafficPolicy": {"const": "Local"}},
            }
        },
        "then": inside(
            "healthCheckNodePort",
            piece={
                "enum": [None, 0],
                "x-sentence": "can only be set for `type: LoadBalancer` with `externalTrafficPolicy: Local`",
            },
        ),
    }
    near = ("PreferClose", "PreferSameZone", "PreferSameNode") if minor >= 34 else ("PreferClose",)
    address = text("bad-ip-address", "it is no IP address", f"{IPV4}|{IPV6}|None|")
    return {
        "service": all_of("service-field", cluster, traffic, balanced, outside, domain, health),
        "external-name": name,
        "needs-ports": {"x-rule": "missing-value", **ports},
        "service-kind": words("ClusterIP", "NodePort", "LoadBalancer", "ExternalName", ""),
        "affinity": words("None", "ClientIP", ""),
        "affinity-time": between(1, 86400),
        "traffic": words("Cluster", "Local", ""),
        "distribution": words(*near),
        "family": words("IPv4", "IPv6"),
        "family-policy": words("SingleStack", "PreferDualStack", "RequireDualStack"),
        "cluster-address": address,
        "source-range": text("bad-ip-address", "it is no network such as `10.0.0.0/16`", rf"\s*({NETWORK})\s*"),
        "target-port": {**pods.port_names()["port-or-name"], "minimum": 0},
        "node-port": {
            "x-rule": "node-port",
            "anyOf": [{"enum": [0, None]}, {"minimum": 30000, "maximum": 32767}],
            "x-message": "from 30000 to 32767, unless the cluster is set up otherwise",
        },
    }


def ingresses(minor: int) -> dict[str, Schema]:
    """Ingresses."""
    absolute = {
        "if": {"required": ["pathType"], "properties": {"pathType": {"enum": ["Exact", "Prefix"]}}},
        "then": {
            **needs("path", rule="ingress-path", why="`Exact` and `Prefix` compare with it"),
            "properties": {
                "path": {
                    **without(
                        "ingress-path",
                        "a path without `//`, `/./`, `/../` and `%2f`",
                        r"//|/\./|/\.\./|%2[fF]|/\.\.?$",
                    ),
                    "type": ["string", "number", "boolean", "array", "object"],
                }
            },
        },
    }
    slash = inside("path", piece=text("ingress-path", PATH, "(/.*)?"))
    service = LABEL if minor >= 36 else "[a-z]([-a-z0-9]*[a-z0-9])?"
    return {
        "ingress": {
            "x-rule": "ingress-rules",
            "anyOf": [
                present("defaultBackend"),
                {"required": ["rules"], "properties": {"rules": {"type": "array", "minItems": 1}}},
            ],
            "x-sentence": "has neither `rules` nor a `defaultBackend`",
        },
        "ingress-host": all_of(
            "ingress-domain",
            text("ingress-domain", HOST, rf"((\*\.)?{SUBDOMAIN})?", longest=253),
            without("ingress-domain", "a domain, not an address", f"^({IPV4})$"),
        ),
        "tls-host": text("ingress-domain", HOST, rf"(\*\.)?{SUBDOMAIN}", longest=253),
        "path-type": words("Exact", "Prefix", "ImplementationSpecific"),
        "ingress-path": all_of("ingress-path", absolute, slash),
        "backend": one_of("ingress-backend", "backend", "service", "resource"),
        "backend-some": some_of("ingress-backend", "backend", "service", "resource"),
        "backend-service": needs(
            "port", rule="ingress-backend", why="say which port of the Service, by `number` or `name`"
        ),
        "backend-name": {
            **text(
                "bad-name",
                "a Service's name has lower-case letters, digits and `-`, a letter first",
                service,
                longest=63,
            ),
            "minLength": 1,
        },
        "backend-port": {
            "x-rule": "ingress-backend",
            "oneOf": [
                {"required": ["name"], "properties": {"name": {"not": {"enum": [None, ""]}}}},
                {"required": ["number"], "properties": {"number": {"not": {"enum": [None, 0]}}}},
            ],
            "x-sentence": "needs one of `number` and `name`, and not both",
        },
        "controller": text(
            "bad-name",
            "a domain, `/` and a path, such as `example.com/controller`",
            rf"({SUBDOMAIN}/[A-Za-z0-9/\-._~%!$&'()*+,;=:]+)?",
            longest=250,
        ),
        "reference-scope": words("Namespace", "Cluster"),
    }


def policies() -> dict[str, Schema]:
    """NetworkPolicies and endpoints."""
    block = {
        "if": present("ipBlock"),
        "then": never(
            "cannot be set beside `ipBlock`: write two entries", "podSelector", "namespaceSelector", empty=False
        ),
    }
    end = {
        "if": present("endPort"),
        "then": {
            "required": ["port"],
            "properties": {"port": {"type": ["integer"], "x-sentence": "must be a number beside `endPort`"}},
            "x-sentence": "needs `port` beside `endPort`",
        },
    }
    each = inside("endpoints", "[]", "addresses", "[]", piece={"$ref": "#/$defs/mlgen.address"})
    return {
        "peer": {"x-rule": "network-peer", **block},
        "peer-some": some_of("network-peer", "peer", "podSelector", "namespaceSelector", "ipBlock"),
        "policy-port": {"x-rule": "port-number", **end},
        "policy-types": {"x-rule": "wrong-choice", "maxItems": 2},
        "policy-type": words("Ingress", "Egress"),
        "endpoint-addresses": where("addressType", ["IPv4", "IPv6"], each, "bad-ip-address"),
        "address-type": words("IPv4", "IPv6", "FQDN"),
        "addresses": {"x-rule": "missing-value", "minItems": 1, "maxItems": 100},
        "subset": {
            "x-rule": "missing-value",
            "anyOf": [some("addresses"), some("notReadyAddresses")],
            "x-sentence": "needs `addresses` or `notReadyAddresses`",
        },
    }


def pieces(minor: int) -> dict[str, Schema]:
    """Everything about networks in Kubernetes 1.``minor``."""
    return services(minor) | ingresses(minor) | policies()


PLACES: dict[str, dict[str, str]] = {
    "core.v1.ServiceSpec": {
        "": "service external-name needs-ports",
        "type": "service-kind",
        "selector": "labels",
        "sessionAffinity": "affinity",
        "externalTrafficPolicy": "traffic",
        "internalTrafficPolicy": "traffic",
        "trafficDistribution": "distribution",
        "ipFamilies[]": "family",
        "ipFamilyPolicy": "family-policy",
        "clusterIP": "cluster-address",
        "clusterIPs[]": "cluster-address",
        "externalIPs[]": "address",
        "loadBalancerClass": "qualified",
        "loadBalancerSourceRanges[]": "source-range",
    },
    "core.v1.ServicePort": {
        "port": "port",
        "nodePort": "node-port",
        "targetPort": "target-port",
        "name": "label-or-empty",
        "protocol": "protocol",
        "appProtocol": "qualified",
    },
    "core.v1.ClientIPConfig": {"timeoutSeconds": "affinity-time"},
    "core.v1.EndpointSubset": {"": "subset"},
    "core.v1.EndpointAddress": {"ip": "address", "hostname": "label-or-empty", "nodeName": "subdomain"},
    "core.v1.EndpointPort": {"port": "port", "name": "label-or-empty", "protocol": "protocol"},
    "discovery.*.EndpointSlice": {"": "endpoint-addresses", "addressType": "address-type"},
    "discovery.*.Endpoint": {"addresses": "addresses", "hostname": "label", "nodeName": "subdomain"},
    "discovery.*.EndpointPort": {"name": "label-or-empty", "protocol": "protocol"},
    "networking.*.IngressSpec": {"": "ingress", "ingressClassName": "subdomain"},
    "networking.*.IngressRule": {"host": "ingress-host"},
    "networking.*.IngressTLS": {"hosts[]": "tls-host", "secretName": "subdomain-or-empty"},
    "networking.*.HTTPIngressRuleValue": {"paths": "filled"},
    "networking.*.HTTPIngressPath": {"": "ingress-path", "pathType": "path-type"},
    "networking.*.IngressBackend": {"": "backend backend-some"},
    "networking.*.IngressServiceBackend": {"": "backend-service", "name": "backend-name", "port": "backend-port"},
    "networking.*.ServiceBackendPort": {"name": "port-name-or-empty", "number": "port-or-zero"},
    "networking.*.IngressClassSpec": {"controller": "controller"},
    "networking.*.IngressClassParametersReference": {
        "apiGroup": "subdomain",
        "kind": "filled segment",
        "name": "filled segment",
        "scope": "reference-scope",
    },
    "networking.*.NetworkPolicySpec": {"policyTypes": "policy-types", "policyTypes[]": "policy-type"},
    "networking.*.NetworkPolicyPeer": {"": "peer peer-some"},
    "networking.*.NetworkPolicyPort": {
        "": "policy-port",
        "port": "port-or-name",
        "endPort": "port",
        "protocol": "peer-protocol",
    },
    "networking.*.IPBlock": {"cidr": "network", "except[]": "network"},
}
