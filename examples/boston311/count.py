#!/usr/bin/env python3
"""Counts a Boston-311-shaped CSV file directly, with nothing of the engine.

    count.py FILE.csv                     prints the figures as one line of JSON
    count.py FILE.csv --compare FIGURES   compares them with the last line of the file FIGURES
                                          (`-`: standard input), says what differs, exits 1 if so

Every row counts as one case. It is closed if it has a closing time; on time if that is no later
than its target; without target if it has none. A blank department or type counts under "".
"""

import csv
import json
import sys
from datetime import datetime

csv.field_size_limit(1 << 30)

FORMS = ("%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y")
FIELDS = ("received", "open", "closed_on_time", "closed_late", "closed_without_target")


def moment(text):
    text = text.strip()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    for form in FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            pass
    raise SystemExit(f"cannot read the time {text!r}")


def outcome(target, closed):
    if not closed.strip():
        return "open"
    if not target.strip():
        return "closed_without_target"
    return "closed_on_time" if moment(closed) <= moment(target) else "closed_late"


def count(path):
    figures = {"department": {}, "type": {}}
    with open(path, encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            how = outcome(row["target_dt"], row["closed_dt"])
            for by, groups in figures.items():
                name = row[by] if row[by].strip() else ""
                group = groups.setdefault(name, dict.fromkeys(FIELDS, 0))
                group["received"] += 1
                group[how] += 1
    return figures


def compare(counted, printed):
    wrong = 0
    for by in sorted(set(counted) | set(printed)):
        ours, theirs = counted.get(by, {}), printed.get(by, {})
        for name in sorted(set(ours) | set(theirs)):
            if ours.get(name) != theirs.get(name):
                wrong += 1
                print(f"{by} {name!r}: counted {ours.get(name)}, printed {theirs.get(name)}")
    groups = sum(len(groups) for groups in counted.values())
    print(f"{groups - wrong} of {groups} groups are equal" if wrong else f"all {groups} groups are equal")
    return wrong


def main(arguments):
    if len(arguments) == 1:
        print(json.dumps(count(arguments[0]), ensure_ascii=False, sort_keys=True))
    elif len(arguments) == 3 and arguments[1] == "--compare":
        with open(0 if arguments[2] == "-" else arguments[2], encoding="utf-8") as file:
            printed = json.loads(file.read().strip().splitlines()[-1])
        sys.exit(1 if compare(count(arguments[0]), printed) else 0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
