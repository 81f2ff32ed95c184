"""Varnholm, a fictional district written for this project: three datasets, ten documents, three people."""
