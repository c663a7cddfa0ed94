"""A plain value -> how a spec says it in one line: what messages offer to write."""

import json
import re
from typing import Any

from mlgen.document import scalar

# Text that needs no quotes, between brackets too.
BARE = re.compile(r"[A-Za-z0-9/.-][\w./@%+-]*(:[\w./@%+-]+)*", re.ASCII)


def flow(value: Any) -> str:
    """``value``, which is JSON, as YAML in one line, with quotes only where text needs them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(entry)}" for key, entry in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, str) and BARE.fullmatch(value) and scalar.spec(value) == value:
        return value
    return json.dumps(value, ensure_ascii=False)
