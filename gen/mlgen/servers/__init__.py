"""The programs that answer requests, and the module that knows how each is run."""

from collections.abc import Sequence
from typing import Protocol

from mlgen.servers import custom, mlserver, ray, tensorflow_serving, triton, vllm
from mlgen.servers.served import Served
from mlgen.site import Workload


class Server(Protocol):
    """A module that knows one model server.

    ``MOUNTS`` are the places in the container that the server's own volumes take, ``VARIABLES`` those that it sets.
    """

    MOUNTS: Sequence[str]
    VARIABLES: Sequence[str]

    def serve(self, workload: Workload) -> Served:
        """How the server is run. Raises MlgenError where the spec or the environment lacks something."""


SERVERS: dict[str, Server] = {
    "custom": custom,
    "mlserver": mlserver,
    "onnx": triton,
    "ray": ray,
    "tensorflow-serving": tensorflow_serving,
    "triton": triton,
    "vllm": vllm,
}
