#!/usr/bin/env python3
"""Makes the rule-set directory of a city out of its Boston-311-shaped CSV file.

    make_directory.py FILE.csv DIRECTORY

Departments become agencies, reasons sectors, types categories, neighbourhoods districts. Names are
those of the file; codes follow from the name alone, so they stay the same from file to file.
"""

import csv
import hashlib
import json
import re
import sys
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

csv.field_size_limit(1 << 30)

CALENDARS = """\
# Office hours. The zone has the map's fixed offset, so that days begin where the map says.
version = 1
revision = "generated"
zone = "Etc/GMT+5"
default_schedule = "office"

[[schedules]]
id = "office"
vi = "giờ hành chính"
en = "office hours"
mon = ["08:00-16:00"]
tue = ["08:00-16:00"]
wed = ["08:00-16:00"]
thu = ["08:00-16:00"]
fri = ["08:00-16:00"]
working_days = "city"

[[years]]
year = 2026
announced = false
source = "no holidays entered"
"""

LIMITS = """\
# Imported cases keep the targets of their own system; these hold for new ones.
version = 1
revision = "generated"

[[regimes]]
id = "generated"
vi = "mặc định"
en = "default"

[[desk]]
id = "desk"
basis = "generated"
max_returns = 2
reopen_days = 15
rating_window_days = 15
appeal_days = 15
pause_cap = "5 working days"
max_extensions = 1
max_extension = "10 working days"
warn_percent = 25

[[limits]]
id = "answer"
clock = "answer"
limit = "10 days"
basis = "generated"
vi = "Trả lời người dân"
en = "Answer the citizen"
"""

ROUTING = 'default_desk = "coordinators"\n'

FIXED = """\
# Every category has one agency: the department that had most of its cases.
table = "FIXED"

[[rule]]
id = "fixed.primary"
why = "The department that usually has this type."
then = { primary = 1 }
"""


def toml(text):
    """A TOML string; JSON writes the same escapes, except for DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def plain(name):
    """A name without case, diacritics, punctuation and repeated letters."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("đ", "d"))
    letters = "".join(c for c in letters if not unicodedata.combining(c))
    return re.sub(r"(.)\1+", r"\1", re.sub(r"[\W_]+", " ", letters).strip())


def code(name, taken):
    """A readable code that follows from the name; a taken one gets the name's hash too."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^A-Za-z0-9]+", "-", letters).strip("-").upper()[:80].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8].upper()
    short = slug or digest
    if taken.get(short, name) != name:
        short = f"{slug}-{digest}"
    taken[short] = name
    return short


def codes(names):
    """A code for each name. Names that look alike all get their hash, whatever the order."""
    alike = Counter(code(name, {}) for name in names)
    taken = {c: "" for c, times in alike.items() if times > 1}
    return {name: code(name, taken) for name in sorted(names)}


def main(source, target):
    target = Path(target)
    departments, reasons, types, places = Counter(), Counter(), Counter(), Counter()
    of_type = defaultdict(lambda: (Counter(), Counter()))
    with open(source, encoding="utf-8-sig", errors="replace", newline="") as file:
        for row in csv.DictReader(file):
            values = [row.get(c) or "" for c in ("department", "reason", "type", "neighborhood")]
            department, reason, kind, place = (v if v.strip() else "" for v in values)
            for counter, value in ((departments, department), (reasons, reason),
                                   (types, kind), (places, place)):
                if value:
                    counter[value] += 1
            if kind:
                had_by, was_about = of_type[kind]
                had_by[department] += 1
                was_about[reason] += 1

    def most(counter, fallback):
        named = [(-n, name) for name, n in counter.items() if name]
        return min(named)[1] if named else fallback

    agencies, sectors, categories = codes(departments), codes(reasons), codes(types)
    out = {"routing.toml": ROUTING, "calendars.toml": CALENDARS, "limits.toml": LIMITS}
    lines = []
    if any(not most(had_by, "") for had_by, _ in of_type.values()) or not agencies:
        agencies[""] = "UNASSIGNED"
    if any(not most(was_about, "") for _, was_about in of_type.values()) or not sectors:
        sectors[""] = "UNNAMED"
    for name, its in agencies.items():
        lines.append(f'[[agency]]\ncode = {toml(its)}\nname = {toml(name or "(no department)")}\n'
                     'unit = "department"\ncitywide = true\n')
    out["agencies.toml"] = "\n".join(lines)
    out["sectors.toml"] = "\n".join(
        f'[[sector]]\ncode = {toml(its)}\nname = {toml(name or "(no reason)")}\n'
        for name, its in sectors.items())
    lines = []
    for name, its in categories.items():
        had_by, was_about = of_type[name]
        lines.append(f'[[category]]\ncode = {toml(its)}\nsector = {toml(sectors[most(was_about, "")])}\n'
                     f'name = {toml(name)}\npriority = "P3"\nroute = "FIXED"\n'
                     f'primary = [{toml(agencies[most(had_by, "")])}]\n')
    if lines:
        out["categories.toml"] = "\n".join(lines)
        out["rules/fixed.toml"] = FIXED
    # Two districts may not have names that read alike; the most frequent spelling stands.
    known, lines = set(), []
    spelled = [name for _, name in sorted((-n, name) for name, n in places.items())]
    spelled = [name for name in spelled if plain(name) and not (plain(name) in known or known.add(plain(name)))]
    for name, its in codes(spelled).items():
        lines.append(f"[[district]]\ncode = {toml(its)}\nname = {toml(name)}\n")
    if lines:
        out["districts.toml"] = "\n".join(lines)
    for path, text in out.items():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
