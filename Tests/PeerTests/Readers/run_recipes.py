"""Prints a page anew: below each block of SQL stands what it gives.

usage: run_recipes.py DATABASE PAGE
"""

import re
import sqlite3
import sys

base = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)


def shown(value):
    if value is None:
        return ""
    return repr(round(value, 6)) if isinstance(value, float) else str(value)


def table(sql):
    answer = base.execute(sql)
    rows = [[column[0] for column in answer.description]] + [[shown(value) for value in row] for row in answer]
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join(lines)


def recipe(match):
    return f"```sql\n{match[1]}```\n```\n{table(match[1])}\n```\n"


page = open(sys.argv[2], encoding="utf-8").read()
print(re.sub(r"```sql\n(.*?)```\n(```\n.*?\n```\n)?", recipe, page, flags=re.DOTALL), end="")
