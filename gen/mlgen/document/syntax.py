"""What a YAML parser complains of, and the text -> a Problem in our words, at the place where it is to be mended."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from mlgen.problem import Problem, Span

Place = tuple[int, int]
_CONFLICT: Final = re.compile(r"^<{7}(?: .*)?$", re.MULTILINE)
_ENGINE: Final = re.compile(r"\s*(?P<braces>\{%|\{\{-|\{\{ *(?:range|if|else|end|with|define|include|template)\b)")
_CLOSERS: Final = {"]": "[", "}": "{"}
_KEY_AND_VALUE: Final = re.compile(r"\s*(?:- +)*[^\s#'\"\[{][^#]*?:(?:\s+(?P<value>[^#\s].*))?\s*")
_NO_SPACE: Final = re.compile(r"\s*(?:- +)*(?P<key>[\w.-]+):\S")


class Complaint(NamedTuple):
    """The parser's words, where it stopped, and where what it was reading began."""

    problem: str
    place: Place
    context: Place | None


class _Scene(NamedTuple):
    """A complaint in its text. ``quoted`` is the place of the latest scalar, if that is in quotes."""

    complaint: Complaint
    lines: list[str]
    file: str
    quoted: Span | None

    def character(self, place: Place) -> str:
        """The one at ``place``; nothing at the end of a line."""
        return self.line(place[0])[place[1] - 1 : place[1]]

    def line(self, number: int) -> str:
        """A line by its number; nothing beyond the end."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def problem(self, message: str, cure: str, place: Place | None = None, rule: str = "yaml-syntax") -> Problem:
        """A problem at ``place``, or where the parser stopped, underlined up to the next blank."""
        line, column = place or self.complaint.place
        text = self.line(line)[column - 1 :]
        length = max(1, len(text.split(maxsplit=1)[0]) if text.strip() and not text[0].isspace() else 1)
        return Problem(rule, Span(self.file, line, column, line, column + length), message, cure)

    def above(self) -> int:
        """The number of the nearest line above the complaint that says something; 0 if none does."""
        for number in range(self.complaint.place[0] - 1, 0, -1):
            if self.line(number).strip() and not self.line(number).lstrip().startswith("#"):
                return number
        return 0


def explain(complaint: Complaint, text: str, file: str, quoted: Span | None = None) -> Problem:
    """The problem behind a complaint: by what usually causes it, else in the parser's own words."""
    scene = _Scene(complaint, text.split("\n"), file, quoted)
    if conflict := _CONFLICT.search(text):
        line = text.count("\n", 0, conflict.start()) + 1
        cure = "keep one of the two sides, and delete the lines that begin with <, = and >"
        return scene.problem("git left a merge conflict here", cure, (line, 1), "merge-conflict")
    line, column = complaint.place
    for number in (line, *(complaint.context or ())[:1]):
        if engine := _ENGINE.match(scene.line(number)):
            return _template_line(scene, (number, engine.start("braces") + 1))
    braces = re.search(r"(?:^|[\s\[,])(?P<braces>\{\{)", scene.line(line)[: column - 1])
    if braces:
        start = braces.start("braces") + 1
        return bare_template(Span(file, line, start, line, start + 2))
    if scene.character(complaint.place) == "\t" or "tab character" in complaint.problem:
        message = "a tab stands where only spaces may indent"
        return scene.problem(message, "write spaces instead", rule="tab-indentation")
    for words, cause in _CAUSES:
        if words in complaint.problem:
            return cause(scene)
    return scene.problem(f"this is not YAML: {complaint.problem}", "quote text that has special characters in it")


def bare_template(span: Span) -> Problem:
    """The problem of a template that is not in quotes."""
    message = "a value that begins with {{ is a map to YAML, not text"
    return Problem("bare-template", span, message, 'quote the whole value: "{{ ... }}"')


def _template_line(scene: _Scene, place: Place) -> Problem:
    message = "this line is for a template engine, and mlgen reads plain YAML"
    cure = "write out what it stands for; {{ project.name }} and its kin may stand in quoted text"
    return scene.problem(message, cure, place, "bare-template")


def _unclosed_quote(scene: _Scene) -> Problem:
    place = scene.complaint.context or scene.complaint.place
    quote = scene.character(place)
    return scene.problem(
        f"the quote {quote} opened here is never closed", f"close it with {quote}", place, "unclosed-quote"
    )


def _bad_start(scene: _Scene) -> Problem:
    character = scene.character(scene.complaint.place)
    return scene.problem(f"text cannot begin with {character} unless it is quoted", "quote the whole value")


def _bad_name(scene: _Scene) -> Problem:
    place = scene.complaint.context or scene.complaint.place
    message = f"text cannot begin with {scene.character(place)} unless it is quoted"
    return scene.problem(message, "quote the whole value", place, "yaml-alias")


def _no_colon(scene: _Scene) -> Problem:
    line, column = scene.complaint.context or scene.complaint.place
    return _missing_colon(scene, line, column)


def _missing_colon(scene: _Scene, line: int, column: int) -> Problem:
    word = scene.line(line)[column - 1 :].split(" #")[0].strip()
    if word.startswith("-"):
        return scene.problem("a list item has no space after its dash", f"write `- {word[1:]}`", (line, column))
    simple = re.fullmatch(r"[\w.-]{1,40}", word)
    cure = f"write `{word}: ...`, or `- {word}` for an item of a list" if simple else "write `key: value`"
    return scene.problem("a colon is missing after this key", cure, (line, column))


def _unexpected_colon(scene: _Scene) -> Problem:
    line, column = scene.complaint.place
    here, above = scene.line(line), scene.above()
    if _KEY_AND_VALUE.fullmatch(here[: column - 1]):
        cure = "quote the value if the colon belongs to it; write a nested key on the next line"
        return scene.problem("a second colon stands in this line", cure)
    if not above:
        return scene.problem("no colon can stand here", "quote text that has a colon followed by a blank")
    text = scene.line(above)
    start = max(_indents(text)) + 1
    if no_space := _NO_SPACE.match(text):
        key = no_space["key"]
        place = (above, no_space.start("key") + 1)
        return scene.problem("there is no blank after the colon", f"write `{key}: ...`", place)
    has = _KEY_AND_VALUE.fullmatch(text)
    if not has:
        return _missing_colon(scene, above, start)
    indent = min(_indents(here))
    if indent >= start and has["value"]:
        message = f"this line is indented as part of line {above}, which has its value already"
        return scene.problem(message, f"indent it by {_columns([start - 1])}", (line, indent + 1))
    return scene.problem("no colon can stand here", "quote text that has a colon followed by a blank")


def _stray(scene: _Scene) -> Problem:
    """Something where the next key of a map, or the next dash of a list, was due."""
    line, column = scene.complaint.place
    character, before = scene.character((line, column)), scene.line(line)[: column - 1].rstrip()
    if character in _CLOSERS:
        return scene.problem(f"`{character}` closes nothing here", f"delete it, or open a `{_CLOSERS[character]}`")
    if not before and character == ":":
        return scene.problem("there is no key before this colon", "write the key", rule="key-not-text")
    if not before:
        return _misplaced(scene)
    quoted = scene.quoted
    if quoted and (quoted.end_line, quoted.end_column) == (line, len(before) + 1):
        if quoted.line < line:
            message = f"the quote opened here ends only on line {line}"
            return scene.problem(
                message, "close it where its text ends", (quoted.line, quoted.column), "unclosed-quote"
            )
        cure = "put all of the value between the quotes; inside \"...\" a quote is \\\", inside '...' it is ''"
        return scene.problem("text follows the closing quote", cure)
    if before[-1] in _CLOSERS:
        return scene.problem(f"text follows the closing `{before[-1]}`", "quote the whole value, if it is text")
    return scene.problem("this cannot stand here", "quote text that has special characters in it")


def _misplaced(scene: _Scene) -> Problem:
    """A line that begins where none may."""
    line, column = scene.complaint.place
    context = scene.complaint.context or (1, 1)
    in_list = scene.character(context) == "-"
    is_item = re.match(r"-(?:\s|$)", scene.line(line)[column - 1 :]) is not None
    if column == context[1] and in_list and not is_item:
        return scene.problem("a key stands among the items of a list", "begin it with `- `, or indent it otherwise")
    if column == context[1] and not in_list and is_item:
        cure = "indent it like the other items, below the key of its list"
        return scene.problem("an item of a list stands among the keys of a map", cure)
    lines = [text for text in scene.lines[context[0] - 1 : line - 1] if text.strip()]
    cure = f"indent it by {_columns(sorted({indent for text in lines for indent in _indents(text)}))}"
    return scene.problem("the indentation of this line fits none above it", cure)


def _open_bracket(scene: _Scene) -> Problem:
    """A `[` or `{` whose next comma or end was due."""
    line, column = scene.complaint.place
    opened = scene.complaint.context or (line, column)
    bracket = scene.character(opened)
    closer = next((closer for closer, opener in _CLOSERS.items() if opener == bracket), "]")
    rest = "\n".join([scene.line(line)[column - 1 :], *scene.lines[line:]])
    if closer not in rest:
        return scene.problem(f"the `{bracket}` opened here is never closed", f"close it with `{closer}`", opened)
    if line > opened[0] and scene.character((line, column)) == ":":  # the next key of the map around it
        message = f"the `{bracket}` opened here is not closed before line {line}"
        return scene.problem(message, f"close it with `{closer}`", opened)
    problem = scene.problem(f"a comma or `{closer}` is missing before this", "put a comma between any two entries")
    span = Span(scene.file, *opened, opened[0], opened[1] + 1)
    return problem._replace(related=((span, f"the `{bracket}` is opened here"),))


def _no_value(scene: _Scene) -> Problem:
    character = scene.character(scene.complaint.place)
    if character in _CLOSERS:
        return scene.problem(f"`{character}` closes nothing here", "delete it")
    return scene.problem("a value is missing here", "write one, or quote text that begins with a special character")


def _inline_list(scene: _Scene) -> Problem:
    return scene.problem("a list cannot begin in the line of its key", "write it on the lines below, or as [a, b]")


def _escape(scene: _Scene) -> Problem:
    line, column = scene.complaint.place
    start = scene.line(line).rfind("\\", 0, column) + 1 or column
    cure = "write \\\\ for a backslash, or put the text into single quotes"
    return scene.problem("YAML has no such escape sequence", cure, (line, start))


def _surrogate(scene: _Scene) -> Problem:
    return scene.problem("this escape sequence is not a character", "write the character itself")


def _block_header(scene: _Scene) -> Problem:
    return scene.problem("nothing may follow `|` or `>` in its line", "begin the text on the next line")


def _outside(scene: _Scene) -> Problem:
    return scene.problem(
        "the document ended before this line", "indent it as part of what is above, or begin with `key:`"
    )


def _tag(scene: _Scene) -> Problem:
    place = scene.complaint.context
    return scene.problem("text cannot begin with ! unless it is quoted", "quote the whole value", place, "yaml-tag")


def _directive(scene: _Scene) -> Problem:
    return scene.problem(
        "a line that begins with % is a directive", "delete it, or quote the text", rule="yaml-directive"
    )


def _indents(line: str) -> set[int]:
    """How far a line is indented: its first character, and what follows the dash of an item."""
    item = re.match(r" *(?:- +)*", line)
    return {len(line) - len(line.lstrip(" ")), item.end() if item else 0}


def _columns(indents: list[int]) -> str:
    return f"{' or '.join(map(str, indents[:3]))} {'space' if indents == [1] else 'spaces'}"


# By words of the complaint, those of libyaml and those of PyYAML's own parser. The first that fits decides.
_CAUSES: Final[tuple[tuple[str, Callable[[_Scene], Problem]], ...]] = (
    ("unexpected end of stream", _unclosed_quote),
    ("unexpected document", _unclosed_quote),
    ("cannot start any token", _bad_start),
    ("mapping keys are not allowed", _bad_start),
    ("alphabetic or numeric character", _bad_name),
    ("could not find expected ':'", _no_colon),
    ("mapping values are not allowed", _unexpected_colon),
    ("sequence entries are not allowed", _inline_list),
    ("',' or", _open_bracket),
    ("expected key", _stray),
    ("'-' indicator", _stray),
    ("<block end>", _stray),
    ("node content", _no_value),
    ("escape character", _escape),
    ("hexdecimal", _escape),
    ("hexadecimal", _escape),
    ("Unicode character escape", _surrogate),
    ("comment or line break", _block_header),
    ("indentation indicator", _block_header),
    ("<document start>", _outside),
    ("directive", _directive),
    ("incompatible YAML", _directive),
    ("tag", _tag),
    ("the expected '>'", _tag),
)
