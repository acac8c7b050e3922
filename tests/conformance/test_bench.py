"""What ``make bench`` writes is what other programs read, and the document is filled from it."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import table
from bench.figures import figure, machine

FIELDS = {"name", "value", "unit", "target", "met", "peer", "peer_value", "ratio", "machine"}
MODULES = sorted(path.stem for path in Path(bench.__file__).parent.glob("*.py") if not path.stem.startswith("_"))


def test_every_module_of_measurements_can_be_asked() -> None:
    measuring = [name for name in MODULES if hasattr(import_module(f"bench.{name}"), "run")]
    assert set(MODULES) - set(measuring) == {"figures", "table"}


def test_results_are_written_with_the_fields_agreed_and_shown_in_the_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "HERE", tmp_path)
    (tmp_path / "quick.py").touch()
    measured = [
        figure("pages | a second", 1234.5, "pages/s", target="≥ 1,000", met=True, peer="a fixed text", peer_value=4938.0),
        figure("memory", 251.2, "MB", target="≤ 250 MB", met=False),
        figure("one look", 0.0123, "ms"),
    ]  # fmt: skip
    quick = type("Quick", (), {"run": staticmethod(lambda: measured)})
    monkeypatch.setattr(bench, "import_module", lambda _name: quick)
    monkeypatch.delenv("BENCH", raising=False)
    assert bench.main() == 0
    written = json.loads((tmp_path / "results" / "latest.json").read_text())
    assert [set(one) for one in written] == [FIELDS] * 3
    assert written[0]["ratio"] == 0.25
    assert written[0]["machine"].startswith(machine().rsplit(", load", 1)[0])

    (tmp_path / "scaling.md").write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    monkeypatch.setattr(table, "RESULTS", tmp_path / "results" / "latest.json")
    monkeypatch.setattr(table, "DOCUMENT", tmp_path / "scaling.md")
    assert table.main(["--check"]) == 1
    assert table.main([]) == 0
    shown = (tmp_path / "scaling.md").read_text()
    assert "| pages \\| a second | 1,234 pages/s | ≥ 1,000 | met | a fixed text: 4,938 | 0.25 |" in shown
    assert "| memory | 251 MB | ≤ 250 MB | **not met** |  |  |" in shown
    assert "| one look | 0.0123 ms |  |  |  |  |" in shown
    assert shown.startswith("before\n")
    assert shown.endswith("\nafter\n")
    assert "old" not in shown
    assert table.main(["--check"]) == 0
    assert "3 figures written" in capsys.readouterr().out


def test_the_document_keeps_its_place_for_the_table() -> None:
    text = table.DOCUMENT.read_text(encoding="utf-8")
    assert text.index(table.BEGIN) < text.index(table.END)


def test_a_section_of_single_modules_is_filled_from_their_own_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "HERE", tmp_path)
    (tmp_path / "quick.py").touch()
    quick = type("Quick", (), {"run": staticmethod(lambda: [figure("one look", 0.5, "ms")])})
    monkeypatch.setattr(bench, "import_module", lambda _name: quick)
    monkeypatch.setenv("BENCH", "quick")
    assert bench.main() == 0
    begin, end = "<!-- bench of: quick -->", "<!-- bench of: end -->"
    other = f"<!-- bench of: quick another -->\nas it was\n{end}"
    place = tmp_path / "scaling.md"
    place.write_text(f"{table.BEGIN}\nwhole\n{table.END}\n{begin}\nold\n{end}\n{other}\n")
    monkeypatch.setattr(table, "RESULTS", tmp_path / "results" / "latest.json")
    monkeypatch.setattr(table, "DOCUMENT", place)
    assert table.main([]) == 0
    shown = place.read_text()
    assert "| one look | 0.5 ms |" in shown
    assert "old" not in shown
    assert shown.startswith(f"{table.BEGIN}\nwhole\n{table.END}")  # what one module measured does not replace the whole
    assert other in shown
    place.write_text(f"{table.BEGIN}\nwhole\n{table.END}\n{other}\n")
    assert table.main([]) == 0
    assert place.read_text().startswith(
        f"{table.BEGIN}\nwhole\n{table.END}"
    )  # nor where its section waits for another module
    place.write_text(shown)
    assert table.main(["--print"]) == 0
    assert "| one look | 0.5 ms |" in capsys.readouterr().out
