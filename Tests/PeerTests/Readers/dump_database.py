"""Prints a database of attrace's as text, the same for the same contents whatever SQLite wrote it.

usage: dump_database.py FILE
"""

import sqlite3
import sys

base = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
for pragma in ("application_id", "user_version"):
    print(f"-- {pragma} {base.execute(f'PRAGMA {pragma}').fetchone()[0]}")
schema = base.execute("SELECT name, type, sql FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY type, rowid").fetchall()
for _, _, sql in schema:
    print(sql + ";")
for name, _, _ in schema:
    rows = base.execute(f'SELECT * FROM "{name}"')
    print(f"\n-- {name}: {', '.join(column[0] for column in rows.description)}")
    for row in rows:
        print(" | ".join("" if value is None else repr(value) if isinstance(value, float) else str(value) for value in row))
