"""Checks of the question, the passages and the answer."""
