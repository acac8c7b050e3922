"""English words: all there, compiled, with the same gaps to fill as the Vietnamese ones."""

from __future__ import annotations

import gettext
import io
import re

import pytest

from tools import compile_messages

CATALOGUES = compile_messages.catalogues()
GAP = re.compile(r"%\(\w+\)[sd]|%\(\w+\)02d")


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_the_compiled_words_are_those_written(path):
    assert path.with_suffix(".mo").read_bytes() == compile_messages.compiled(path.read_text("utf-8"))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-5])
def test_every_sentence_is_translated_with_its_gaps(path):
    for entry in compile_messages.read(path.read_text("utf-8")):
        if not entry.source:
            continue
        assert entry.words, entry.source
        for words in entry.words.values():
            assert words, entry.source
            names = {gap.rstrip("sd0123456789") for gap in GAP.findall(words)}
            asked = GAP.findall(f"{entry.source} {entry.plural or ''}")
            assert names <= {gap.rstrip("sd0123456789") for gap in asked}, entry.source


def test_what_we_compile_is_what_gettext_reads():
    text = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "xã"\nmsgstr "commune"\n\n'
        '#, fuzzy\nmsgid "chưa chắc"\nmsgstr "unsure"\n\n'
        'msgid "%(n)d ngày"\nmsgid_plural "%(n)d ngày"\nmsgstr[0] "%(n)d day"\nmsgstr[1] "%(n)d days"\n\n'
        'msgctxt "người"\nmsgid "tên"\nmsgstr ""\n"full "\n"name"\n'
    )
    words = gettext.GNUTranslations(io.BytesIO(compile_messages.compiled(text)))
    assert words.gettext("xã") == "commune"
    assert words.gettext("chưa chắc") == "chưa chắc"
    assert words.ngettext("%(n)d ngày", "%(n)d ngày", 1) == "%(n)d day"
    assert words.ngettext("%(n)d ngày", "%(n)d ngày", 2) == "%(n)d days"
    assert words.pgettext("người", "tên") == "full name"
