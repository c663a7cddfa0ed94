"""Every command as Typer sees it: its arguments, options and help; what it does is in `commands`."""

from mlgen.usage import delivery, lookup, overlays, start

# In the order of their use, as `mlgen --help` lists them.
COMMANDS = (*start.COMMANDS, *overlays.COMMANDS, *delivery.COMMANDS, *lookup.COMMANDS)
