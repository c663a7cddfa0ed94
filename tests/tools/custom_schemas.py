"""CRDs -> schemas/kubernetes/<group>/<kind>-<version>.json: their structure, closed, and nothing that only people read.

Run by hand, with the files that an operator's release publishes, or a catalog's JSON Schemas of them:

    python -m tests.tools.custom_schemas [--operator kserve-0.16] FILE ...

A CRD's files are megabytes, most of them Kubernetes' own pod templates and prose; what stays is a tenth of a percent
of it. Names of definitions and the words of messages come from the file that is there already, else from `PATTERNS`.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from tests.tools.native_match import inherited, native

from mlgen.kubernetes import custom

Shape = dict[str, Any]
Place = tuple[str, ...]

ROOT = Path(__file__).parents[2] / "schemas" / "kubernetes"
META = {"$ref": f"#/$defs/{custom.META}"}
DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEPT = (
    "enum pattern minimum maximum minLength maxLength minItems maxItems minProperties maxProperties oneOf allOf not"
).split()
INT32 = {"minimum": -(2**31), "maximum": 2**31 - 1}
OPEN, EITHER, EMBEDDED = (
    f"x-kubernetes-{word}" for word in ("preserve-unknown-fields", "int-or-string", "embedded-resource")
)
ANYTHING: Shape = {}
ANY_MAP: Shape = {"type": "object", "additionalProperties": True}
WIDTH = 120
DNS = r"[a-z0-9]([-a-z0-9]*[a-z0-9])?"
SUBDOMAIN = rf"{DNS}(\.{DNS})*"


class Words(NamedTuple):
    """What a form is called, and what a message says of it."""

    name: str
    message: str


DOTTED = Words("Name", "a name is lower-case letters, digits, dashes and dots, such as `vault`")
LABEL = Words("Label", "this name is lower-case letters, digits and dashes, such as `ml-churn`")
TIMES = Words("Duration", "a time is whole numbers with units, such as `30s`, `500ms` or `1m30s`")
FRACTIONS = Words("Time", "a time is numbers with units, such as `30s` or `1h30m`")
QUANTITY = Words("Quantity", "a quantity is a number and perhaps a unit, such as `200Gi` or `500m`")
HTTP = Words("HttpUrl", "this address begins with `http://` or `https://`")
NUMBER = Words("Decimal", "this is a number in quotes, such as `0.5`")
SCHEDULE = Words("Schedule", "a schedule is five fields, such as `0 2 * * *`, or a word such as `@daily`")
PATTERNS: Mapping[str, Words] = {
    rf"^{DNS}$": LABEL,
    "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$": LABEL,
    "^[a-z0-9-]+$": LABEL,
    "^[a-z]([-a-z0-9]*[a-z0-9])?$": Words(
        "StartsWithLetter", "this name is lower-case letters, digits and dashes, and begins with a letter"
    ),
    "^(?i)[a-z]([-a-z0-9]*[a-z0-9])?$": Words(
        "StartsWithLetter", "this name is letters, digits and dashes, and begins with a letter"
    ),
    "^[a-zA-Z0-9][-a-zA-Z0-9]*$": Words("Word", "this name is letters, digits and dashes"),
    rf"^{SUBDOMAIN}$": DOTTED,
    rf"^(\*\.)?{SUBDOMAIN}$": Words(
        "Hostname", "a host is lower-case letters, digits, dashes and dots, perhaps after `*.`"
    ),
    rf"^$|^{SUBDOMAIN}$": Words("Group", "an API group is lower-case letters, digits, dashes and dots, or empty"),
    "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$": Words("Kind", "a kind is letters, digits and dashes, such as `Service`"),
    "^[-._a-zA-Z0-9]+$": Words("SecretKey", "the key of a secret is letters, digits, dashes, dots and underscores"),
    "^[-a-zA-Z0-9_]+$": Words("Identifier", "this is letters, digits, dashes and underscores"),
    "^[-a-zA-Z0-9_{}.]+$": Words("Identifier", "this is letters, digits, dashes, underscores, dots and braces"),
    "^[a-zA-Z_][a-zA-Z0-9_]*$": Words("LabelName", "this name is letters, digits and underscores, no digit first"),
    "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$": Words("Reason", "a reason is one word, such as `NodeDrained`"),
    "^([0-9]{1,5}(h|m|s|ms)){1,4}$": TIMES,
    r"^([0-9]+(\.[0-9]+)?(ms|s|m|h))+$": FRACTIONS,
    r"^([0-9]+(\.[0-9]+)?(ms|s|m))+$": FRACTIONS,
    "^(http|https|socks5)://.+$": Words("ProxyUrl", "this begins with `http://`, `https://` or `socks5://`"),
    "^(http|https)://.+$": HTTP,
    "^(http|https)://.*$": HTTP,
    "^(http|https|ssh)://.*$": Words("GitUrl", "this address begins with `https://`, `http://` or `ssh://`"),
    "^(http|https|oci)://.*$": Words("HelmUrl", "this address begins with `https://`, `http://` or `oci://`"),
    "^oci://.*$": Words("OciUrl", "this address begins with `oci://`"),
    r"^\d+(\.\d+)?$": NUMBER,
    r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$": NUMBER,
    "^.{2,}|[^./]$": Words("Segment", "this is no single dot or slash"),
    "^/.*": Words("AbsolutePath", "this path begins with `/`"),
    r"(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$": Words("ByteSize", "a size is a number and a unit: `512MB`, `2GiB`"),
    "^(?i)(abort|warn)?$": Words("Strategy", "this is `abort` or `warn`"),
}
# Long ones, by how they begin.
BEGINNINGS: Mapping[str, Words] = {
    r"^(\+|-)?(([0-9]+(\.": QUANTITY,
    "^(0|(([0-9]+)y)?": Words(
        "Duration", "a time is whole numbers with units, the largest first, such as `30s` or `1h30m`"
    ),
    r"(^\*$)|(^(http(s)?)": Words("Origin", "an origin is a scheme, a host and perhaps a port, or `*` for all"),
    "^[A-Za-z0-9!#$%&'*+": Words("HeaderName", "this name is letters, digits and dashes, without spaces or colons"),
    r"^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?": Words(
        "LabelKey", "this key is letters, digits, dashes, dots and underscores, perhaps after a domain and `/`"
    ),
    "^(([A-Za-z0-9][-A-Za-z0-9_.]*)?": Words("LabelValue", "this is letters, digits, dashes, dots and underscores"),
    "^(?:[-A-Za-z0-9/._~!": Words("UrlPath", "this path has only what an address may have"),
    "^Hostname|IPAddress": Words("AddressType", "this is `Hostname`, `IPAddress`, `NamedAddress` or a domain's own"),
    "^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|": Words("Protocol", "this is a protocol, such as `HTTPS`"),
    "^(@(annually": SCHEDULE,
    "^(@(yearly": SCHEDULE,
    "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\\\.": DOTTED,
    r"^.*@.*\.iam": Words("ServiceAccount", "this is the e-mail address of a Google service account"),
}


class Served(NamedTuple):
    """One version of a custom resource, as it is published."""

    group: str
    version: str
    kind: str
    schema: Shape

    def path(self, operator: str = "") -> Path:
        """Where its schema lies; that of an older or newer operator's beside it."""
        name = f"{self.kind.lower()}-{self.version}{'@' if operator else ''}{operator}.json"
        return ROOT / self.group / name


class Old(NamedTuple):
    """What the committed file says at a place: the definition's name, the words, the order of its fields."""

    name: str
    message: str
    fields: tuple[str, ...]


class Conversion:
    """The shapes of one resource, and the definitions that become of them."""

    def __init__(self, served: Served, old: Mapping[Place, Old]) -> None:
        self.served = served
        self.old = old
        self.definitions: dict[str, Shape] = {}

    def root(self) -> Shape:
        """The whole file. Raises ValueError for a form that `PATTERNS` has no words for."""
        theirs, kind = self.served.schema, self.served.kind
        fields = {"apiVersion": {"type": "string"}, "kind": {"type": "string"}, "metadata": META}
        for name, inner in theirs["properties"].items():
            if name not in fields:
                fields[name] = ANY_MAP if name == "status" else self.converted(inner, (name,))
        required = [name for name in theirs.get("required", ()) if name not in ("apiVersion", "kind", "metadata")]
        whole = {"type": "object", "additionalProperties": False, "required": required, "properties": fields}
        self.definitions[kind] = {key: value for key, value in whole.items() if value != []}
        return {"$schema": DIALECT, "$ref": f"#/$defs/{kind}", "$defs": dict(self._reached(kind))}

    def converted(self, theirs: Shape, place: Place) -> Shape:
        """A shape of ours, or the name of one."""
        if name := native(theirs):
            return {"$ref": f"#/$defs/{name}"}
        shape = {keyword: theirs[keyword] for keyword in KEPT if keyword in theirs}
        if theirs.get(EITHER):
            return self._formed({"type": ["integer", "string"], **_without(shape, "oneOf", "allOf")}, place)
        if "type" not in theirs:
            return ANYTHING
        if theirs.get("format") == "int32":
            shape = INT32 | shape
        kind = [theirs["type"], "null"] if theirs.get("nullable") else theirs["type"]
        if theirs["type"] == "object":
            return self._map(theirs, {"type": kind, **_without(shape, "oneOf", "allOf", "not")}, place)
        if "items" in theirs:
            return {"type": kind, **shape, "items": self.converted(theirs["items"], (*place, "[]"))}
        return self._formed({"type": kind, **shape}, place)

    def _map(self, theirs: Shape, shape: Shape, place: Place) -> Shape:
        other, fields = theirs.get("additionalProperties"), theirs.get("properties", {})
        if isinstance(other, dict):
            return {**shape, "additionalProperties": self.converted(other, (*place, "*"))}
        if theirs.get(OPEN) and place[-1] == "metadata":
            return META  # left open in the CRD; what acts on it reads it as Kubernetes' own
        if theirs.get(OPEN) or theirs.get(EMBEDDED) or not fields:
            return {**shape, "additionalProperties": bool(other or theirs.get(OPEN) or theirs.get(EMBEDDED))}
        order = self.old[place].fields if place in self.old else ()
        named = [*(name for name in order if name in fields), *(name for name in fields if name not in order)]
        shape["additionalProperties"] = False
        required = sorted(name for name in theirs.get("required", ()) if "default" not in fields[name])
        if required:
            shape["required"] = required
        theirs_too = inherited(theirs)
        shape["properties"] = {
            name: theirs_too.get(name) or self.converted(fields[name], (*place, name)) for name in named
        }
        return self._named(shape, place, "")

    def _formed(self, shape: Shape, place: Place) -> Shape:
        """A shape without fields; one with a form has a name of its own, and words."""
        if "pattern" not in shape:
            return shape
        words = _words(shape["pattern"])
        old = self.old.get(place)
        said = {**shape, "x-message": old.message if old and old.message else words.message}
        return self._named(said, place, old.name if old and old.message else words.name)

    def _named(self, shape: Shape, place: Place, name: str) -> Shape:
        """The name under which a shape is a definition: a new one, or that of the same shape."""
        old = self.old.get(place)
        wanted = [name] if name else [old.name] if old and old.name else []
        for candidate in (*wanted, *self._names(place, name)):
            if self.definitions.setdefault(candidate, shape) == shape:
                return {"$ref": f"#/$defs/{candidate}"}
        raise ValueError(f"no name is left for {place}")

    def _names(self, place: Place, name: str) -> Iterator[str]:
        """Names from the last step outwards: Template, WorkerTemplate, SpecWorkerTemplate."""
        words = list(_steps(place))
        whole = name or words.pop()
        if not name and place != ("spec",):
            yield whole
        for word in (*reversed(words), self.served.kind):
            whole = word + whole
            yield whole
        for number in range(2, 9):
            yield f"{whole}{number}"

    def _reached(self, name: str) -> Iterator[tuple[str, Shape]]:
        """Definitions in the order in which one reads about them."""
        seen, waiting = set[str](), [name]
        while waiting:
            current = waiting.pop(0)
            if current not in seen and current in self.definitions:
                seen.add(current)
                yield current, self.definitions[current]
                waiting[:0] = re.findall(r'"#/\$defs/([^"]+)"', json.dumps(self.definitions[current]))


def _words(pattern: str) -> Words:
    if pattern in PATTERNS:
        return PATTERNS[pattern]
    for beginning, words in BEGINNINGS.items():
        if pattern.startswith(beginning):
            return words
    raise ValueError(f"there are no words for the pattern {pattern}")


def _steps(place: Place) -> Iterator[str]:
    for step, following in zip(place, (*place[1:], ""), strict=True):
        if step not in ("[]", "*"):
            word = step[:1].upper() + step[1:]
            yield _singular(word) if following in ("[]", "*") else word


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else f"{word}Item"


def _without(shape: Shape, *keywords: str) -> Shape:
    return {key: value for key, value in shape.items() if key not in keywords}


def committed(path: Path) -> dict[Place, Old]:
    """What a file says at each place of the resource; nothing if there is none yet."""
    root: Shape = json.loads(path.read_text("utf-8")) if path.exists() else {"$ref": "/", "$defs": {"": {}}}
    found: dict[Place, Old] = {}

    def walk(shape: Shape, place: Place, above: tuple[str, ...]) -> None:
        name = str(shape.get("$ref", "")).rpartition("/")[2]
        full = root["$defs"].get(name, {}) if "$ref" in shape else shape
        if name in above or not isinstance(full, dict):
            return
        own = "" if name.startswith("io.k8s.") else name
        found[place] = Old(own, str(full.get("x-message", "")), tuple(full.get("properties", ())))
        for field, inner in full.get("properties", {}).items():
            walk(inner, (*place, field), (*above, name))
        for key, step in (("items", "[]"), ("additionalProperties", "*")):
            if isinstance(full.get(key), dict):
                walk(full[key], (*place, step), (*above, name) if name else above)

    walk({"$ref": root["$ref"]}, (), ())
    return found


def published(path: Path) -> Iterator[Served]:
    """The served versions of the CRD in a file, or the resource that a catalog's JSON Schema is about."""
    if path.suffix == ".json":
        yield from _catalogued(path)
        return
    spec = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)["spec"]
    for version in spec["versions"]:
        if version["served"]:
            yield Served(spec["group"], version["name"], spec["names"]["kind"], version["schema"]["openAPIV3Schema"])


CATALOGUED = {
    "sealedsecret": ("bitnami.com", "SealedSecret"),
    "secretproviderclass": ("secrets-store.csi.x-k8s.io", "SecretProviderClass"),
}


def _catalogued(path: Path) -> Iterator[Served]:
    """A catalog closes what a CRD leaves open, in its own way: with `additionalProperties`."""
    name, _, version = path.stem.partition("_")
    yield Served(CATALOGUED[name][0], version, CATALOGUED[name][1], json.loads(path.read_text("utf-8")))


def dumped(value: Any, indent: int = 0) -> str:
    """JSON as it is read best: a definition a paragraph, a field a line."""
    line = json.dumps(value, ensure_ascii=False)
    long = indent + len(line) > WIDTH
    if isinstance(value, dict) and value and (indent < 6 or long or "properties" in value):
        rows = [f"{' ' * (indent + 2)}{json.dumps(key)}: {dumped(item, indent + 2)}" for key, item in value.items()]
    elif isinstance(value, list) and long:
        rows = [" " * (indent + 2) + dumped(item, indent + 2) for item in value]
    else:
        return line
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return "\n".join((begin, ",\n".join(rows), " " * indent + end))


def text(served: Served, operator: str = "") -> str:
    """The whole file. Raises ValueError for a form without words."""
    old = committed(served.path()) | committed(served.path(operator))
    return dumped(Conversion(served, old).root()) + "\n"


def main(words: list[str]) -> None:
    """Write the files that ``words`` ask for."""
    operator = words[1] if words[:1] == ["--operator"] else ""
    for word in words[2:] if operator else words:
        for served in published(Path(word)):
            target = served.path(operator)
            target.parent.mkdir(exist_ok=True)
            target.write_text(text(served, operator), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
