"""Boxes and arrows -> a mermaid flowchart, of a bounded length, that no text in it can break."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LONGEST = 240  # of a label as it is written, where most characters outside of names take six
PLAIN = re.compile(r"[A-Za-z0-9 /.,:()-]")
# Fill, line and text, each dark on light, whatever the page's own colours are.
STYLES = {
    "danger": "fill:#ffd8d3,stroke:#c4281c,color:#1f2328",
    "warning": "fill:#fff3c4,stroke:#9a6700,color:#1f2328",
    "note": "fill:#f1f3f5,stroke:#6e7781,color:#1f2328",
    "strong": "stroke-width:3px",
}


class Box(NamedTuple):
    """A box with a text, in one of STYLES if it has one."""

    text: str
    style: str = ""


def flowchart(boxes: Sequence[Box], arrows: Iterable[tuple[int, int]]) -> str:
    """A chart from left to right; arrows lead from box to box, by their places in ``boxes``."""
    lines = ["flowchart LR"]
    for number, box in enumerate(boxes):
        lines.append(f'  n{number}["{label(box.text)}"]' + (f":::{box.style}" if box.style else ""))
    lines += [f"  n{start} --> n{end}" for start, end in arrows]
    used = dict.fromkeys(box.style for box in boxes if box.style)
    lines += [f"  classDef {style} {STYLES[style]}" for style in used]
    return "\n".join(lines) + "\n"


def label(text: str) -> str:
    """``text`` as mermaid reads it between quotes: what is no letter, digit or harmless sign, by its number."""
    written = ""
    for character in text:
        step = character if PLAIN.fullmatch(character) else f"#{ord(character)};"
        if len(written) + len(step) > LONGEST:
            return f"{written}..."
        written += step
    return written if written.strip() else "#160;"  # mermaid takes no box that is empty
