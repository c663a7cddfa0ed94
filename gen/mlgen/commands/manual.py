"""What a command is and takes -> the text of its `--help`: examples first."""

from collections.abc import Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

WIDEST = 100
LEFT = 28  # columns for names; what is longer has its meaning on the next line

Rows = Sequence[tuple[str, str]]


class Page(NamedTuple):
    """A command as its users see it. ``text`` begins with a paragraph of examples; rows are names and meanings."""

    path: str
    text: str
    arguments: Rows
    options: Rows
    commands: Rows = ()


def render(page: Page, *, color: bool = False) -> str:
    """The page, at most WIDEST columns wide."""
    examples, _, text = page.text.partition("\n\n")
    pieces = [page.path, *(["COMMAND"] if page.commands else []), *(name for name, _ in page.arguments), "[OPTIONS]"]
    parts = [
        "\n".join([_title("Examples", color), *(f"  {line}" for line in examples.splitlines())]),
        "\n".join(wrap(text, WIDEST)),
        f"{_title('Usage', color)} {' '.join(pieces)}",
    ]
    for title, rows in (("Commands", page.commands), ("Arguments", page.arguments), ("Options", page.options)):
        if rows:
            parts.append("\n".join([_title(title, color), *table(rows)]))
    return "\n\n".join(parts)


def summary(text: str) -> str:
    """The first sentence after the examples."""
    return " ".join(text.partition("\n\n")[2].split()).partition(". ")[0].rstrip(".")


def option(names: Sequence[str], value: str | None) -> str:
    """`-e, --env ENV`, with the short name's place kept free where there is none."""
    short = [name for name in names if not name.startswith("--")]
    long = [name for name in names if name.startswith("--")]
    return f"{', '.join([*short, *long]) if short else f'    {long[0]}'}{f' {value}' if value else ''}"


def table(rows: Rows) -> Iterator[str]:
    """Lines with names on the left and their meanings, folded, on the right."""
    width = min(LEFT, max(len(name) for name, _ in rows))
    for name, meaning in rows:
        lines = wrap(meaning, WIDEST - width - 4) or [""]
        if len(name) > width:
            yield f"  {name}"
            name = ""
        yield f"  {name:<{width}}  {lines[0]}".rstrip()
        yield from (f"  {'':<{width}}  {line}" for line in lines[1:])


def _title(text: str, color: bool) -> str:
    return f"\x1b[1m{text}:\x1b[0m" if color else f"{text}:"
