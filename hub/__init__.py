"""Answers questions inside the walls."""
