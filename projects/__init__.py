"""The reference projects: each is an example, a test and documentation."""
