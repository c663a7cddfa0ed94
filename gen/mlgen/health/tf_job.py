"""A TFJob -> its health."""

from mlgen.health import training_operator

CHECK = training_operator.check("TFJob")
