"""Varnholm, a fictional district written for this project: eight datasets, thirty documents, seven people."""

#: What the demo answers first, and who asks.
EXAMPLE = "What caused the slip of the slope at Hollow Reach?"
ASKER = "ada"
