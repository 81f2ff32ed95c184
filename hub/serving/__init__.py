"""The model server: embeddings and chat on a UNIX socket, in a process that reaches nothing else."""
