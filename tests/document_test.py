"""Whatever bytes a file has, it is read: into values with their places, or into problems that say where and how."""

import time
from textwrap import dedent
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.nasty import TEXT
from tests.scalar_test import BARE, core

from mlgen import document
from mlgen.document import Dialect, Parsed, parse, scalar
from mlgen.emit import dump
from mlgen.node import Json, Node
from mlgen.patch import same
from mlgen.problem import Problem, Span, errors
from mlgen.rules.reading import RULES

DIALECTS: tuple[Dialect, ...] = get_args(Dialect)
Told = tuple[str, str, str]  # place and rule, message, advice
SLOWEST = 5.0  # seconds; what takes longer was not bounded
GOOD = dedent(
    """\
    # yaml-language-server: $schema=../../schemas/project.json
    apiVersion: mlgen.dev/v1
    kind: Project
    name: churn
    description: >-
      Which drivers will
      stop using the app?

    data:
      telemetry: {blob: telemetry/raw, access: read, freshness: 1h}
      notes:     {files: 'churn notes', size: 50Gi}   # not blob
    secrets: {maps-api: [MAPS_KEY]}
    workloads:
      train:
        kind: tensorflow
        command: [python, -m, "churn.train\\n"]
        env:
          EPOCHS: 20
          FLAG: yes
          V: 012
          NONE: ~
        workers: 4
        rate: 0.5
        resources: {cpu: 8, gpu: {a100: 1}}
        on-change: true
        script: |
          set -e

          echo "é \U0001f600"
      serve:
        args:
        - --a
        -   - b
            - {c: null}
    pipelines: {}
    """
)


def spec(text: str) -> Parsed:
    return parse(text.encode(), file="f")


def value(text: str) -> Json:
    """What a spec says; it must be without fault."""
    parsed = spec(text)
    assert not parsed.problems
    (root,) = parsed.documents
    return root.plain()


def manifests(text: str) -> list[Json]:
    """What manifests say; a warning does not matter."""
    parsed = parse(text.encode(), file="f", dialect="kubernetes")
    assert not errors(parsed.problems)
    return [root.plain() for root in parsed.documents]


def told(problem: Problem) -> Told:
    return f"{problem.span.line}:{problem.span.column} {problem.rule}", problem.message, problem.help


def problems(text: str, dialect: Dialect = "spec") -> list[Told]:
    return [told(problem) for problem in parse(text.encode(), file="f", dialect=dialect).problems]


def at(text: str, span: Span) -> str:
    """The text at a place; what follows a newline in it is indented as it was."""
    lines = text.split("\n")[span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    return "\n".join([" " * (span.column - 1) + lines[0][span.column - 1 :], *lines[1:]])


def nodes(root: Node) -> list[Node]:
    return [root, *(below for node in [*root.items, *root.entries.values()] for below in nodes(node))]


def test_a_spec_is_read_as_it_says() -> None:
    assert value(GOOD) == {
        "apiVersion": "mlgen.dev/v1",
        "kind": "Project",
        "name": "churn",
        "description": "Which drivers will stop using the app?",
        "data": {
            "telemetry": {"blob": "telemetry/raw", "access": "read", "freshness": "1h"},
            "notes": {"files": "churn notes", "size": "50Gi"},
        },
        "secrets": {"maps-api": ["MAPS_KEY"]},
        "workloads": {
            "train": {
                "kind": "tensorflow",
                "command": ["python", "-m", "churn.train\n"],
                "env": {"EPOCHS": "20", "FLAG": "yes", "V": "012", "NONE": None},
                "workers": 4,
                "rate": 0.5,
                "resources": {"cpu": 8, "gpu": {"a100": 1}},
                "on-change": True,
                "script": 'set -e\n\necho "é \U0001f600"\n',
            },
            "serve": {"args": ["--a", ["b", {"c": None}]]},
        },
        "pipelines": {},
    }


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_place_of_a_value_is_where_it_can_be_read_again(dialect: Dialect) -> None:
    text = GOOD.split("    env:")[0] + GOOD.split("NONE: ~\n")[1]
    (root,) = parse(text.encode(), file="f", dialect=dialect).documents
    found = nodes(root)
    assert len(found) > 35
    for node in found:
        again = parse(at(text, node.span).encode() + b"\n", file="f", dialect=dialect)
        assert [one.plain() for one in again.documents] == ([] if node.value is None else [node.plain()])
        assert not at(text, node.span)[-1:].isspace()
        for key, span in node.keys.items():
            assert at(text, span).strip() == key


def test_a_node_keeps_the_text_of_what_is_not_text() -> None:
    (root,) = spec("version: 1.10\nname: '1.10'\nnothing: ~\nempty:\n").documents
    assert [node.text for node in root.entries.values()] == ["1.10", None, "~", ""]


def test_a_key_has_its_place_and_an_empty_value_stands_behind_its_colon() -> None:
    (root,) = spec("a: 1\nlonger:\n").documents
    assert root.key_span("longer") == Span("f", 2, 1, 2, 7)
    assert root["longer"].span == Span("f", 2, 8, 2, 8)
    assert root.span == Span("f", 1, 1, 2, 8)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "env: {a: 1, b: no, on: 012, 5: x, c: 'q', d: }",
            {"a": "1", "b": "no", "on": "012", "5": "x", "c": "q", "d": None},
        ),
        ("env: {a: {b: 1}, c: [2]}", {"a": {"b": 1}, "c": [2]}),
        ("env: {env: {x: 1_0}, y: 1_0}", {"env": {"x": "1_0"}, "y": "1_0"}),
        ("env: [1, two]", [1, "two"]),
    ],
)
def test_values_of_env_are_their_text(text: str, expected: Json) -> None:
    found = value(text)
    assert isinstance(found, dict)
    assert same(found["env"], expected)


def test_elsewhere_they_are_not() -> None:
    found = problems("environ: {b: no}\n'env': {b: no}\nlist: [{b: no}]\n")
    assert [place for place, _, _ in found] == ["1:14 ambiguous-scalar", "3:12 ambiguous-scalar"]


@pytest.mark.parametrize(
    ("before", "after"), [(b"\xef\xbb\xbf", b""), (b"", b"\r\n"), (b"---\n", b""), (b"", b"\n...\n")]
)
def test_how_a_file_begins_and_ends_its_lines_does_not_matter(before: bytes, after: bytes) -> None:
    parsed = parse(before + b"a: 1\r\nb: {c: 2}" + after, file="f")
    assert not parsed.problems
    assert [root.plain() for root in parsed.documents] == [{"a": 1, "b": {"c": 2}}]
    assert "\r" not in parsed.text
    assert "\ufeff" not in parsed.text


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n", "~\n", "null\n"])
def test_a_file_that_says_nothing_has_no_document(text: str) -> None:
    assert spec(text)[:2] == ((), ())


FAULTS: dict[str, list[Told]] = {
    "a: no\n": [
        (
            "1:4 ambiguous-scalar",
            "`no` is a truth value to some YAML readers and text to others",
            'for text, quote it: "no", or write false if that is meant',
        ),
    ],
    "on: 1\n": [
        (
            "1:1 ambiguous-scalar",
            "`on` is a truth value to some YAML readers and text to others",
            'quote the key: "on"',
        ),
    ],
    "a: 99999999999999999999\n": [
        (
            "1:4 number-range",
            "the number 99999999999999999999 does not fit into 64 bits",
            'for text, quote it: "99999999999999999999"',
        ),
    ],
    "1: a\n": [
        ("1:1 key-not-text", "the key `1` is a number, not text", 'quote the key: "1"'),
    ],
    "[a]: b\n": [
        ("1:1 key-not-text", "a map or list stands here as the key of a map", "make the key a text"),
    ],
    "a:\n  : b\n": [
        ("2:3 key-not-text", "there is no key before this colon", "write the key"),
    ],
    "a: 1\nb: 2\na: 3\n": [
        ("3:1 duplicate-key", "the key `a` stands twice in this map", "keep one of the two"),
    ],
    "host: {{ project.name }}\n": [
        (
            "1:7 bare-template",
            "a value that begins with {{ is a map to YAML, not text",
            'quote the whole value: "{{ ... }}"',
        ),
    ],
    "host: {{ project.name }}.example.com\n": [
        (
            "1:7 bare-template",
            "a value that begins with {{ is a map to YAML, not text",
            'quote the whole value: "{{ ... }}"',
        ),
    ],
    "a: [{{ b }}]\n": [
        (
            "1:5 bare-template",
            "a value that begins with {{ is a map to YAML, not text",
            'quote the whole value: "{{ ... }}"',
        ),
    ],
    "a: &x 1\nb: *x\n": [
        ("1:4 yaml-alias", "the anchor &x cannot stand here", "delete it, and write the value out wherever *x stands"),
    ],
    "a: *x\n": [
        ("1:4 yaml-alias", "the alias *x cannot stand here", "write the value out, or quote text that begins with *"),
    ],
    "a: {<<: {b: 1}}\n": [
        ("1:5 yaml-alias", "the merge key << cannot stand here", "write the entries out"),
    ],
    "a: *.csv\n": [
        ("1:4 yaml-alias", "text cannot begin with * unless it is quoted", "quote the whole value"),
    ],
    "a: !!str 1\n": [
        ("1:4 yaml-tag", "the tag !!str cannot stand here", "delete it; quote text that looks like a number"),
    ],
    "a: ! 1\n": [
        ("1:4 yaml-tag", "the tag ! cannot stand here", "delete it; quote text that looks like a number"),
    ],
    "a: !!map {}\n": [
        ("1:4 yaml-tag", "the tag !!map cannot stand here", "delete it; quote text that looks like a number"),
    ],
    "a: !e!x 1\n": [
        ("1:4 yaml-tag", "text cannot begin with ! unless it is quoted", "quote the whole value"),
    ],
    "%YAML 1.1\n---\na: 1\n": [
        ("1:1 yaml-directive", "a directive (a line with % at its start) cannot stand here", "delete it"),
    ],
    "a: 1\n---\nb: 1\n": [
        ("2:1 several-documents", "a second document begins here; a file has one", "give it a file of its own"),
    ],
    'a: "\\e[31m"\n': [
        ("1:4 control-character", "this text has the control character U+001B in it", "take its escape sequence out"),
    ],
    'a: "\\u202e"\n': [
        ("1:4 control-character", "this text has the invisible character U+202E in it", "take its escape sequence out"),
    ],
    "a: b\u2028c\n": [
        (
            "1:5 control-character",
            "the control character U+2028 cannot stand here",
            "delete it; an editor that shows invisible characters finds it",
        ),
    ],
    "a: b\rc\n": [
        (
            "1:5 control-character",
            "the control character U+000D cannot stand here",
            "end lines with a newline, with or without a carriage return before it",
        ),
    ],
    "a: \ufeffb\n": [
        (
            "1:4 control-character",
            "the control character U+FEFF cannot stand here",
            "delete it: a byte order mark may stand at the very start only",
        ),
    ],
    "a: 1\n\tb: 2\n": [
        ("2:1 tab-indentation", "a tab stands where only spaces may indent", "write spaces instead"),
    ],
    "a:\n\tb: 2\n": [
        ("2:1 tab-indentation", "a tab stands where only spaces may indent", "write spaces instead"),
    ],
    'a: 1\nb: "c\nd: 2\n': [
        ("2:4 unclosed-quote", 'the quote " opened here is never closed', 'close it with "'),
    ],
    'b: "c\nd: "e"\n': [
        ("1:4 unclosed-quote", "the quote opened here ends only on line 2", "close it where its text ends"),
    ],
    "a: 'it's\n": [
        (
            "1:8 yaml-syntax",
            "text follows the closing quote",
            "put all of the value between the quotes; inside \"...\" a quote is \\\", inside '...' it is ''",
        ),
    ],
    "a: 1\nb\nc: 2\n": [
        ("2:1 yaml-syntax", "a colon is missing after this key", "write `b: ...`, or `- b` for an item of a list"),
    ],
    "a:\n  b\n  c: 2\n": [
        ("2:3 yaml-syntax", "a colon is missing after this key", "write `b: ...`, or `- b` for an item of a list"),
    ],
    "a:1\nb: 2\n": [
        ("1:1 yaml-syntax", "there is no blank after the colon", "write `a: ...`"),
    ],
    "a: b: c\n": [
        (
            "1:5 yaml-syntax",
            "a second colon stands in this line",
            "quote the value if the colon belongs to it; write a nested key on the next line",
        ),
    ],
    "a:\n  b: 1\n c: 2\n": [
        ("3:2 yaml-syntax", "the indentation of this line fits none above it", "indent it by 0 or 2 spaces"),
    ],
    "a: 1\n  b: 2\n": [
        (
            "2:3 yaml-syntax",
            "this line is indented as part of line 1, which has its value already",
            "indent it by 0 spaces",
        ),
    ],
    "a:\n- b: 1\n   c: 2\n": [
        (
            "3:4 yaml-syntax",
            "this line is indented as part of line 2, which has its value already",
            "indent it by 2 spaces",
        ),
    ],
    "a: 1\n- b\n": [
        (
            "2:1 yaml-syntax",
            "an item of a list stands among the keys of a map",
            "indent it like the other items, below the key of its list",
        ),
    ],
    "- a\nb: 1\n": [
        ("2:1 yaml-syntax", "a key stands among the items of a list", "begin it with `- `, or indent it otherwise"),
    ],
    "- a\n-b\n": [
        ("2:1 yaml-syntax", "a list item has no space after its dash", "write `- b`"),
    ],
    "a: - b\n": [
        ("1:4 yaml-syntax", "a list cannot begin in the line of its key", "write it on the lines below, or as [a, b]"),
    ],
    "a: [1, 2\nb: 3\n": [
        ("1:4 yaml-syntax", "the `[` opened here is never closed", "close it with `]`"),
    ],
    "a: {b: 1 c: 2}\n": [
        ("1:11 yaml-syntax", "a comma or `}` is missing before this", "put a comma between any two entries"),
    ],
    "a: [1]]\n": [
        ("1:7 yaml-syntax", "`]` closes nothing here", "delete it, or open a `[`"),
    ],
    "a: [b,,c]\n": [
        ("1:7 yaml-syntax", "a value is missing here", "write one, or quote text that begins with a special character"),
    ],
    "a: [b] c\n": [
        ("1:8 yaml-syntax", "text follows the closing `]`", "quote the whole value, if it is text"),
    ],
    "a: @b\n": [
        ("1:4 yaml-syntax", "text cannot begin with @ unless it is quoted", "quote the whole value"),
    ],
    'a: "C:\\Users"\n': [
        (
            "1:7 yaml-syntax",
            "YAML has no such escape sequence",
            "write \\\\ for a backslash, or put the text into single quotes",
        ),
    ],
    'a: "\\ud83d\\ude00"\n': [
        ("1:7 yaml-syntax", "this escape sequence is not a character", "write the character itself"),
    ],
    "a: |b\n  c\n": [
        ("1:5 yaml-syntax", "nothing may follow `|` or `>` in its line", "begin the text on the next line"),
    ],
    "'a'\nb: 1\n": [
        (
            "2:1 yaml-syntax",
            "the document ended before this line",
            "indent it as part of what is above, or begin with `key:`",
        ),
    ],
    "a:\n<<<<<<< HEAD\n  b: 1\n=======\n  b: 2\n>>>>>>> x\n": [
        (
            "2:1 merge-conflict",
            "git left a merge conflict here",
            "keep one of the two sides, and delete the lines that begin with <, = and >",
        ),
    ],
}


@pytest.mark.parametrize(("text", "expected"), FAULTS.items(), ids=map(repr, FAULTS))
def test_a_fault_is_named_with_its_place_and_its_cure(text: str, expected: list[Told]) -> None:
    assert problems(text) == expected


@pytest.mark.parametrize("text", FAULTS)
def test_the_slow_parser_finds_the_same_places(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fast = spec(text)
    monkeypatch.setattr(document, "LOADER", yaml.SafeLoader)
    slow = spec(text)
    assert {problem.span.line for problem in slow.problems} == {problem.span.line for problem in fast.problems}


def test_the_slow_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    fast = spec(GOOD)
    monkeypatch.setattr(document, "LOADER", yaml.SafeLoader)
    slow = spec(GOOD)
    assert [(node.value, node.span) for _, node in slow.documents[0].leaves()] == [
        (node.value, node.span) for _, node in fast.documents[0].leaves()
    ]


def test_all_problems_of_a_file_are_found_at_once_and_kept_before_one_that_stops() -> None:
    found = problems("a: no\nb: {a: 1, a: 012}\nc: [*x, !!int 3]\nd: 'e\n")
    assert [place for place, _, _ in found] == [
        "1:4 ambiguous-scalar",
        "2:11 duplicate-key",
        "2:14 ambiguous-scalar",
        "3:5 yaml-alias",
        "3:9 yaml-tag",
        "4:4 unclosed-quote",
    ]


def test_a_duplicate_names_both_places() -> None:
    (problem,) = spec("a:\n  b: 1\n  c: 2\n  b: 3\n").problems
    assert problem.span == Span("f", 4, 3, 4, 4)
    assert problem.related == ((Span("f", 2, 3, 2, 4), "it stands here first"),)


def test_a_bracket_without_a_comma_names_where_it_was_opened() -> None:
    (problem,) = spec("a: {b: 1,\n  'c' 2}\n").problems
    assert problem.related == ((Span("f", 1, 4, 1, 5), "the `{` is opened here"),)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: 1\nb: \xc3\xa9 \xff\n", ("2:6 not-utf8", "the byte 0xFF is not UTF-8", "save the file as UTF-8")),
        (b"a: 1\r\nb: Zo\xeb", ("2:6 not-utf8", "the byte 0xEB is not UTF-8", "save the file as UTF-8")),
        (b"\xed\xa0\x80", ("1:1 not-utf8", "the byte 0xED is not UTF-8", "save the file as UTF-8")),
        ("a: 1".encode("utf-16"), ("1:1 not-utf8", "this file is UTF-16", "save the file as UTF-8")),
        ("a: 1".encode("utf-32"), ("1:1 not-utf8", "this file is UTF-32", "save the file as UTF-8")),
    ],
)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_another_encoding_is_named_with_the_first_byte_that_shows_it(
    data: bytes, expected: Told, dialect: Dialect
) -> None:
    parsed = parse(data, file="f", dialect=dialect)
    assert [told(problem) for problem in parsed.problems] == [expected]
    assert parsed.documents == ()
    assert parsed.text, "an excerpt wants something to show"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: yes\n---\n---\n# c\n--- # d\nb: 017\n---\n~\n", [{"a": True}, {"b": 15}]),
        (
            "a: &x {b: 1}\nc: *x\nd: {<<: *x, b: 2}\ne: {b: 2, <<: *x}\n",
            [{"a": {"b": 1}, "c": {"b": 1}, "d": {"b": 2}, "e": {"b": 1}}],
        ),
        ("a: {<<: [{b: 1}, {b: 2, c: 3}]}\n", [{"a": {"b": 1, "c": 3}}]),
        ("a: {'<<': 1}\n", [{"a": {"<<": 1}}]),
        ("a: &x b\n*x : c\n", [{"a": "b", "b": "c"}]),
        ("a: &x 1\nb: {c: &x 2}\nd: *x\n", [{"a": 1, "b": {"c": 2}, "d": 2}]),
        ("1: a\n1.5: b\non: c\n1e6: d\n", [{"1": "a", "1.5": "b", "true": "c", "1e+06": "d"}]),
        ("metadata: {a: 1, a: 2}\n", [{"metadata": {"a": 2}}]),
        (
            "a: [1.0, 1e3, 2024-01-01, 1:30, !!str 5, !!binary aGk=, ! 7]\n",
            [{"a": [1, 1000, "2024-01-01", "1:30", "5", "hi", "7"]}],
        ),
        ("a: !!set {b, c}\n", [{"a": {"b": None, "c": None}}]),
        ("a: |\n  b", [{"a": "b\n"}]),
        ("env: {a: 1}\n", [{"env": {"a": 1}}]),
        ('{"a": "\\u00e9\\/", "b": [1, {"c": null}]}', [{"a": "é/", "b": [1, {"c": None}]}]),
        ("", []),
    ],
)
def test_manifests_are_read_as_kubectl_reads_them(text: str, expected: list[Json]) -> None:
    found = manifests(text)
    assert len(found) == len(expected)
    assert all(map(same, found, expected))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: *x\n", ("1:4 yaml-alias", "the alias *x has no anchor before it", "write the value out")),
        ("a: &x 1\n---\nb: *x\n", ("3:4 yaml-alias", "the alias *x has no anchor before it", "write the value out")),
        ("a: &x {b: *x}\n", ("1:11 yaml-alias", "the alias *x stands within its own value", "write the value out")),
        (
            "a: &x 1\nb: &x [*x]\n",
            ("2:8 yaml-alias", "the alias *x stands within its own value", "write the value out"),
        ),
        ("<<: 5\n", ("1:5 yaml-alias", "only a map, or a list of maps, can be merged", "write a map after <<")),
        ("a: &x {}\n*x : 1\n", ("2:1 key-not-text", "*x, a map or list, stands as a key", "write text")),
        ("~: 1\n", ("1:1 key-not-text", "a key of a map is empty", "write the key, or quote it")),
        (
            "a: .nan\n",
            ("1:4 number-range", "JSON, and so Kubernetes, has no .nan", "write a finite number, or quote it"),
        ),
        ("a: !!int b\n", ("1:4 yaml-tag", "`b` is not what its tag !!int says", "take the tag away")),
        (
            "%YAML 1.1\n---\na: 1\n",
            ("1:1 yaml-directive", "kubectl refuses directives (lines with % at the start)", "delete it"),
        ),
        (
            "--- {a: 1}\n",
            (
                "1:1 yaml-syntax",
                "kubectl refuses anything but a comment after `---`",
                "begin the document on the next line",
            ),
        ),
        (
            "a: 1\n...\nb: 1\n",
            (
                "3:1 yaml-syntax",
                "the document ended before this line",
                "indent it as part of what is above, or begin with `key:`",
            ),
        ),
        (
            'a: "\\x7f"\n',
            (
                "1:4 control-character",
                "this text has the control character U+007F in it",
                "take its escape sequence out",
            ),
        ),
    ],
)
def test_what_kubectl_refuses_in_a_manifest_is_a_problem(text: str, expected: Told) -> None:
    assert problems(text, "kubernetes") == [expected]


@pytest.mark.parametrize("text", ["metadata: {a: 1, a: 2}\n", 'a: "\\e"\n', "a: \u202eb\n"])
def test_what_is_merely_odd_in_a_manifest_is_a_warning(text: str) -> None:
    (problem,) = parse(text.encode(), file="f", dialect="kubernetes").problems
    assert problem.severity == "warning"
    (strict,) = spec(text).problems
    assert (strict.rule, strict.severity) == (problem.rule, "error")


def test_a_merged_key_may_be_written_again_but_not_twice() -> None:
    assert problems("a: {<<: {b: 1}, b: 2}\n", "kubernetes") == []
    ((place, _, _),) = problems("a: {<<: {b: 1}, b: 2, b: 3}\n", "kubernetes")
    assert place == "1:23 duplicate-key"


def bomb(levels: int, width: int, item: str = "*{}") -> str:
    """Each level stands for ``width`` times the level before it."""
    lines = ["a0: &a0 {x: 1}"]
    for level in range(1, levels):
        before = ", ".join([item.format(f"a{level - 1}")] * width)
        lines.append(f"a{level}: &a{level} [{before}]")
    return "\n".join(lines) + "\n"


HOSTILE: dict[str, bytes] = {
    "alias bomb": bomb(12, 9).encode(),
    "alias bomb of maps": bomb(9, 9, "{{<<: *{0}, k: *{0}}}").encode(),
    "merge bomb": b"a: &a {x: 1}\n"
    + b"".join(b"m%d: {<<: [%s]}\n" % (n, b", ".join([b"*a"] * 900)) for n in range(130)),
    "deep by aliases": b"a0: &a0 [1]\n" + b"".join(b"a%d: &a%d [*a%d]\n" % (n, n, n - 1) for n in range(1, 400)),
    "cycle": b"&a {b: *a}",
    "cycle of lists": b"&a [*a, [*a]]",
    "brackets": b"[" * 100_000,
    "braces": b"{" * 100_000,
    "closed brackets": b"[" * 100_000 + b"]" * 100_000,
    "braces with keys": b"{a: " * 100_000,
    "dashes": b"- " * 400_000,
    "question marks": b"? " * 400_000,
    "steps": b"".join(b" " * n + b"a:\n" for n in range(1000)),
    "items": b"[" + b"0," * 60_000 + b"]",
    "bad items": b"[" + b"012," * 20_000 + b"]",
    "empty maps": b"[" + b"{}," * 60_000 + b"]",
    "keys": b"".join(b"k%d: 0\n" % n for n in range(60_000)),
    "same keys": b"a: 0\n" * 60_000,
    "commas": b"," * 100_000,
    "colons": b":" * 100_000,
    "digits": b"a: " + b"1" * 60_000,
    "digits of a fraction": b"a: 0." + b"1" * 60_000,
    "digits and a letter": b"a: " + b"1" * 60_000 + b"z",
    "underscores": b"a: 1" + b"_" * 60_000 + b"z",
    "exponent": b"a: 1e" + b"9" * 60_000,
    "hexadecimal": b"a: 0x" + b"f" * 60_000,
    "octal": b"a: 0" + b"7" * 60_000,
    "base of 60": b"a: 1" + b":59" * 20_000,
    "long scalar": b"a: " + b"x" * 900_000,
    "long key": b"x" * 200_000 + b": 1",
    "long line of quotes": b'"' * 300_000,
    "unclosed quote": b'a: "' + b"x\n" * 300_000,
    "many anchors": b"".join(b"- &a%d 1\n" % n for n in range(40_000)),
    "no such month": b"a: 2024-13-45",
    "no such day": b"a: 2023-02-30T00:00:00Z",
    "no such offset": b"a: 2023-02-28 00:00:00 -99:99",
    "tagged int": b"a: !!int abc",
    "tagged empty int": b"a: !!int ''",
    "tagged bool": b"a: !!bool maybe",
    "tagged timestamp": b"a: !!timestamp x",
    "tagged python": b"a: !!python/object/apply:os.system [id]",
    "tagged key": b"!!int abc: 1",
    "unicode escape": b'a: "\\UFFFFFFFF"',
    "surrogate": b'a: "\\ud800"',
    "surrogate key": b'"\\udfff": 1',
    "nul": b"a: \x00b",
    "nuls": b"\x00" * 300_000,
    "escaped nul": b'a: "\\0"',
    "delete": b"a: \x7f",
    "next line": b"a: \xc2\x85b",
    "utf-16": "a: 1".encode("utf-16"),
    "utf-16 without a mark": "a: 1\nb: 2".encode("utf-16-le"),
    "utf-32": "a: 1".encode("utf-32-be"),
    "two marks": b"\xef\xbb\xbf\xef\xbb\xbfa: 1",
    "mark inside": b"a: 1\n\xef\xbb\xbfb: 2",
    "cut character": b"a: \xf0\x9f\x98",
    "too long": b"# " + b"x" * (17 * 1024 * 1024),
    "directive": b"%YAML 9.9\n---\na: 1",
    "tag directive": b"%TAG ! tag:x,2000:\n--- !y\na: 1",
    "many documents": b"--- x\n" * 30_000,
    "complex key": b"? {a: [b]}\n: c",
    "block without end": b"a: |9\n b",
    "tabs": b"\t" * 100_000,
    "tab between": b"a:\n\t- b\n",
    "carriage returns": b"a: 1\rb: 2\r",
}
# What kubectl reads without complaint, however odd it is.
HARMLESS = {
    "spec": set("digits and a letter|digits of a fraction|underscores|colons|question marks".split("|")),
    "kubernetes": set(
        "digits|digits of a fraction|digits and a letter|underscores|exponent|hexadecimal|octal|items|base of 60|"
        "long scalar|empty maps|keys|many anchors|tagged python|escaped nul|same keys|no such month|no such day|"
        "no such offset|bad items".split("|")
    ),
}


@pytest.mark.parametrize("slow", [False, True], ids=["libyaml", "python"])
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time(
    name: str, dialect: Dialect, slow: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = HOSTILE[name] if not slow else HOSTILE[name][:20_000]
    if slow:
        monkeypatch.setattr(document, "LOADER", yaml.SafeLoader)
    start = time.process_time()
    parsed = parse(data, file="f", dialect=dialect)
    assert time.process_time() - start < SLOWEST
    complete(parsed)
    if not slow and name not in HARMLESS[dialect]:
        assert errors(parsed.problems)


def complete(parsed: Parsed) -> None:
    """What is promised of every answer, whatever was asked."""
    for problem in parsed.problems:
        assert problem.rule in PAGES
        assert problem.help
        assert 1 <= problem.span.line <= parsed.text.count("\n") + 2
        assert problem.span.column >= 1
        assert len(problem.message) + len(problem.help) < 300
    assert len(parsed.problems) <= 1100
    for root in parsed.documents:
        root.plain()


def test_what_the_parser_itself_gives_up_on_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LOADER", yaml.SafeLoader)
    (place, message, _) = problems('a: 1\nb: "\\UFFFFFFFF"\n')[0]
    assert place == "2:1 unreadable"
    assert "(ValueError)" in message or "(OverflowError)" in message


@pytest.mark.parametrize("failure", [MemoryError, RecursionError, UnicodeError, AttributeError])
def test_no_failure_of_a_parser_escapes(failure: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    def loader(_text: str) -> Any:
        raise failure

    monkeypatch.setattr(document, "LOADER", loader)
    assert [place for place, _, _ in problems(GOOD)] == ["1:1 unreadable"]


@st.composite
def mutants(draw: st.DrawFn, text: bytes = GOOD.encode()) -> bytes:
    """A good spec with a few bytes, pieces or lines changed, or cut short."""
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.sampled_from((0, 0, 1, 3, 20)))
        text = text[:start] + draw(PIECES) + text[end:]
    return text[: draw(st.sampled_from((None, None, None, -1, len(text) // 2)))]


PIECES = st.sampled_from(
    [
        piece.encode()
        for piece in (
            *"'\"[]{},:-?|>&*!%@`#~\t\n \r\\\x00\x7f\x85\u2028\ufeff",
            *(
                "- ",
                ": ",
                "\n\n",
                "---\n",
                "...\n",
                "<<: *a\n",
                "&a ",
                "*a ",
                "!!int ",
                "{{ x }}",
                "{<<: {a: 1}}",
                "\n  ",
            ),
            *("012", "yes", "1e3", "2024-01-01", '"\\u202e"', "|-\n", "? ", "é", "\U0001f600", "a: 1\n", "name: x\n"),
        )
    ]
) | st.binary(max_size=4)


def survives(data: bytes, dialect: Dialect) -> None:
    start = time.process_time()
    complete(parse(data, file="f", dialect=dialect))
    assert time.process_time() - start < SLOWEST


@given(st.binary(max_size=300) | mutants(), st.sampled_from(DIALECTS))
@settings(max_examples=300)
def test_no_bytes_break_the_reader(data: bytes, dialect: Dialect) -> None:
    survives(data, dialect)


@pytest.mark.proof
@given(st.binary(max_size=2000) | mutants(), st.sampled_from(DIALECTS))
@settings(max_examples=20_000)
def test_no_bytes_break_the_reader_at_length(data: bytes, dialect: Dialect) -> None:
    survives(data, dialect)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_file_cut_anywhere_is_read_or_refused(dialect: Dialect) -> None:
    data = GOOD.encode()
    for end in range(len(data)):
        survives(data[:end], dialect)


def composed(node: Any) -> Any:
    """What a reader of YAML 1.2 makes of a document."""
    if isinstance(node, yaml.MappingNode):
        return {composed(key): composed(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [composed(item) for item in node.value]
    return node.value if node.style else core(node.value)


def read_alike(text: str) -> bool:
    """Whether our reader accepts ``text``; then all other readers must say the same."""
    parsed = spec(text)
    if parsed.problems or not parsed.documents:
        return False
    ours = parsed.documents[0].plain()
    assert same(ours, yaml.load(text, yaml.CSafeLoader)), "a reader of YAML 1.1 differs"
    assert same(ours, composed(yaml.compose(text, yaml.CSafeLoader))), "a reader of YAML 1.2 differs"
    theirs = parse(text.encode(), file="f", dialect="kubernetes")
    assert not errors(theirs.problems)
    assert [root.plain() for root in theirs.documents] == [ours], "kubectl differs"
    return True


def written(value: Any) -> str:
    """A value in flow style, its leaves as they are."""
    if isinstance(value, list):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {written(item)}' for key, item in value.items())}}}"
    return str(value)


TRUSTED = BARE.filter(lambda text: not isinstance(scalar.spec(text), scalar.Unread))
LEAVES = TRUSTED | st.sampled_from(["a", "'b'", '"c\\n"', "1", "0.5", "true", "null", "", "'012'", "d e", "- 'f'"])
KEYS = TRUSTED.filter(lambda text: isinstance(scalar.spec(text), str)) | st.sampled_from("k l m 'n' \"o\"".split())
INNER = LEAVES | st.lists(LEAVES, max_size=3) | st.dictionaries(KEYS, LEAVES, max_size=3)
DOCUMENTS = st.dictionaries(KEYS, INNER | st.lists(INNER, max_size=3), min_size=1, max_size=3)


def in_lines(value: dict[str, Any]) -> str:
    return "".join(f"{key}: {written(item)}\n" for key, item in value.items())


@given(DOCUMENTS)
@settings(max_examples=300)
def test_an_accepted_spec_is_read_alike_by_all(value: dict[str, Any]) -> None:
    read_alike(in_lines(value))


@pytest.mark.proof
@given(DOCUMENTS)
@settings(max_examples=20_000)
def test_an_accepted_spec_is_read_alike_by_all_at_length(value: dict[str, Any]) -> None:
    read_alike(in_lines(value))


@given(mutants(GOOD.replace("FLAG: yes", "FLAG: 'yes'").replace("env:", "environ:").replace("012", "'012'").encode()))
@settings(max_examples=100)
def test_an_accepted_mutant_is_read_alike_by_all(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    if "env:" not in text:
        read_alike(text)


def test_these_laws_are_not_about_nothing() -> None:
    assert read_alike(GOOD.split("    env:")[0] + GOOD.split("NONE: ~\n")[1])
    assert read_alike("a: [1, {b: 'c', d: }]\n")


@given(st.dictionaries(TEXT, TEXT | st.lists(TEXT | st.integers(-(2**63), 2**63 - 1) | st.booleans() | st.none())))
@settings(max_examples=200)
def test_what_the_emitter_writes_is_read_as_it_was_meant(value: Json) -> None:
    text = dump(value)
    for dialect in DIALECTS:
        parsed = parse(text.encode(), file="f", dialect=dialect)
        assert {problem.rule for problem in parsed.problems} <= {"control-character", "value-too-long"}
        if not parsed.problems:
            assert same(parsed.documents[0].plain(), value)


PAGES = {rule.id: rule for rule in RULES}
# Their pages cannot show the real thing.
TOLD_ONLY = {"not-utf8", "too-large", "too-complex", "value-too-long", "unreadable"}


@pytest.mark.parametrize("rule", sorted(PAGES.keys() - TOLD_ONLY))
def test_the_page_of_a_rule_shows_what_it_refuses(rule: str) -> None:
    bad = {problem.rule for problem in spec(PAGES[rule].bad + "\n").problems}
    assert rule in bad
    assert spec(PAGES[rule].good + "\n").problems == ()


def test_the_hostile_files_show_the_rules_that_pages_cannot() -> None:
    found = {problem.rule for data in HOSTILE.values() for problem in parse(data, file="f").problems}
    assert TOLD_ONLY - {"unreadable"} <= found
