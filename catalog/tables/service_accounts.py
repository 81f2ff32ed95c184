"""Accounts of programs: which client at the issuer each has, by whom it was opened, and whether it is closed."""

from sqlalchemy import CheckConstraint, Column, Table, Text, UniqueConstraint

from catalog.tables.base import metadata, moment, reference

service_accounts = Table(
    "service_accounts",
    metadata,
    # The account is a row of people, of its own kind.
    reference("person_id", "people", primary_key=True),
    Column("client", Text, nullable=False),
    Column("opened_by", Text, nullable=False),
    moment("opened_at", default_now=True),
    # When its key was last made; the key itself is the issuer's.
    moment("key_made_at", default_now=True),
    moment("removed_at", nullable=True),
    UniqueConstraint("client"),
    CheckConstraint("char_length(client) <= 160", name="client"),
)
