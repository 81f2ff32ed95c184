"""The walls: what each process may reach, and how it is held to that."""
