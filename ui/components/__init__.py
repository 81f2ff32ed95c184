"""One component each for what several screens show."""
