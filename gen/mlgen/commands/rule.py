"""`mlgen rule`: what a rule says, why, and how it looks when it is broken and when it is kept."""

import json
from textwrap import fill

from mlgen.catalog import RULES
from mlgen.commands import FINE, UsageError, console, manual
from mlgen.rules.rule import Rule
from mlgen.suggest import did_you_mean


def rule(name: str | None, *, form: str) -> int:
    """Print one rule, or the list of all."""
    if name is not None and name not in RULES:
        raise UsageError(f"there is no rule `{name}`", did_you_mean(name, RULES) or "`mlgen rule` lists them all")
    chosen = list(RULES.values()) if name is None else [RULES[name]]
    if form == "json":
        document = {"schema_version": 1, "rules": [entry._asdict() for entry in chosen]}
        console.product(json.dumps(document, indent=2) + "\n")
    elif name is None:
        width = max(map(len, RULES))
        console.product("".join(f"{entry.id:<{width}}  {entry.title}\n" for entry in chosen))
    else:
        console.product(_page(RULES[name]))
    return FINE


def _page(entry: Rule) -> str:
    parts = [f"{entry.id}: {entry.title}", fill(entry.why, manual.WIDEST)]
    parts += [f"Instead of\n\n{_indented(entry.bad)}"] if entry.bad else []
    parts += [f"write\n\n{_indented(entry.good)}"] if entry.good else []
    parts += [f"Source: {entry.source}"] if entry.source else []
    parts += [entry.weight]
    return "\n\n".join(parts) + "\n"


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
