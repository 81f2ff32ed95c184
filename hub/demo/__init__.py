"""Varnholm, a fictional district written for this project: three datasets, ten documents, three people."""

#: What the demo answers first, and who asks.
EXAMPLE = "What caused the slip of the slope at Hollow Reach?"
ASKER = "ada"
