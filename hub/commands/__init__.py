"""The `hub` command, one module a noun."""
