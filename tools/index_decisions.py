"""Write ``docs/adr/README.md``: every decision by number, with its title; ``--check`` says whether it is out of date and ends with 1."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ADR = Path(__file__).resolve().parent.parent / "docs" / "adr"
INDEX = ADR / "README.md"
TITLE = re.compile(r"# (?:ADR )?0*(?P<number>\d+)[.:] (?P<title>.+)")
INTRODUCTION = """# Decisions

What others could have decided otherwise, why it was decided so, and what it costs. A decision that no longer holds says which one took its
place. Numbers are given once and leave gaps. This page is written by `python tools/index_decisions.py`.

"""


def written() -> str:
    """Return the index as it should stand. Raises ValueError where a file's first line is no title with the file's own number."""
    lines = []
    for path in sorted(ADR.glob("[0-9]*.md")):
        found = TITLE.fullmatch(path.read_text(encoding="utf-8").split("\n", 1)[0])
        if found is None or int(found["number"]) != int(path.name[:4]):
            msg = f"{path.name}: the first line must be '# {int(path.name[:4])}. Title'"
            raise ValueError(msg)
        lines.append(f"{found['number']}. [{found['title']}]({path.name})\n")
    return INTRODUCTION + "".join(f"- {line}" for line in lines)


def main() -> int:
    """Write, or check."""
    wanted = written()
    if "--check" in sys.argv[1:]:
        return int(not INDEX.exists() or INDEX.read_text(encoding="utf-8") != wanted)
    INDEX.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
