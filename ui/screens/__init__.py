"""One screen for each job a person comes to do."""
