"""The hub's API: one file a noun; every route declares the door its caller must stand at."""
