"""The text that names an image -> its parts."""

from typing import NamedTuple


class Reference(NamedTuple):
    """The parts of an image reference; an absent part is empty."""

    repository: str
    tag: str
    digest: str

    @property
    def absolute(self) -> bool:
        """Whether the repository begins with a host, as the reference grammar of distribution/reference tells it."""
        host, slash, _ = self.repository.partition("/")
        return bool(slash) and ("." in host or ":" in host or host == "localhost")

    def __str__(self) -> str:
        return self.repository + (f":{self.tag}" if self.tag else "") + (f"@{self.digest}" if self.digest else "")


def parse(text: str) -> Reference:
    """``registry:5000/img`` has a port and no tag; ``img:5000`` has a tag."""
    rest, _, digest = text.partition("@")
    folder, slash, last = rest.rpartition("/")
    last, _, tag = last.partition(":")
    return Reference(folder + slash + last, tag, digest)
