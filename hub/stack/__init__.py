"""The embedded stack: all parts of the hub on one machine, under one supervisor, in one data folder."""
