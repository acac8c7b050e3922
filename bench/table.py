"""``python -m bench.table``: write bench/results/latest.json into docs/scaling.md, between its two markers.

A section ``<!-- bench of: messaging alerts -->`` … ``<!-- bench of: end -->`` is filled from those modules' own results, whenever each was
last measured (``BENCH=messaging make bench``); a module without results leaves its section as it is. ``--print`` writes the sections to the terminal.
``--check`` says whether the document shows the latest results, and ends with 1 when it does not.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from bench.figures import Figure

HERE = Path(__file__).resolve().parent
RESULTS, DOCUMENT = HERE / "results" / "latest.json", HERE.parent / "docs" / "scaling.md"
BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"
HEAD = "| figure | measured | target | | beside it | ratio |\n|---|---:|---|---|---|---:|"
SECTION = re.compile(r"<!-- bench of: (?!end)([a-z_ ]+) -->\n.*?<!-- bench of: end -->", re.DOTALL)
MET = {True: "met", False: "**not met**", None: ""}


def table(figures: list[Figure]) -> str:
    """Return the figures as a Markdown table, with the machines they were measured on."""
    machines = dict.fromkeys(str(figure["machine"]).rsplit(", load", 1)[0] for figure in figures)
    loads = [float(str(figure["machine"]).rsplit("load ", 1)[1]) for figure in figures]
    said = f"{'; '.join(machines)}; load {min(loads):.1f} to {max(loads):.1f} while measuring."
    return "\n".join([said, "", HEAD, *map(row, figures)])


def row(figure: Figure) -> str:
    """Return one line of the table."""
    peer = f"{figure['peer']}: {number(figure['peer_value'])}" if figure["peer"] else ""
    ratio = number(figure["ratio"]) if figure["ratio"] is not None else ""
    cells = (
        figure["name"], f"{number(figure['value'])} {figure['unit']}", figure["target"], MET[figure["met"]], peer, ratio,
    )  # fmt: skip
    return "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def number(value: float | None) -> str:
    """Return a number with three telling digits, whole from a hundred on."""
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def filled(document: str, figures: list[Figure]) -> str:
    """Return the document with the table between its markers."""
    before, rest = document.split(BEGIN)
    _old, after = rest.split(END)
    return f"{before}{BEGIN}\n{table(figures)}\n{END}{after}"


def of_modules(names: list[str]) -> list[Figure] | None:
    """Return what some modules measured last; None when one of them has no results here."""
    places = [RESULTS.parent / f"{name}.json" for name in names]
    if not all(place.exists() for place in places):
        return None
    return [figure for place in places for figure in json.loads(place.read_text(encoding="utf-8"))]


def with_sections(document: str) -> str:
    """Return the document with the sections of single modules filled in."""

    def section(found: re.Match[str]) -> str:
        figures = of_modules(found[1].split())
        return (
            found[0] if figures is None else f"<!-- bench of: {found[1]} -->\n{table(figures)}\n<!-- bench of: end -->"
        )

    return SECTION.sub(section, document)


def sections(document: str) -> str:
    """Return the sections of single modules as they would stand."""
    return "\n\n".join(found[0] for found in SECTION.finditer(with_sections(document)))


def main(arguments: list[str]) -> int:
    """Write, or check."""
    if not RESULTS.exists():
        print("bench/results/latest.json is not there: run make bench first")
        return 1
    shown = DOCUMENT.read_text(encoding="utf-8")
    if "--print" in arguments:
        print(sections(shown))
        return 0
    latest = json.loads(RESULTS.read_text(encoding="utf-8"))
    modules = {module for found in SECTION.finditer(shown) for module in found[1].split()}
    apart = {str(one["name"]) for module in modules for one in of_modules([module]) or ()}
    whole = [figure for figure in latest if figure["name"] not in apart]
    wanted = with_sections(filled(shown, whole) if whole else shown)
    if "--check" in arguments:
        print("docs/scaling.md shows the latest results" if wanted == shown else "docs/scaling.md is out of date")
        return int(wanted != shown)
    DOCUMENT.write_text(wanted, encoding="utf-8")
    print("docs/scaling.md filled in")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
