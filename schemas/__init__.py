"""The contract, shipped with the program: JSON Schemas of what a user may write and of what mlgen may emit."""
