"""Brings documents in: from quarantine to the index, one step a file."""
