#!/usr/bin/env python3
"""Scores verdicts of `hoiam rules explain --lines` on unseen.tsv.

    cut -f1 unseen.tsv | tail -n +2 > texts.txt
    hoiam rules explain --lines texts.txt --at 2025-06-02T09:00:00+07:00 > verdicts.jsonl
    ./score.py unseen.tsv verdicts.jsonl [--equal UBND-THUDUC=UBND-TDU]... [--show]

`--equal NEW=OLD` counts NEW as OLD (a successor as its predecessor); `--show` prints every line that was judged wrong.
What the columns mean is in README.md. Needs nothing but Python.
"""

import argparse
import collections
import json
import sys

parser = argparse.ArgumentParser()
parser.add_argument("expected")
parser.add_argument("verdicts")
parser.add_argument("--equal", action="append", default=[], metavar="NEW=OLD")
parser.add_argument("--show", action="store_true")
args = parser.parse_args()

same = collections.defaultdict(set)
for pair in args.equal:
    new, _, old = pair.partition("=")
    same[new].add(old)

with open(args.expected, encoding="utf-8") as file:
    header = file.readline().rstrip("\n").split("\t")
    expected = [dict(zip(header, line.rstrip("\n").split("\t"))) for line in file]
with open(args.verdicts, encoding="utf-8") as file:
    verdicts = [json.loads(line) for line in file if line.strip()]
if len(expected) != len(verdicts):
    sys.exit(f"{len(expected)} lines expected, {len(verdicts)} verdicts")

right, judged = collections.Counter(), collections.Counter()


def judge(name, ok, line, detail):
    judged[name] += 1
    right[name] += ok
    if args.show and not ok:
        print(f"{name}\t{detail}\t{line['text']}")


def flag(value):
    return "Y" if value else "N"


for line, verdict in zip(expected, verdicts):
    for column in ("kind", "sector", "category", "district"):
        wanted, got = line[column].split("|"), verdict[column] or ""
        if column == "district" and wanted == [""]:
            continue
        if "*" not in wanted:
            judge(column, got in wanted, line, f"{got or '-'} for {line[column] or '-'}")
    if line["agencies"]:
        got = verdict["agency"] or ""
        ok = bool(({got} | same[got]) & set(line["agencies"].split("|")))
        judge("agency", ok, line, f"{got or '-'} for {line['agencies']}")
    for column in ("urgent", "confidential"):
        if line[column] != "*":
            judge(column, flag(verdict[column]) == line[column], line, f"{verdict[column]} for {line[column]}")
    services, got = line["handoff"].split("|"), verdict["handoff"] or ""
    if services == [""]:
        judge("no false hand-off", got == "", line, got)
    elif "none" not in services:
        judge("emergency not missed", got != "", line, f"none for {line['handoff']}")
        judge("right service", got in services, line, f"{got or '-'} for {line['handoff']}")
    if line["confidential"] == "Y":
        judge("sealed not shown", bool(verdict["confidential"]), line, verdict["agency"] or verdict["desk"])

for name, total in judged.items():
    print(f"{name:22} {right[name]:4} of {total:4}  {100 * right[name] / total:5.1f} %")
