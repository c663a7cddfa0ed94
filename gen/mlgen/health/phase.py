"""What the one word in a status that says where things are means -> Lua and CEL that say so."""

from collections.abc import Mapping
from typing import NamedTuple

from mlgen.health.check import Verdict, among

Keys = tuple[str, ...]


class Phase(NamedTuple):
    """Where the word stands below `status`, and what each word means; any other one, or none, is in progress.

    ``message`` is where the text beside it stands. With ``pausable``, `spec.suspend` says what the status does not.
    """

    word: Keys
    message: Keys
    verdicts: Mapping[str, Verdict]
    pausable: bool = False

    @property
    def lua(self) -> str:
        """The script for Argo CD."""
        rows = "".join(f'  {word} = "{verdict}",\n' for word, verdict in self.verdicts.items())
        return f"""\
{PAUSE if self.pausable else ""}local status = obj.status or {{}}
local word = {_lua(self.word)} or ""
local verdicts = {{
{rows}}}
return {{status = verdicts[word] or "Progressing", message = {_lua(self.message)} or word}}
"""

    @property
    def failed(self) -> str:
        """The expression that is true of what failed."""
        said = self._any("Degraded")
        return f"!({PAUSED}) && {said}" if self.pausable else said

    @property
    def current(self) -> str:
        """The expression that is true of what need not be waited for, unless it failed."""
        said = self._any("Healthy", "Suspended")
        return f"{PAUSED} || {said}" if self.pausable else said

    def _any(self, *wanted: Verdict) -> str:
        paths = [".".join(("status", *self.word[: end + 1])) for end in range(len(self.word))]
        meant = among(paths[-1], [word for word, verdict in self.verdicts.items() if verdict in wanted])
        return " && ".join([*(f"has({path})" for path in paths), meant])


PAUSE = """\
if obj.spec.suspend then
  return {status = "Suspended", message = "Suspended by its spec"}
end
"""
# Asked first: what was suspended from the start may have no status that could be asked.
PAUSED = "has(spec.suspend) && spec.suspend"


def _lua(keys: Keys) -> str:
    """What stands there, or nil, though anything on the way may be absent."""
    above = "status"
    for key in keys[:-1]:
        above = f"({above}.{key} or {{}})"
    return f"{above}.{keys[-1]}"
