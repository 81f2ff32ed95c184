"""The one decision: who may do what with which dataset, and why."""
