"""An MPIJob -> its health, which the MPI operator's own version tells as that of the Training Operator does."""

from mlgen.health import training_operator

CHECK = training_operator.check("MPIJob")
