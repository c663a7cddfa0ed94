"""What the conditions of a status mean -> Lua and CEL that say so."""

from typing import NamedTuple

from mlgen.health.check import Verdict, conditions


class Conditions(NamedTuple):
    """Types of conditions and what each means while it is true: the first such decides, without any it is in progress.

    ``counted`` is a list in the status and the number that each of its items has: more than none of them, and it runs.
    """

    verdicts: tuple[tuple[str, Verdict], ...]
    counted: tuple[str, str] | None = None

    @property
    def lua(self) -> str:
        """The script for Argo CD."""
        rows = "".join(f'  {{"{name}", "{verdict}"}},\n' for name, verdict in self.verdicts)
        return f"""\
local status, messages = obj.status or {{}}, {{}}
for _, condition in ipairs(status.conditions or {{}}) do
  if condition.status == "True" then
    messages[condition.type] = condition.message or condition.type
  end
end
local verdicts = {{
{rows}}}
for _, row in ipairs(verdicts) do
  if messages[row[1]] then
    return {{status = row[2], message = messages[row[1]]}}
  end
end
{self._counting()}return {{status = "Progressing", message = "Not running yet"}}
"""

    @property
    def failed(self) -> str:
        """The expression that is true of what failed."""
        return self._any("Degraded")

    @property
    def current(self) -> str:
        """The expression that is true of what need not be waited for, unless it failed."""
        said = self._any("Healthy", "Suspended")
        if self.counted is None:
            return said
        items, number = self.counted
        return f"{said} || has(status.{items}) && status.{items}.exists(i, has(i.{number}) && i.{number} > 0)"

    def _counting(self) -> str:
        if self.counted is None:
            return ""
        items, number = self.counted
        return f"""\
for _, item in ipairs(status.{items} or {{}}) do
  if (item.{number} or 0) > 0 then
    return {{status = "Healthy", message = "Running"}}
  end
end
"""

    def _any(self, *wanted: Verdict) -> str:
        return conditions(*(name for name, verdict in self.verdicts if verdict in wanted))
