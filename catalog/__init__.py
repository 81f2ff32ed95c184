"""What we hold and under which law."""
