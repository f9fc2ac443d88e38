"""A shop in two tables with odd names, orders without a key, some of them orphans, and a policy for it."""

from __future__ import annotations

from pathlib import Path

SHOP = """
create table "Cust'omers" (id int primary key);
create table "Or""ders" (id int primary key, "cust%" int not null);
insert into "Cust'omers" select g from generate_series(1, 10) as g;
insert into "Or""ders" select g, g % 12 + 1 from generate_series(1, 24) as g;
"""
CHILD, PARENT = 'public."Or""ders"("cust%")', 'public."Cust\'omers"(id)'
ORPHANS = 4
POLICY = """
schema_version = 1
name = "shop"

[[foreign_key]]
child = '"Or""ders"("cust%")'
parent = '''"Cust'omers"(id)'''
on_delete = "cascade"
name = 'k"ey'
why = "An order is its customer's"
"""


def policy_file(folder: Path, *, orphans: str = "", more: str = "") -> str:
    """The policy as a file; ``orphans``: what becomes of them, undecided where it is empty."""
    decision = f'orphans = "{orphans}"\n' if orphans else ""
    path = folder / "policy.toml"
    path.write_text(POLICY + decision + more, "utf-8")
    return str(path)
