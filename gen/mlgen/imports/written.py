"""A spec as plain values -> its text as a person would write it: what is short on one line, the rest in blocks."""

import re

from mlgen import emit
from mlgen.node import Json

WIDTH = 110
# What people write bare though an emitter that takes no chances quotes it: amounts, times, shares, flags, paths.
BARE = re.compile(r"[1-9][0-9]*(?:[KMGTP]i|[kMGTP]|[msdh%])|--?[A-Za-z][\w./%+=$()-]*|\.{1,2}/[\w./-]+", re.ASCII)
HEAD = ("apiVersion", "kind", "name", "owner", "description", "image")
# Maps of which each entry has lines of its own, however short.
OPEN = frozenset(("workloads", "patches", "manifests", "platform", "gpus"))


def text(spec: dict[str, Json], header: str = "") -> str:
    """The whole file."""
    lines = [f"# {line}".rstrip() for line in header.splitlines()]
    for key, value in spec.items():
        if key not in HEAD and lines and isinstance(value, (dict, list)) and key != "environments":
            lines.append("")
        _entry(key, value, "", lines)
    return "\n".join([*lines, ""])


def _entry(key: str, value: Json, pad: str, lines: list[str]) -> None:
    """One entry of a map, on one line where it fits."""
    head = f"{pad}{emit.dump(key).rstrip()}:"
    flow = _flow(value)
    if flow is not None and len(head) + 1 + len(flow) <= WIDTH and not _opened(key, value):
        lines.append(f"{head} {flow}")
    elif isinstance(value, dict) and value:
        lines.append(head)
        for name, item in value.items():
            _entry(name, item, f"{pad}  ", lines)
    elif isinstance(value, list) and value:
        lines.append(head)
        for item in value:
            _item(item, f"{pad}  ", lines)
    else:
        block = emit.dump({key: value}).rstrip("\n").split("\n")
        lines += [f"{pad}{line}" if line else line for line in block]


def _item(value: Json, pad: str, lines: list[str]) -> None:
    """One item of a list."""
    flow = _flow(value)
    if flow is not None and len(pad) + 2 + len(flow) <= WIDTH:
        lines.append(f"{pad}- {flow}")
    elif isinstance(value, dict) and value:
        inner: list[str] = []
        for name, item in value.items():
            _entry(name, item, f"{pad}  ", inner)
        lines.append(f"{pad}- {inner[0].removeprefix(f'{pad}  ')}")
        lines += inner[1:]
    else:
        block = emit.dump([value]).rstrip("\n").split("\n")
        lines += [f"{pad}{line}" if line else line for line in block]


def _opened(key: str, value: Json) -> bool:
    """Whether it has lines of its own though it would fit on one."""
    return key in OPEN and bool(value) and isinstance(value, (dict, list))


def _flow(value: Json) -> str | None:
    """A value on one line; None for text of several lines, and for what is too deep to be read so."""
    if isinstance(value, dict):
        parts = [(emit.dump(key).rstrip(), _flow(item)) for key, item in value.items()]
        return None if any(item is None for _, item in parts) else f"{{{', '.join(f'{k}: {v}' for k, v in parts)}}}"
    if isinstance(value, list):
        items = [_flow(item) for item in value]
        return None if None in items else f"[{', '.join(str(item) for item in items)}]"
    if isinstance(value, str):
        return None if "\n" in value else value if BARE.fullmatch(value) else emit.dump(value).rstrip("\n")
    return emit.dump(value).rstrip("\n")
