"""What answers the requests that a route brings."""

from typing import NamedTuple

from mlgen.trace import Draft, Made


class Backend(NamedTuple):
    """A Service that answers on ``port``; ``weight`` is its share of the requests, where others answer too."""

    service: Made
    port: Draft
    weight: Draft = None
