from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from smarthd.kernel import lexemes, text


def answers(vector: str, question: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::tsvector @@ %s::tsquery", [vector, question])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("question", "held"),
    [
        (lexemes.every(["nha", "thuoc"]), True),
        (lexemes.every(["nha", "thuoc"], before="^"), True),
        (lexemes.every(["truc"], before="^"), False),
        (lexemes.every(["truc"]), True),
        (lexemes.every(lexemes.spelt("nhà thuốc"), before="="), True),
        (lexemes.every(lexemes.spelt("nhá"), before="="), False),
        (lexemes.both(lexemes.every(["nha"]), lexemes.any_of(["@u7", "@u8"])), True),
        (lexemes.both(lexemes.every(["nha"]), lexemes.any_of(["@u9"])), False),
        ("'nha' <-> 'thuoc'", True),
        ("'thuoc' <-> 'nha'", False),
    ],
)
def test_a_vector_answers_by_words_title_spelling_order_and_facets(question: str, held: bool) -> None:
    vector = lexemes.vector(titles=["Nhà thuốc Hoà Bình"], more="trực đêm, 24/24", facets=["@u7"])
    assert answers(vector, question) is held


@pytest.mark.django_db
@given(title=st.text(max_size=60), more=st.text(max_size=200))
def test_whatever_people_write_becomes_a_vector_that_holds_each_word(title: str, more: str) -> None:
    told = text.nfc(f"{title} {more}")
    vector = lexemes.vector(titles=[text.nfc(title)], more=text.nfc(more), rows=True)
    words = lexemes.words(told)
    assert answers(vector, lexemes.every(dict.fromkeys(words))) or not words


def test_where_the_tone_mark_stands_makes_no_other_spelling() -> None:
    assert lexemes.spelt("hòa") == lexemes.spelt("hoà") != lexemes.spelt("hóa")


def test_what_lies_within_five_kilometres_lies_in_the_cells_around() -> None:
    lat, lon = 20.937, 106.314
    near = [(lat + down / 111.2, lon + right / 103.8) for down in (-5, 0, 5) for right in (-5, 0, 5)]
    assert {lexemes.cell(*point) for point in near} <= set(lexemes.cells_around(lat, lon))
