"""Every sentence of the citizen's pages has its English: taken from the templates and the code themselves, not from a list."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation.template import templatize

from smarthd.citizen.views.fieldreports import case
from smarthd.fieldreports.rules import states
from smarthd.fieldreports.services.answering import RatingReason
from tools import compile_messages

CITIZEN = Path(__file__).resolve().parent.parent
CALL = re.compile(r"\b(?:n?p?gettext(?:_noop|_lazy)?)\(\s*u?((?:'(?:[^'\\]|\\.)*')|(?:\"(?:[^\"\\]|\\.)*\"))")
NAMES = {"_", "gettext", "gettext_lazy", "ngettext", "gettext_noop"}


def english() -> frozenset[str]:
    """Return every sentence that any catalogue of the project translates."""
    return frozenset(
        entry.source
        for path in compile_messages.catalogues()
        for entry in compile_messages.read(path.read_text("utf-8"))
        if entry.words
    )


def of_template(path: Path) -> Iterator[str]:
    """Yield what a template asks to be translated, as gettext would read it."""
    for found in CALL.findall(templatize(path.read_text("utf-8"), origin=path.name)):
        yield ast.literal_eval(found)


def of_code(path: Path) -> Iterator[str]:
    """Yield what a module asks to be translated."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in NAMES:
            for argument in node.args[: 2 if node.func.id == "ngettext" else 1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


@pytest.mark.parametrize(
    "path",
    [*sorted(CITIZEN.glob("templates/**/*.html")), *sorted(p for p in CITIZEN.rglob("*.py") if "tests" not in p.parts)],
    ids=lambda path: str(path.relative_to(CITIZEN)),
)
def test_every_sentence_has_its_english(path: Path) -> None:
    asked = of_template(path) if path.suffix == ".html" else of_code(path)
    assert set(asked) - english() == set()


def test_sentences_are_found_in_templates_and_code() -> None:
    assert "Trợ giúp" in set(of_template(CITIZEN / "templates/citizen/guide/help.html"))
    assert any("chữ không dấu" in words for words in of_code(CITIZEN / "views/teams.py"))


RULES = (
    *states.STATE_WORDS.values(),
    *states.STAND_WORDS.values(),
    *states.ACT_WORDS.values(),
    *states.OUTCOME_WORDS.values(),
    *states.DECLINE_WORDS.values(),
    *RatingReason.WORDS.values(),
    *case.WHY_REFUSED.values(),
)


def test_what_the_rules_of_reports_say_has_its_english() -> None:
    assert set(RULES) - english() == set()
