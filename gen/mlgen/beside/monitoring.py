"""A workload -> what watches it: monitors and alerts for whatever the environment watches with, and a dashboard."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from mlgen.beside import dashboard, prometheus_operator
from mlgen.beside.needs import Needs
from mlgen.objects import Object
from mlgen.site import Workload
from mlgen.trace import said


class Watcher(Protocol):
    """A module that knows what one monitoring system wants."""

    def objects(self, workload: Workload, needs: Needs) -> Iterator[Object]:
        """The monitors and alerts of ``workload``."""


WATCHERS: Mapping[str, Watcher] = {
    "prometheus-operator": prometheus_operator,
}


def objects(workload: Workload, needs: Needs) -> Iterator[Object]:
    """Nothing where nobody watches."""
    offer = workload.site.offer.get("monitoring")
    if offer is None:
        return
    yield from WATCHERS[said(offer["from"])].objects(workload, needs)
    if offer["dashboards"].value is True:
        yield dashboard.config_map(workload, needs)
