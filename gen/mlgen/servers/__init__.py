"""The programs that answer requests, and the module that knows how each is run."""

from typing import Protocol

from mlgen.servers import custom, tensorflow_serving
from mlgen.servers.served import Served
from mlgen.site import Workload


class Server(Protocol):
    """A module that knows one model server."""

    def serve(self, workload: Workload) -> Served:
        """How the server is run. Raises MlgenError where the spec or the environment lacks something."""


SERVERS: dict[str, Server] = {
    "custom": custom,
    "tensorflow-serving": tensorflow_serving,
}
