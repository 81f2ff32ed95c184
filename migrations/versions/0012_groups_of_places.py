"""Groups of places as dated members, with the union and the economic area as they came to be."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

#: When each state acceded (treaties of Rome and accession), as the first day of membership.
_UNION = {
    "1958-01-01": "BE DE FR IT LU NL",
    "1973-01-01": "DK GB IE",
    "1981-01-01": "GR",
    "1986-01-01": "ES PT",
    "1995-01-01": "AT FI SE",
    "2004-05-01": "CY CZ EE HU LT LV MT PL SI SK",
    "2007-01-01": "BG RO",
    "2013-07-01": "HR",
}
#: Agreement on the European Economic Area and its enlargements, from when they applied.
_AREA = {
    "1994-01-01": "AT BE DE DK ES FI FR GB GR IE IS IT LU NL NO PT SE",
    "1995-05-01": "LI",
    "2004-05-01": "CY CZ EE HU LT LV MT PL SI SK",
    "2007-08-01": "BG RO",
    "2014-04-12": "HR",
}
_SOURCES = {
    "EU": "Treaty on European Union, art. 52, and the treaties of accession",
    "EEA": "Agreement on the European Economic Area, art. 126, and its enlargement agreements",
}
_LEFT = {"GB": date(2020, 2, 1)}  # Withdrawal Agreement, OJ L 29, 31.1.2020


def upgrade() -> None:
    """Apply the change."""
    made = op.create_table(
        "group_members",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.CheckConstraint("left_on > joined_on", name=op.f("ck_group_members_term")),
        sa.CheckConstraint(
            "name ~ '^[A-Z][A-Z0-9-]{1,31}$' AND char_length(source) BETWEEN 3 AND 300",
            name=op.f("ck_group_members_name"),
        ),
        sa.PrimaryKeyConstraint("name", "member", "joined_on", name=op.f("pk_group_members")),
        schema="hub",
    )
    op.bulk_insert(
        made,
        [
            {
                "name": name,
                "member": member,
                "joined_on": date.fromisoformat(day),
                "left_on": _LEFT.get(member),
                "source": _SOURCES[name],
            }
            for name, joined in (("EU", _UNION), ("EEA", _AREA))
            for day, members in joined.items()
            for member in members.split()
        ],
    )
