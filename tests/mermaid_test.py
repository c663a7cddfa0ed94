"""Boxes and arrows -> a flowchart that mermaid itself reads as them, whatever the texts."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.nasty import CHARACTERS, WORDS

from mlgen.mermaid import LONGEST, STYLES, Box, flowchart, label

SCRIPT = Path(__file__).parent / "tools" / "mermaid.mjs"
# Where `npm install mermaid jsdom` was run.
INSTALLED = Path(os.environ.get("MLGEN_MERMAID", Path(__file__).parent.parent / ".ci" / "mermaid"))
HOSTILE = [
    'x"]\n  click n0 "https://evil.example"',
    'x"]:::danger --> n9["y',
    "%%{init: {'theme': 'dark'}}%%",
    "---\ntitle: x\n---",
    "```\n# not a picture any more",
    "end",
    "subgraph a",
    "- a list",
    "1. a list",
    "<script>alert(1)</script><img src=x onerror=y>",
    "#quot;#35;&quot;",
    "$$\\frac{1}{2}$$",
    "`**bold**`",
    'a\\nb\\"c',
    "\u202egpj.exe",
    "@everyone {{ x }} ${{ github.token }} ::error::x ##[error]x",
    "",
    " ",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    *WORDS,
]
LINE = re.compile(
    r'flowchart LR|  n\d+\["[A-Za-z0-9 /.,:()#;-]*"\](:::[a-z]+)?|  n\d+ --> n\d+|  classDef [a-z]+ [a-z0-9:#,-]+'
)


def parsed(chart: str) -> Any:
    """What mermaid makes of a chart; skips where it is not installed."""
    if shutil.which("node") is None or not (INSTALLED / "node_modules" / "mermaid").is_dir():
        pytest.skip("mermaid is not here: npm install --prefix .ci/mermaid mermaid@11 jsdom, or $MLGEN_MERMAID")
    command = ["node", "--input-type=module", "--eval", SCRIPT.read_text("utf-8")]
    done = subprocess.run(command, cwd=INSTALLED, input=chart, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def decoded(text: str) -> str:
    """A label as mermaid shows it: it keeps numbers in a form of its own until it draws."""
    return re.sub("ﬂ°°([0-9]+)¶ß", lambda found: chr(int(found[1])), text)


def test_a_chart_is_what_it_says() -> None:
    boxes = [Box("churn"), Box("prod", "strong"), Box('Job/"train": new', "warning")]
    assert flowchart(boxes, [(0, 1), (1, 2)]) == (
        "flowchart LR\n"
        '  n0["churn"]\n'
        '  n1["prod"]:::strong\n'
        '  n2["Job/#34;train#34;: new"]:::warning\n'
        "  n0 --> n1\n"
        "  n1 --> n2\n"
        f"  classDef strong {STYLES['strong']}\n"
        f"  classDef warning {STYLES['warning']}\n"
    )


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_gets_out_of_its_box(text: str) -> None:
    chart = flowchart([Box(text, "danger"), Box("b")], [(0, 1)])
    assert [line for line in chart.splitlines() if not LINE.fullmatch(line)] == []
    assert len(chart.splitlines()) == 5


def test_mermaid_reads_every_text_as_it_was() -> None:
    texts = [*HOSTILE, *(f"a{chr(number)}b" for number in CHARACTERS)]
    found = parsed(flowchart([Box(text, "note") for text in texts], [(0, 1)]))
    assert found["type"] == "flowchart-v2"
    assert [decoded(text) for _, text, _ in found["boxes"]] == [text.strip(" ") or "\xa0" for text in texts]
    assert found["arrows"] == [["n0", "n1"]]
    assert found["classes"] == ["note"]


def test_a_label_is_never_too_long() -> None:
    for character in 'a"\u2028😀':
        assert len(label(character * 1000)) <= LONGEST + 3
    assert label("a" * LONGEST) == "a" * LONGEST


@pytest.mark.parametrize("style", STYLES)
def test_mermaid_knows_every_style(style: str) -> None:
    assert parsed(flowchart([Box("x", style)], []))["classes"] == [style]
