"""ValidatingAdmissionPolicies, as a cluster enforces them -> what they would refuse."""
