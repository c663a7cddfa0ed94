"""What others call something -> what a spec may call it."""

import re

from mlgen.node import Json
from mlgen.platform import RESERVED

Words = dict[str, Json]
LONGEST = 40
NOT_A_NAME = re.compile(r"[^a-z0-9-]+")


def name(wanted: str, limit: int = LONGEST) -> str:
    """What a spec may call something that others call ``wanted``."""
    found = NOT_A_NAME.sub("-", wanted.lower()).strip("-")[:limit].strip("-")
    if found in RESERVED:
        return f"{found}-x"
    return found if found[:1].isalpha() else f"x-{found}".rstrip("-")[:limit]
