"""``make bench``: measure, print each figure beside its peer or limit, write bench/results/latest.json.

Every module of this folder that has ``run() -> list[Figure]`` is asked. ``BENCH=name`` runs the module of that name, else the
modules or figures whose name contains it. Machines are shared and noisy: read the ratios first.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

from bench.figures import Figure, machine

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Run what was asked for; the exit code is 1 when a measurement could not be made (a missed target is not a failure)."""
    wanted = os.environ.get("BENCH", "")
    names = sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_") and path.stem != "figures")
    chosen = [name for name in names if name == wanted] or [name for name in names if wanted in name] or names
    results: list[Figure] = []
    broken = []
    for name in chosen:
        module = import_module(f"bench.{name}")
        if not hasattr(module, "run"):
            continue
        started = time.perf_counter()
        try:
            figures = module.run()
        except Exception:  # noqa: BLE001 - one broken measurement must not hide the others
            traceback.print_exc()
            broken.append(name)
            continue
        shown = [figure for figure in figures if not wanted or wanted in name or wanted in figure["name"]]
        measured = [{**figure, "machine": machine()} for figure in shown]
        results += measured
        if not wanted or wanted == name:
            keep(name, measured)
        print(f"== {name} ({time.perf_counter() - started:.0f} s; {machine()})")
        for figure in shown:
            print("  " + line(figure), flush=True)
    out = HERE / "results" / "latest.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
    print(
        f"-- {len(results)} figures written to bench/results/latest.json; not measured: {', '.join(broken) or 'none'}"
    )
    return 1 if broken else 0


def keep(name: str, figures: list[Figure]) -> None:
    """Keep a module's figures in a file of their own, for the sections of the document that show some modules (bench/table.py)."""
    out = HERE / "results" / f"{name}.json"
    out.parent.mkdir(exist_ok=True)
    out.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n")


def line(figure: Figure) -> str:
    """Return one printed line of a figure."""
    met = {True: "met", False: "NOT MET", None: "no target"}[figure["met"]]
    text = f"{figure['name']}: {figure['value']:,.4g} {figure['unit']} (target {figure['target']}: {met})"
    if figure.get("peer"):
        text += f" | {figure['peer']}: {figure['peer_value']:,.4g} → ratio {figure['ratio']:,.3g}"
    return text


if __name__ == "__main__":
    sys.exit(main())
