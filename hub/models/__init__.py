"""The weights this hub runs: what they are, whose, under which licence, and that they are what they claim to be."""
