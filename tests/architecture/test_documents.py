"""What is written for readers holds together: every link leads somewhere, every decision is in the index."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import resolve

from tests.environment import ROOT
from tools import index_decisions

LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
DOCUMENTS = sorted(
    path
    for folder in ("", "docs", "smarthd", "tests", "bench", "deploy", "config")
    for path in (ROOT / folder).glob("*.md" if not folder else "**/*.md")
)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file_of_the_project_or_a_page_of_the_site(path: Path) -> None:
    links = LINK.findall(path.read_text("utf-8"))
    pages = [link for link in links if link.startswith("/")]
    dead = [link for link in links if link not in pages and not (path.parent / link).exists()]
    assert not dead
    for page in pages:
        resolve(page)  # Resolver404 where there is none


def test_the_index_of_decisions_names_each_by_its_title() -> None:
    assert index_decisions.INDEX.read_text("utf-8") == index_decisions.written(), "run tools/index_decisions.py"
