"""`mlgen schema`: a JSON Schema for editors, on stdout."""

from mlgen import schema as schemas
from mlgen.commands import FINE, UsageError, console
from mlgen.suggest import did_you_mean

NAMES = ("project", "environment", "releases")


def schema(name: str) -> int:
    """Print the schema of one kind of file."""
    if name not in NAMES:
        raise UsageError(f"there is no schema `{name}`", did_you_mean(name, NAMES))
    console.product(schemas.load(name).text)
    return FINE
