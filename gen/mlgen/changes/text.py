"""Differences -> what a person at a terminal reads: first what may go wrong, then object by object."""

from collections.abc import Callable, Iterator, Sequence

from mlgen.changes import shown
from mlgen.changes.between import Difference, sections
from mlgen.changes.look import Risk
from mlgen.report import safe

Style = Callable[[str, str], str]
MARKS = {"danger": "!!", "warning": "! ", "note": "  "}
COLOURS = {"danger": "1;31", "warning": "1;33", "note": "2", "-": "31", "+": "32", "bold": "1"}


def text(differences: Sequence[Difference], *, color: bool = False) -> str:
    """Every risk and every changed field; nothing if nothing changed."""
    style = _ansi if color else _plain
    return "".join(f"{line}\n".replace(" \n", "\n") for line in _lines(differences, style))


def _lines(differences: Sequence[Difference], style: Style) -> Iterator[str]:
    for one in differences:
        yield style(
            "bold",
            f"{safe(one.project)} in {safe(one.environment)}{guarded(one)}: {counts(one)}",
        )
        for risk in one.risks:
            yield style(risk.level, f"  {MARKS[risk.level]} {safe(risk.text)}")
            if risk.help:
                yield f"       {safe(risk.help)}"
        yield ""
    for section in sections(differences):
        yield style("bold", f"{safe(section.project)}, {named(section.environments)}")
        for change in section.changes:
            yield style("bold", f"  {shown.head(change)}")
            for sign, line in shown.lines(change):
                yield style(sign, f"    {sign} {line}") if sign != " " else f"      {line}"
        yield ""


def guarded(one: Difference) -> str:
    """What stands behind the name of an environment that is protected."""
    return ", which is protected" if one.protected else ""


def counts(one: Difference) -> str:
    """ "1 new, 2 changed, 1 gone": of objects."""
    new = sum(change.before is None for change in one.changes)
    gone = sum(change.after is None for change in one.changes)
    kinds = ((new, "new"), (len(one.changes) - new - gone, "changed"), (gone, "gone"))
    return ", ".join(f"{count} {word}" for count, word in kinds if count)


def named(environments: Sequence[str]) -> str:
    """ "dev, staging and prod"."""
    *most, last = map(safe, environments)
    return f"{', '.join(most)} and {last}" if most else last


def worst(differences: Sequence[Difference]) -> list[tuple[Risk, list[str]]]:
    """Every risk once, with the places where it is: "churn in prod, which is protected"."""
    found: dict[Risk, list[str]] = {}
    for one in differences:
        for risk in one.risks:
            found.setdefault(risk, []).append(f"{one.project} in {one.environment}{guarded(one)}")
    return list(found.items())


def _ansi(style: str, text: str) -> str:
    return f"\x1b[{COLOURS[style]}m{text}\x1b[0m"


def _plain(_style: str, text: str) -> str:
    return text
