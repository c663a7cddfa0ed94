"""What a rule's page says: the shape of every entry that `mlgen rule` prints."""

from typing import Literal, NamedTuple


class Rule(NamedTuple):
    """One thing mlgen reports. ``id`` is what a Problem carries and what `mlgen rule ID` looks up.

    ``title`` is one line without a final period; ``why`` says what goes wrong otherwise; ``bad`` and ``good`` are
    short excerpts of what a user may write; ``source`` is the address or name of the document the rule follows.
    ``severity`` is what it is in an environment; ``ignorable`` says whether somebody may know better, and say why.
    """

    id: str
    title: str
    why: str
    bad: str = ""
    good: str = ""
    source: str = ""
    severity: Literal["error", "warning"] = "error"
    ignorable: bool = False

    @property
    def weight(self) -> str:
        """How much the rule counts, in a sentence or two."""
        if not self.ignorable:
            return f"Severity: {self.severity}. It cannot be ignored."
        usual = "error in an environment, warning where none is named" if self.severity == "error" else "warning"
        return f"Severity: {usual}. It may be ignored: `ignore: {{{self.id}: WHY}}`."
