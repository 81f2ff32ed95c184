"""`hub bench`: what the hub does per second on this machine, each figure beside its peer or its limit."""
