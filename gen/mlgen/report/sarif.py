"""Problems -> SARIF 2.1.0, which code scanning and editors read: true regions, rules with their pages.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, and of what may be in it GitHub's limits:
https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from mlgen import __version__
from mlgen.catalog import RULES
from mlgen.problem import Problem, Span
from mlgen.report.identity import fingerprints
from mlgen.report.json import written
from mlgen.report.line import Style, safe
from mlgen.rules.rule import Rule

SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST: Final = 25_000  # results; GitHub refuses more, and shows the first 5,000 by severity
MOST_RELATED: Final = 100
PLAIN: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")  # RFC 3986, 2.3
UNNAMED: Final = "unnamed-rule"  # no identifier may be empty

Entry: TypeAlias = dict[str, object]


def render(problems: Sequence[Problem], sources: Mapping[str, str], _style: Style) -> str:
    """One run with a result for each of ``problems``, errors first; where there are too many, the run says so."""
    known = zip(problems, fingerprints(problems, sources), strict=True)
    results = sorted(known, key=lambda result: result[0].severity)[:MOST]
    rules = list(dict.fromkeys(problem.rule for problem, _ in results))
    places = {rule: index for index, rule in enumerate(rules)}
    driver = {"name": "mlgen", "semanticVersion": __version__, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(len(problems) - len(results))],
        "results": [_result(problem, places[problem.rule], fingerprint) for problem, fingerprint in results],
    }
    return written({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _invocation(beyond: int) -> Entry:
    said = [{"level": "warning", "message": {"text": f"{beyond:,} more problems were left out"}}] if beyond else []
    return {"executionSuccessful": True, **({"toolExecutionNotifications": said} if said else {})}


def _rule(name: str) -> Entry:
    """What `mlgen rule` says of it."""
    rule = RULES.get(name) or Rule(name, "A rule that has no page", "")
    page = list(_page(rule))
    return {
        "id": safe(rule.id) or UNNAMED,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why or rule.title},
        "help": {
            "text": "\n\n".join(f"{head}:\n{text}" if head else text for head, text in page),
            "markdown": "\n\n".join(f"{head}:\n\n```yaml\n{text}\n```" if head else text for head, text in page),
        },
        **({"helpUri": rule.source} if rule.source.startswith("https://") and " " not in rule.source else {}),
    }


def _page(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "", rule.why or rule.title
    if rule.bad:
        yield "Instead of", rule.bad
    if rule.good:
        yield "write" if rule.bad else "Write", rule.good
    if rule.source:
        yield "", f"Source: {rule.source}"


def _result(problem: Problem, index: int, fingerprint: str) -> Entry:
    related = [
        {"id": number, "message": {"text": _text(label)}, **_location(span)}
        for number, (span, label) in enumerate(problem.related[:MOST_RELATED], 1)
    ]
    return {
        "ruleId": safe(problem.rule) or UNNAMED,
        "ruleIndex": index,
        "level": problem.severity,
        "message": {"text": _text(f"{problem.message}{f' (help: {problem.help})' if problem.help else ''}")},
        "locations": [_location(problem.span)],
        **({"relatedLocations": related} if related else {}),
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1"},
    }


def _text(text: str) -> str:
    """``text`` as a message, in which brackets must not become a link, and which must not be empty."""
    return safe(text).replace("](", "] (") or "it is wrong"


def _location(span: Span) -> Entry:
    return {"physicalLocation": {"artifactLocation": _artifact(span.file), "region": _region(span)}}


def _artifact(file: str) -> Entry:
    """A file below the root of the repository; one that is elsewhere has a whole address."""
    octets = file.encode("utf-8", "surrogatepass")
    uri = "".join(chr(octet) if octet in PLAIN else f"%{octet:02X}" for octet in octets)
    return {"uri": f"file://{uri}"} if file.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _region(span: Span) -> Entry:
    """The place; both count from 1, in characters, up to the first one beyond."""
    region: Entry = {"startLine": span.line, "startColumn": span.column}
    if (span.end_line, span.end_column) > (span.line, span.column):
        region |= {"endLine": span.end_line, "endColumn": span.end_column}
    return region
