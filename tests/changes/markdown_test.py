"""Differences as a comment, read by CommonMark's rules: nothing that is compared can become mark-up, forge a line, or
make the comment longer than GitHub takes."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from tests.nasty import STRINGS

from mlgen.changes import shown
from mlgen.changes.between import Difference
from mlgen.changes.compare import Change, compare
from mlgen.changes.look import Risk
from mlgen.changes.markdown import LONGEST, MARKER, code, markdown
from mlgen.changes.risk import risks
from mlgen.manifest import Manifest
from mlgen.node import Json

READER = MarkdownIt("commonmark")
HOSTILE = (
    *("```", "````diff", "~~~", "`", "``", " ` ", "</details>", "</summary><b>x", "<!--", "-->", "<!-- mlgen diff -->"),
    *("<script>alert(1)</script>", "<img src=x onerror=y>", "@octocat", "#1", "[x](http://e.example)", "![](x)"),
    *(
        "http://e.example/x",
        "www.example.com",
        "\n# head",
        "a\n\n* b",
        "a\n```\nb",
        "a\r\n+ forged",
        "> q",
        "| a | b |",
    ),
    *(
        "&lt;b&gt;",
        "\\`x\\`",
        "    code",
        "\t",
        "\x1b[31m",
        "\u202e",
        "\u2028+ x",
        "##[error]x",
        "::error::x",
        "---",
        "==",
    ),
    *("", "@@ -1 +1 @@", "x" * 5000, "` " * 400, "*" * 300),
)
WORDS = st.sampled_from(HOSTILE) | st.sampled_from(STRINGS) | st.text(max_size=40)
VALUES = st.recursive(
    WORDS | st.integers(0, 9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)


@st.composite
def manifests(draw: st.DrawFn) -> list[Manifest]:
    found = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(["Deployment", "Job", "Secret", "Ingress"]) | WORDS.filter(bool))
        metadata: dict[str, Json] = {
            "name": draw(st.sampled_from(["a", "b"]) | WORDS) + str(number),
            "annotations": draw(VALUES),
        }
        top = draw(st.dictionaries(WORDS, VALUES, max_size=2))
        body: dict[str, Json] = {
            **top,
            "apiVersion": "apps/v1",
            "kind": kind,
            "metadata": metadata,
            "spec": draw(VALUES),
        }
        found.append(Manifest(body, {("metadata", "name"): ()}, run=draw(st.booleans())))
    return found


@st.composite
def differences(draw: st.DrawFn) -> list[Difference]:
    found = []
    for project in draw(st.lists(st.sampled_from(["churn", "eta", "a-1"]), min_size=1, unique=True)):
        before, after = draw(manifests()), draw(manifests())
        for environment in draw(st.lists(st.sampled_from(["dev", "prod", "qa"]), min_size=1, unique=True)):
            changes = compare(before, after)
            if changes:
                more = [Risk("note", "x", draw(WORDS.filter(bool)), draw(WORDS))]
                found.append(
                    Difference(project, environment, draw(st.booleans()), tuple(changes), (*risks(changes), *more))
                )
    return found


def tokens(page: str) -> list[Token]:
    assert len(page) <= LONGEST
    assert page.endswith("\n")
    return READER.parse(page)


def sound(page: str) -> list[str]:
    """Assert that the page has the parts that it should and no others; the text of each fenced diff."""
    found = tokens(page)
    html = [token.content.strip() for token in found if token.type == "html_block"]
    assert html[0] == MARKER
    for number, block in enumerate(html[1:]):
        if number % 2:
            assert block == "</details>"
        else:
            assert block.startswith("<details><summary>")
            assert block.endswith("</summary>")
            assert block.count("<") == 3, "a name became mark-up"
    assert len(html) % 2 == 1, "each part that is opened is closed"
    inside = [child.type for token in found for child in token.children or ()]
    assert set(inside) <= {"text", "code_inline", "softbreak", "strong_open", "strong_close"}
    assert {token.type for token in found if token.nesting == 0} <= {"html_block", "inline", "fence"}
    fences = [token for token in found if token.type == "fence"]
    assert {token.info for token in fences} <= {"diff", "mermaid"}
    return [token.content for token in fences if token.info == "diff"]


def whole(change: Change) -> str:
    lines = [f"{sign} {line}".rstrip() for sign, line in shown.lines(change)]
    return "\n".join([f"@@ {shown.head(change)} @@", *lines]) + "\n"


@settings(max_examples=100)
@given(differences())
def test_nothing_that_is_compared_becomes_mark_up(found: Sequence[Difference]) -> None:
    expected = {whole(change) for one in found for change in one.changes}
    for text in sound(markdown(found)):
        assert text in expected, "an object is shown whole, and nothing else is"
        head, *lines = text.splitlines()
        assert head.startswith("@@ ")
        assert all(line[:2] in ("+ ", "- ", "  ", "+", "-", "") for line in lines)


@given(WORDS.filter(bool))
def test_a_span_of_code_holds_the_text_and_nothing_stands_beside_it(text: str) -> None:
    [paragraph] = [token for token in READER.parse(f"* {code(text)}: x") if token.type == "inline"]
    first, *rest = paragraph.children or []
    assert first.type == "code_inline"
    assert [child.type for child in rest] == ["text"]


def thing(name: str, spec: Json) -> Manifest:
    body: dict[str, Json] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": spec}
    return Manifest(body, {("metadata", "name"): ()})


def different(project: str, environment: str, count: int, size: int, risky: int = 0) -> Difference:
    """``count`` new objects of ``size`` lines each, random so that none is like another."""
    chance = random.Random(f"{project}/{environment}")
    objects = [
        thing(f"o-{number}", {f"k{line:04}": f"{chance.random()}" for line in range(size)}) for number in range(count)
    ]
    changes = compare([], objects)
    many = [Risk("danger", "deletes-claim", f"{number} {'`' * 30}{'x' * 1500}", "y" * 1500) for number in range(risky)]
    return Difference(project, environment, True, tuple(changes), tuple(many))


@pytest.mark.parametrize(
    ("projects", "count", "size", "risky"),
    [(1, 3000, 3, 0), (1, 70, 200, 0), (500, 3, 10, 1), (3, 60, 30, 300), (2000, 1, 1, 0), (100, 10, 30, 60)],
)
def test_a_comment_is_never_too_long_and_says_what_it_leaves_out(
    projects: int, count: int, size: int, risky: int
) -> None:
    found = [
        different(f"p{number}", where, count, size, risky) for number in range(projects) for where in ("dev", "prod")
    ]
    page = markdown(found)
    fences = sound(page)
    expected = {whole(change) for one in found for change in one.changes}
    assert set(fences) <= expected
    assert len(page) > LONGEST // 4, "there is room for more than that"
    assert len(fences) < len(expected)
    assert "not shown" in page


def test_what_is_the_same_in_several_environments_is_shown_once() -> None:
    changes = tuple(compare([thing("a", {"x": "1"})], [thing("a", {"x": "2"})]))
    found = [Difference("churn", where, False, changes, ()) for where in ("dev", "prod", "qa")]
    assert len(sound(markdown(found))) == 1
    assert "<summary>churn, dev, prod and qa: 1 object</summary>" in markdown(found)


@pytest.mark.parametrize("key", [text for text in HOSTILE if text])
def test_a_field_of_a_hostile_name_stays_in_its_fence(key: str) -> None:
    """What names a field stands in the fence without a sign before it."""
    old, new = thing("a", {}), thing("a", {})
    old.body[key], new.body[key] = "1", "2"
    [change] = compare([old], [new])
    assert sound(markdown([Difference("churn", "dev", False, (change,), ())])) == [whole(change)]
