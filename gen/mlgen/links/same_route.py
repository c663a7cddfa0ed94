"""Two routes for the same requests."""

import json
from collections.abc import Iterator
from typing import NamedTuple

from mlgen.body import Body, at, list_at, map_at, maps_at, text_at
from mlgen.faults.case import code
from mlgen.gathered import Gathered, Setting
from mlgen.node import Json, Path
from mlgen.problem import Fault, Finding
from mlgen.rules.rule import Rule

RULE = Rule(
    id="same-route",
    title="Two routes for the same requests",
    why="Only one of the two is followed, the older one, and the other is refused by the controller or never used.",
    bad="two Ingresses with `host: churn.ml.example.com` and the path `/`",
    good="a host or a path of its own for each",
    source="kubernetes/ingress-nginx, internal/ingress/controller: checkOverlap; gateway-api.sigs.k8s.io, HTTPRoute",
)
CANARY = "nginx.ingress.kubernetes.io/canary"
CLASS = "kubernetes.io/ingress.class"


class Way(NamedTuple):
    """Requests that an object takes: as whoever compares them sees them, as people do, and where it says so."""

    key: str
    words: str
    path: Path


def check(objects: Gathered, setting: Setting) -> Iterator[Finding]:
    """The second object that takes the same requests, once."""
    first: dict[str, int] = {}
    for subject, body in objects.of("Ingress", "HTTPRoute"):
        ways = _of_ingress(body) if body.get("kind") == "Ingress" else _of_route(body)
        told = False
        for way in ways:
            other = first.setdefault(way.key, subject)
            if other != subject and not told:
                told = True
                name = code(f"{body['kind']}/{text_at(objects.bodies[other], 'metadata', 'name')}")
                message = f"{way.words} is taken by {name} already"
                related = ((other, ("metadata", "name"), "the other one"),)
                yield Finding(subject, Fault(way.path, RULE.id, message, "choose another host or path"), related)


def _of_ingress(body: Body) -> Iterator[Way]:
    annotations = map_at(body, "metadata", "annotations")
    if annotations.get(CANARY) == "true":
        return
    by = text_at(body, "spec", "ingressClassName") or text_at(annotations, CLASS)
    for path, rule in maps_at(body, "spec", "rules"):
        host = text_at(rule, "host")
        for inner, one in maps_at(rule, "http", "paths"):
            key = ["Ingress", by, host, one.get("path", "/"), one.get("pathType")]
            found: Path = (*path, *inner, "path")
            yield Way(json.dumps(key), code(f"{host}{text_at(one, 'path') or '/'}"), _nearest(body, found))


def _of_route(body: Body) -> Iterator[Way]:
    """A match with its method, headers and parameters, on each host and each parent."""
    hosts: list[Json] = list_at(body, "spec", "hostnames") or [""]
    here = text_at(body, "metadata", "namespace")
    for path, rule in maps_at(body, "spec", "rules"):
        matches = list(maps_at(rule, "matches")) or [((), {})]
        for inner, match in matches:
            for _, parent in maps_at(body, "spec", "parentRefs"):
                listener = [parent.get(key) for key in ("name", "sectionName", "port")]
                for host in hosts:
                    default: Body = {"type": "PathPrefix", "value": "/"}
                    whole: Body = {"path": default, **match}
                    to = [*listener, parent.get("namespace", here)]
                    key = json.dumps(["HTTPRoute", to, host, whole], sort_keys=True, default=str)
                    words = code(f"{host}{text_at(whole, 'path', 'value') or '/'}")
                    yield Way(key, words, _nearest(body, (*path, *inner, "path", "value")))


def _nearest(body: Body, path: Path) -> Path:
    """The deepest place on the way that is there."""
    while path and at(body, *path) is None:
        path = path[:-1]
    return path
