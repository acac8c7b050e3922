"""Compile every ``locale/*/LC_MESSAGES/*.po`` of the project to the ``.mo`` that Django reads; no GNU gettext needed.

``python tools/compile_messages.py`` writes them (they are committed); ``--check`` says which are out of date and ends with 1.
The format of .mo files: GNU gettext manual, "The Format of GNU MO Files".
"""

from __future__ import annotations

import ast
import struct
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAGIC = 0x950412DE
CONTEXT = "\x04"


@dataclass
class Entry:
    """One message of a .po file."""

    fuzzy: bool = False
    context: str | None = None
    source: str = ""
    plural: str | None = None
    words: dict[int, str] = field(default_factory=dict)

    def pair(self) -> tuple[str, str] | None:
        """Return key and value as they stand in a .mo file, or None when the message is not translated."""
        if self.fuzzy or not any(self.words.values()):
            return None
        key = self.source if self.plural is None else f"{self.source}\0{self.plural}"
        if self.context is not None:
            key = self.context + CONTEXT + key
        return key, "\0".join(self.words[index] for index in sorted(self.words))


def read(text: str) -> list[Entry]:
    """Return the messages of a .po file; obsolete ones (``#~``) are left out."""
    entries: list[Entry] = []
    entry, part, index = Entry(), "", 0
    for line in (*(raw.strip() for raw in text.splitlines()), ""):
        if not line:
            if entry.words:
                entries.append(entry)
            entry, part = Entry(), ""
        elif line.startswith("#"):
            entry.fuzzy = entry.fuzzy or (line.startswith("#,") and "fuzzy" in line)
        else:
            if not line.startswith('"'):
                part = line.split(maxsplit=1)[0]
                index = int(part[7:-1]) if part.startswith("msgstr[") else 0
            _add(entry, part.partition("[")[0], index, ast.literal_eval(line[line.index('"') :]))
    return entries


def _add(entry: Entry, part: str, index: int, words: str) -> None:
    if part == "msgctxt":
        entry.context = (entry.context or "") + words
    elif part == "msgid":
        entry.source += words
    elif part == "msgid_plural":
        entry.plural = (entry.plural or "") + words
    elif part == "msgstr":
        entry.words[index] = entry.words.get(index, "") + words
    else:
        msg = f"unknown part {part!r}"
        raise ValueError(msg)


def compiled(text: str) -> bytes:
    """Return the .mo file of a .po file's text; the same text gives the same bytes."""
    pairs = sorted(pair for entry in read(text) if (pair := entry.pair()) is not None)
    keys, values = b"", b""
    places = []
    for source, words in pairs:
        raw_key, raw_value = source.encode(), words.encode()
        places.append((len(raw_key), len(keys), len(raw_value), len(values)))
        keys += raw_key + b"\0"
        values += raw_value + b"\0"
    start = 7 * 4
    keys_at = start + 16 * len(pairs)
    values_at = keys_at + len(keys)
    table_keys = b"".join(struct.pack("<II", length, keys_at + at) for length, at, _, _ in places)
    table_values = b"".join(struct.pack("<II", length, values_at + at) for _, _, length, at in places)
    head = struct.pack("<7I", MAGIC, 0, len(pairs), start, start + 8 * len(pairs), 0, keys_at)
    return head + table_keys + table_values + keys + values


def catalogues() -> list[Path]:
    """Return every .po file of the project."""
    return sorted([*ROOT.glob("smarthd/*/locale/*/LC_MESSAGES/*.po"), *ROOT.glob("config/locale/*/LC_MESSAGES/*.po")])


def stale() -> list[Path]:
    """Return the .po files whose .mo is missing or says something else."""
    return [
        path
        for path in catalogues()
        if not (made := path.with_suffix(".mo")).exists() or made.read_bytes() != compiled(path.read_text("utf-8"))
    ]


def main() -> int:
    """Compile, or check."""
    late = stale()
    if "--check" in sys.argv[1:]:
        for path in late:
            sys.stderr.write(f"{path.relative_to(ROOT)}: chạy lại python tools/compile_messages.py\n")
        return 1 if late else 0
    for path in late:
        path.with_suffix(".mo").write_bytes(compiled(path.read_text("utf-8")))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
