"""The `credentials` command: one module per subject, shared manners in `invocation` and `failures`."""
