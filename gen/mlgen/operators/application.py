"""A SparkApplication, or one that runs on a schedule -> its spec and where that stands."""

from mlgen.body import Body, map_at
from mlgen.node import Path

SCHEDULED = "ScheduledSparkApplication"
ROLES = ("driver", "executor")


def application(body: Body) -> tuple[Path, Body]:
    """The spec of what runs."""
    path: Path = ("spec", "template") if body.get("kind") == SCHEDULED else ("spec",)
    return path, map_at(body, *path)
