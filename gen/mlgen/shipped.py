"""The name of a file that ships with mlgen -> its text.

By the loader that found the package: `importlib.resources` would load zipfile and tempfile at every start, 6 ms.
"""

from importlib import import_module
from typing import Any


def text(package: str, name: str) -> str:
    """The text of ``name``, a path with slashes below the folder of ``package``.

    Raises FileNotFoundError where there is none.
    """
    module: Any = import_module(package)
    data: bytes = module.__loader__.get_data(f"{module.__path__[0]}/{name}")
    return data.decode("utf-8")
