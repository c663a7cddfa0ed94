"""The kinds of workload that a platform repository adds: a schema, a template for each back-end, and cases."""
