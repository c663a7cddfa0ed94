"""`mlgen schema`: a JSON Schema for editors, on stdout."""

from collections.abc import Sequence

from mlgen import schema as schemas
from mlgen.commands import FINE, UsageError, console
from mlgen.suggest import did_you_mean

NAMES = ("project", "environment", "releases")
IMPORT = "import"


def schema(name: str, files: Sequence[str] = ()) -> int:
    """Print the schema of one kind of file."""
    if name not in NAMES:
        raise UsageError(f"there is no schema `{name}`", did_you_mean(name, (*NAMES, IMPORT)))
    if files:
        raise UsageError(f"`mlgen schema {name}` takes no file", "`mlgen schema import FILE` does")
    console.product(schemas.load(name).text)
    return FINE
