#!/usr/bin/env python3
"""Makes src/Huike.Platform/Search/pinyin.gz from Unihan_Readings (Debian package unicode-data).

One line per character in order of code point: the character, then its readings without tones, the usual one
first, parted by commas (ü is written v, as Chinese keyboards do). Run it again when a new Unicode version comes:
    apt-get install unicode-data && tools/pinyin/make.py
"""
import bz2
import gzip
import pathlib
import re
import unicodedata

SOURCE = "/usr/share/unicode/Unihan_Readings.txt.bz2"
TARGET = pathlib.Path(__file__).parents[2] / "src/Huike.Platform/Search/pinyin.gz"
# Order of trust for the first reading, then for the others: the usual one, by frequency, the standard's table, a dictionary.
FIELDS = ("kMandarin", "kHanyuPinlu", "kTGHZ2013", "kXHC1983")
MOST = 4


def toneless(syllable: str) -> str:
    marked = unicodedata.normalize("NFD", syllable.lower()).replace("u\u0308", "v")
    return "".join(c for c in marked if c.isascii() and c.isalpha())


def syllables(field: str, value: str) -> list[str]:
    value = re.sub(r"\([0-9]+\)", "", value)
    parts = value.split() if field in ("kMandarin", "kHanyuPinlu") else [p.split(":")[1] for p in value.split()]
    return [toneless(s) for part in parts for s in part.split(",")]


def main() -> None:
    found: dict[int, dict[str, list[str]]] = {}
    with bz2.open(SOURCE, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("U+"):
                code, field, value = line.rstrip("\n").split("\t", 2)
                if field in FIELDS:
                    found.setdefault(int(code[2:], 16), {})[field] = syllables(field, value)
    table = []
    for code, fields in sorted(found.items()):
        # Beyond the first plane only what the standard list of characters (2013) holds, which names may use.
        if code > 0xFFFF and "kTGHZ2013" not in fields:
            continue
        readings = dict.fromkeys(s for field in FIELDS for s in fields.get(field, []) if re.fullmatch("[a-z]{1,6}", s))
        if readings:
            table.append(chr(code) + ",".join(list(readings)[:MOST]) + "\n")
    text = "".join(table).encode()
    TARGET.write_bytes(gzip.compress(text, 9, mtime=0))
    print(f"{len(table)} characters, {len(text)} bytes, {TARGET.stat().st_size} compressed")


if __name__ == "__main__":
    main()
