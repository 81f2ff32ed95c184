"""Measures the hub through its real path: decision, search, disclosure."""
