"""Names between braces are filled in; anything more is refused, with its place, and never run."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlgen.node import Node
from mlgen.problem import Span
from mlgen.rules.template import RULES
from mlgen.template import fill

NAMES = {
    "project": {"name": "churn", "owner": "growth-ml"},
    "environment": {"name": "Prod", "items": "i", "empty": ""},
    "release": {},
}


def scalar(text: str, *, quotes: int = 0) -> Node:
    """``text`` as it stands on one line, in quotes or without, from column 5 on."""
    return Node(text, Span("churn.yaml", 3, 5, 3, 5 + len(text) + quotes))


def filled(text: str) -> str:
    node, problems = fill(scalar(text), NAMES)
    assert problems == []
    assert isinstance(node.value, str)
    return node.value


def refused(text: str) -> str:
    """Rule, message and advice of the one problem that ``text`` has."""
    before = scalar(text)
    node, (problem,) = fill(before, NAMES)
    assert node is before, "what is refused stays as it is written"
    assert problem.span.line == 3
    return f"{problem.rule}: {problem.message}" + (f" | {problem.help}" if problem.help else "")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("{{ project.name }}", "churn"),
        ("{{project.name}}", "churn"),
        ("ml-{{ project.name }}-{{ environment.name | lower }}", "ml-churn-prod"),
        ("{{ project.owner | replace('-', '_') }}", "growth_ml"),
        ('{{ project.owner | replace("growth", "GROWTH") | lower }}', "growth-ml"),
        ('{{ release.tag | default("dev") }}', "dev"),
        ('{{ release.tag | default("DEV") | lower }}', "dev"),
        ('{{ project.name | default("dev") }}', "churn"),
        ('{{ environment.empty | default("dev") }}', ""),
        ('{{ release.items | default("dev") }}', "dev"),
        ("{{ environment.items }}", "i"),
        ("{{ environment.items | lower }}", "i"),
        ("{{ (project.name) }}", "churn"),
        ('{{ project.name | default("}}") }}', "churn"),
        ("é {{ project.name }} ٣", "é churn ٣"),
        ("line one\n{{ project.name }}\n", "line one\nchurn\n"),
    ],
)
def test_names_are_filled_in(text: str, result: str) -> None:
    assert filled(text) == result


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "{ project.name }",
        "}} {",
        "${#files[@]} {% raw %} {# comment #} ##",
        "{% for x in y %}",
        "{#",
        "#}",
        "%}",
        "-%}",
    ],
)
def test_other_braces_are_text(text: str) -> None:
    node = scalar(text)
    assert fill(node, NAMES) == (node, [])
    assert filled(f"{text} {{{{ project.name | lower }}}}") == f"{text} churn"


def test_a_filled_string_keeps_its_place_and_what_was_written() -> None:
    node, _ = fill(scalar("{{ project.name }}"), NAMES)
    assert (node.span, node.text) == (scalar("{{ project.name }}").span, "{{ project.name }}")


def test_only_what_changes_is_new() -> None:
    span = Span("churn.yaml", 1, 1, 9, 1)
    still = Node(
        {"{{ project.name }}": Node("x", span), "number": Node(3, span), "list": Node([Node(None, span)], span)}, span
    )
    tree = Node(
        {"still": still, "moved": Node([Node("{{ project.name }}", span), Node(1, span)], span)}, span, {"still": span}
    )
    new, problems = fill(tree, NAMES)
    assert problems == []
    assert new["moved"].plain() == ["churn", 1]
    assert new["still"] is still
    assert new["moved"].items[1] is tree["moved"].items[1]
    assert (new.span, new.keys) == (tree.span, tree.keys)
    assert fill(still, NAMES)[0] is still
    assert fill(new, NAMES)[0] is new


UNDEFINED = {
    "{{ enviroment.name }}": "`enviroment.name` is not defined here | did you mean `environment.name`?",
    "{{ project.nme | lower }}": "`project.nme` is not defined here | did you mean `project.name`?",
    "{{ project }}": "`project` is not defined here | did you mean `project.name`?",
    "{{ project.name.x }}": "`project.name.x` is not defined here | did you mean `project.name`?",
    "{{ release.tag }}": "`release.tag` is not defined here | choose one of: "
    "project.name, project.owner, environment.name, environment.items, environment.empty",
    "{{ secret.tag | default('x') }}": "`secret.tag` is not defined here | choose one of: "
    "project.name, project.owner, environment.name, environment.items, environment.empty",
    "{{ release.tag | lower | default('x') }}": "`release.tag` is not defined here | choose one of: "
    "project.name, project.owner, environment.name, environment.items, environment.empty",
}


@pytest.mark.parametrize("text", UNDEFINED)
def test_an_undefined_name_gets_its_suggestion(text: str) -> None:
    assert refused(text) == f"template-undefined: {UNDEFINED[text]}"


ADVICE = "a dotted name may stand here, with the filters lower, replace and default: `{{ project.name | lower }}`"
FORBIDDEN = {
    "{{ 7*7 }}": f"`{{{{ 7*7 }}}}` is more than a name | {ADVICE}",
    "{{ project.name | uper }}": "there is no filter `uper` | choose one of: lower, replace, default",
    "{{ project.name | lowr }}": "there is no filter `lowr` | did you mean `lower`?",
    "{{ project.name | default }}": f"the filter `default` takes one text in quotes | {ADVICE}",
    "{{ project.name | lower(1) }}": f"the filter `lower` takes nothing | {ADVICE}",
    "{{ project.name | replace('a') }}": f"the filter `replace` takes two texts in quotes | {ADVICE}",
    "{{ project.name | lower | lower | lower | lower | lower }}": (
        "`{{ project.name | lower | lower | lower | lower | lower }}` has more than 4 filters | " + ADVICE
    ),
    "a {{ project.name": "`{{` is not closed | end the expression with `}}`",
    "{{ project.name | replace('ch', '\n') }}": (
        "what `{{ project.name | replace('ch', ' ') }}` stands for is not one short line of plain text"
    ),
}


@pytest.mark.parametrize("text", FORBIDDEN)
def test_more_than_a_name_is_refused_in_words(text: str) -> None:
    assert refused(text) == f"template-forbidden: {FORBIDDEN[text]}"


HOSTILE = [
    "{{ }}",
    "{{}}",
    "{{ ''.__class__ }}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ a.b() }}",
    "{{ project.name() }}",
    "{{ project.name.upper() }}",
    '{{ project["name"] }}',
    "{{ project.0 }}",
    "{{ project.name[0] }}",
    "{{ project.name[:1] }}",
    "{{ project | attr('name') }}",
    "{{ project.name | attr('__class__') }}",
    "{{ project.name | format('x') }}",
    "{{ project.name | map('upper') }}",
    "{{ project.name | xmlattr }}",
    "{{ project.name | replace(old='a', new='b') }}",
    "{{ project.name | replace('a', 'b', count=1) }}",
    "{{ project.name | replace(*['a', 'b']) }}",
    "{{ project.name | default(**{'default_value': 'x'}) }}",
    "{{ project.name | default(project.owner) }}",
    "{{ project.name | default(7) }}",
    "{{ project.name | default('a' ~ 'b') }}",
    "{{ project.name ~ project.owner }}",
    "{{ project.name + 'x' }}",
    "{{ project.name, project.owner }}",
    "{{ project.name if project.name }}",
    "{{ project.name is defined }}",
    "{{ not project.name }}",
    "{{ -project.name }}",
    "{{- project.name -}}",
    "{{+ project.name }}",
    "{{ [1] }}",
    "{{ {'a': 1} }}",
    "{{ {{ project.name }} }}",
    "{{ 'a' * 10 ** 10 }}",
    "{{ 9 ** 9 ** 9 }}",
    "{{ range(10 ** 9) }}",
    "{{ none }}",
    "{{ 'text' }}",
    "{{ project.name \0> }}",
    "{{ project.name }}{{ project.name ; import os }}",
    "{{ " + "9" * 190 + " }}",
    "{{ " + "(" * 190 + " }}",
    "{{ " + "[" * 95 + "]" * 95 + " }}",
    "{{ " + "-" * 190 + "1 }}",
    "{{ " + "a" * 100_000 + " }}",
    "{{ project.name" + ".a" * 50_000 + " }}",
    "{{ " * 50_000,
    "{{ '" * 50_000,
    "{{ project.name | replace('', '" + "a" * 40 + "') | replace('', '" + "a" * 40 + "') | replace('', 'aaaaa') }}",
    "{{ project.name | replace('c', '{{ project.name }}') }}",
    "{{ project.name | replace('c', '\u202e') }}",
    "{{ project.name | default('x\u2028') | replace('churn', '\u2028') }}",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused(text: str) -> None:
    started = time.process_time()
    said = refused(text)
    assert said.startswith("template-forbidden: ")
    assert len(said) < 300
    assert time.process_time() - started < 1


@pytest.mark.parametrize(
    "name", ["self", "loop.index", "cycler.x", "namespace", "lipsum.__globals__", "project.__class__"]
)
def test_what_jinja_offers_is_not_there(name: str) -> None:
    assert refused(f"{{{{ {name} }}}}").startswith(f"template-undefined: `{name}` is not defined here")
    assert refused(f"{{{{ {name} | lower }}}}").startswith(f"template-undefined: `{name}` is not defined here")


def test_a_value_that_is_no_line_of_text_is_refused() -> None:
    for value in ("a\nb", "a\tb", "\x1b[31m", "a\u2028b", "{{ project.name }}", "a" * 2000):
        node = scalar("x-{{ project.name }}")
        same, problems = fill(node, {"project": {"name": value}})
        assert same is node
        assert [problem.rule for problem in problems] == ["template-forbidden"]


def test_each_problem_has_its_place_in_the_string() -> None:
    text = "a {{ 7*7 }} b {{ project.nme }} {{"
    for quotes in (0, 2):
        _, problems = fill(scalar(text, quotes=quotes), NAMES)
        shift = 5 + quotes // 2
        assert [(problem.span.column - shift, problem.span.end_column - shift) for problem in problems] == [
            (2, 11),
            (14, 31),
            (32, 34),
        ]
        assert {problem.span.line for problem in problems} == {3}


def test_where_the_text_is_not_what_was_written_the_whole_string_is_the_place() -> None:
    for span in (Span("churn.yaml", 3, 5, 3, 40), Span("churn.yaml", 3, 5, 6, 1)):
        _, (problem,) = fill(Node("{{ 7*7 }}", span), NAMES)
        assert problem.span == span


def test_all_problems_of_a_document_are_found() -> None:
    tree = Node([scalar("{{ a.b }}"), Node({"x": scalar("{{ 1 }}")}, Span("f", 1, 1, 2, 1))], Span("f", 1, 1, 2, 1))
    _, problems = fill(tree, NAMES)
    assert [problem.rule for problem in problems] == ["template-undefined", "template-forbidden"]
    assert {problem.rule for problem in problems} == {rule.id for rule in RULES}


def test_jinja_is_not_loaded_for_a_mere_name() -> None:
    program = (
        "import sys\n"
        "from mlgen.node import Node\n"
        "from mlgen.problem import Span\n"
        "from mlgen.template import fill\n"
        "node, problems = fill(Node('x {{ project.name }}', Span('f', 1, 1, 1, 2)), {'project': {'name': 'churn'}})\n"
        "assert (node.value, problems, 'jinja2' in sys.modules) == ('x churn', [], False)\n"
        "fill(Node('{{ project.name | lower }}', Span('f', 1, 1, 1, 2)), {})\n"
        "assert 'jinja2' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@given(st.text(alphabet="ab{}.% #|\"'()", max_size=30) | st.text(max_size=20))
def test_any_text_is_filled_or_refused(text: str) -> None:
    node, problems = fill(scalar(text), {"a": {"a": "1", "b": "2"}, "b": {}})
    assert isinstance(node.value, str)
    if "{{" not in text:
        assert node.value == text
        assert not problems
    if not problems:
        assert "{{" not in node.value


@given(st.sampled_from(["project", "environment", "release", "x"]), st.sampled_from(["name", "items", "empty", "y"]))
def test_the_short_way_for_a_mere_name_agrees_with_jinja(group: str, name: str) -> None:
    short, by_jinja = (fill(scalar(f"{{{{ {text} }}}}"), NAMES) for text in (f"{group}.{name}", f"({group}.{name})"))
    assert short[0].value == by_jinja[0].value or short[1]
    assert [(problem.rule, problem.message) for problem in short[1]] == [
        (problem.rule, problem.message) for problem in by_jinja[1]
    ]
