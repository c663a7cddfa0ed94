"""The files that problems are in -> their texts, as messages may show them."""

from collections.abc import Callable, Collection, Iterator, Mapping


class Shown(Mapping[str, str]):
    """The texts of ``files`` as messages may show them: each read and masked when asked for, for most never are."""

    def __init__(self, files: Collection[str], text: Callable[[str], str]) -> None:
        self.files, self.text = files, text

    def __getitem__(self, file: str) -> str:
        if file not in self.files:
            raise KeyError(file)
        from mlgen.masking import masked  # patterns, which a command that finds nothing wrong does not need

        return masked(self.text(file))

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)
