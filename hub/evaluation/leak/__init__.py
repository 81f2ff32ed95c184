"""Who reads what, by every way of reading, beside a plain oracle of the law."""
