"""A Service -> part of the serving workload whose pods it finds."""

from mlgen.imports.form import Form

FORM = Form(kind="serving", pods=(), wiring=(("spec", "selector"),))
