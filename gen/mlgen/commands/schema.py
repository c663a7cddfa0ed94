"""`mlgen schema`: a JSON Schema for editors, on stdout."""

import json
from collections.abc import Sequence
from pathlib import Path

from mlgen import schema as schemas
from mlgen.commands import FINE, UsageError, console, contract
from mlgen.suggest import did_you_mean

NAMES = ("project", "environment", "releases")
IMPORT = "import"


def schema(root: Path | None, name: str, files: Sequence[str] = ()) -> int:
    """Print the schema of one kind of file: where the repository has kinds of its own, with those."""
    if name not in NAMES:
        raise UsageError(f"there is no schema `{name}`", did_you_mean(name, (*NAMES, IMPORT)))
    if files:
        raise UsageError(f"`mlgen schema {name}` takes no file", "`mlgen schema import FILE` does")
    own = contract.schemas(root).get(name)
    console.product(
        schemas.load(name).text if own is None else f"{json.dumps(own.root, indent=2, ensure_ascii=False)}\n"
    )
    return FINE
