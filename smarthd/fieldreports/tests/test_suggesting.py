"""Suggestions: certain enough not to ask, or asking; the same as scikit-learn's; duplicates with their reasons; other systems' files."""

from __future__ import annotations

import random
from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from smarthd.fieldreports.errors import FileUnreadable, NoModelYet, TooLittleHistory
from smarthd.fieldreports.models import Report
from smarthd.fieldreports.rules import likeness, suggesting
from smarthd.fieldreports.rules.likeness import Said
from smarthd.fieldreports.rules.states import State
from smarthd.fieldreports.selectors import gate, suggestions
from smarthd.fieldreports.services import importing, training
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW
from smarthd.kernel.errors import NotAllowed

LAMPS = ("đèn đường tắt", "cột đèn không sáng", "bóng đèn cháy", "tối om vì đèn hỏng", "đèn chập chờn")
HOLES = ("ổ gà sâu", "mặt đường lún", "hố to giữa đường", "đường vỡ xóc", "ổ gà đọng nước")
WASTE = ("rác chưa thu gom", "đống rác bốc mùi", "xe rác không đến", "rác tràn ra đường", "thùng rác đầy")
WHERE = ("trước chợ", "gần trường", "đầu ngõ 5", "cạnh nhà văn hóa", "cuối thôn", "ở ngã tư", "sau đình")


def history(land, count=90):
    dice = random.Random(5)
    kinds = (("den-duong", LAMPS), ("o-ga-mat-duong", HOLES), ("rac-chua-thu-gom", WASTE))
    for number in range(count):
        key, words = kinds[number % 3]
        text = f"{dice.choice(words)} {dice.choice(WHERE)} {dice.choice(('mấy hôm nay', 'từ tuần trước', ''))}".strip()
        make.sent(land, words=text, category_key=key, now=NOW + timedelta(minutes=number))
    Report.objects.update(state=State.ACCEPTED)


def test_before_anything_was_learned_words_kept_with_categories_speak_and_it_asks(land):
    found = suggestions.categories_for("Cột đèn đường tối om, không sáng mấy hôm nay")
    assert found.best.key in {"den-duong", "den-ngo-xom"}
    assert not found.certain
    assert found.source == "words"
    assert suggestions.categories_for("   ") is suggesting.NOTHING
    with pytest.raises(NoModelYet):
        suggestions.figures()


def test_too_little_history_teaches_nothing(land):
    with pytest.raises(TooLittleHistory):
        training.train(now=NOW)


def test_what_was_learned_is_measured_on_what_it_had_not_seen_and_says_why(land):
    history(land)
    figures = training.train(now=NOW)
    assert figures.learned_from == 72
    assert figures.held_out == 18
    assert figures.right_first > figures.commonest
    assert suggestions.figures()["threshold"] == figures.threshold
    found = suggestions.categories_for("Rác bốc mùi đầu ngõ, xe rác chưa thu gom")
    assert found.best.key == "rac-chua-thu-gom"
    assert found.certain
    assert "rác" in found.best.because
    assert not suggestions.categories_for("Xin hỏi lịch tiêm phòng cho cháu").certain
    report = make.sent(land, words="Ổ gà sâu gần trường học", category_key="")
    assert report.category.key == "o-ga-mat-duong"


def test_our_reading_of_the_model_equals_scikit_learns(land):
    history(land)
    texts, labels, _at = training._history()
    vectoriser, classifier = training.fitted(texts, labels)
    training.train(now=NOW)
    model = suggestions._model()
    for words in (suggesting.folded(one) for one in ("đèn tắt", "ổ gà ổ gà to", "a b", "rác ở chợ 12", "đ")):
        columns, values = suggesting.features(model, words)
        theirs = vectoriser.transform([words]).toarray()[0]
        mine = np.zeros_like(theirs)
        mine[columns] = values
        assert np.allclose(mine, theirs, atol=1e-6), words
        shares = dict(zip(classifier.classes_, classifier.predict_proba([theirs])[0], strict=True))
        for candidate in suggesting.suggest(model, words).candidates:
            known = suggesting.known_share(model, words)
            assert candidate.certainty == pytest.approx(shares[candidate.key] * known, abs=2e-4)


@given(st.text(max_size=60))
def test_the_ngrams_are_scikit_learns(words):
    from sklearn.feature_extraction.text import CountVectorizer

    analyse = CountVectorizer(
        analyzer="char_wb", ngram_range=(suggesting.LEAST, suggesting.MOST), lowercase=False
    ).build_analyzer()
    folded = suggesting.folded(words)
    assert sorted(suggesting.grams(folded)) == sorted(analyse(folded))


# --- duplicates ------------------------------------------------------------------------------------------------------
def duplicates(land, *, actor=None, **changes):
    asked = {
        "lat": land.place.lat, "lon": land.place.lon, "commune_id": land.place.id, "category_key": "den-duong",
        "words": "Đèn trước cổng chợ không sáng", "at": NOW, "now": NOW, "actor": actor, **changes,
    }  # fmt: skip
    return suggestions.duplicates_for(**asked)


def test_a_duplicate_is_found_and_says_why(land):
    same = make.sent(land, lat=land.place.lat + 0.0001)
    make.sent(land, lat=land.place.lat + 0.0018)
    make.sent(land, category_key="o-ga-mat-duong", words="Ổ gà sâu giữa đường làm xe ngã")
    [found] = duplicates(land)
    assert found.row.code == same.code
    told = {reason.key: reason.words for reason in found.likeness.reasons}
    assert told["place"] == "cách 11 m"
    assert told["category"] == "cùng lĩnh vực"
    assert found.likeness.score == pytest.approx(
        sum(reason.strength * reason.weight for reason in found.likeness.reasons), abs=0.02
    )


def test_duplicates_take_few_statements_and_show_strangers_only_what_is_public(land):
    make.sent(land, private=True)
    assert duplicates(land) == []
    assert len(duplicates(land, actor=land.clerk.actor)) == 1
    with CaptureQueriesContext(connection) as asked:
        duplicates(land)
    assert len(asked) <= 6


def test_without_a_point_commune_category_and_words_speak(land):
    report = make.sent(land, lat=None, lon=None, commune_id=land.place.id)
    assert [one.row.code for one in suggestions.duplicates_of(land.clerk.actor, report.code, now=NOW)] == []
    again = make.sent(land, lat=None, lon=None, commune_id=land.place.id)
    assert [one.row.code for one in suggestions.duplicates_of(land.clerk.actor, again.code, now=NOW)] == [report.code]


places = st.tuples(st.floats(20.5, 21.2), st.floats(106.0, 106.9))
said = st.builds(
    lambda at, words, key, days: Said(*at, 1, key, key, NOW - timedelta(days=days), words),
    places, st.sampled_from(["đèn tắt", "ổ gà", ""]), st.sampled_from(["a", "b"]), st.integers(0, 60),
)  # fmt: skip


@given(said, said)
def test_likeness_is_the_same_both_ways_between_nothing_and_one(one, other):
    here, back = likeness.likeness(one, other, radius_m=60), likeness.likeness(other, one, radius_m=60)
    assert here.score == pytest.approx(back.score, abs=1e-3)
    assert 0 <= here.score <= 1
    assert likeness.likeness(one, one, radius_m=60).score >= (0.99 if one.words else 0.74)


# --- other systems' files --------------------------------------------------------------------------------------------
HEAD = "Mã phản ánh;Nội dung;Lĩnh vực;Vĩ độ;Kinh độ;Xã, phường;Ngày gửi;Trạng thái;Ngày trả lời;Trả lời\n"


def file(*lines):
    return ("\ufeff" + HEAD + "\n".join(lines)).encode()


def taken(raw, land):
    return importing.import_reports(raw, source="he-thong-cu", actor=make.SYSTEM.actor, now=NOW)


def test_another_systems_reports_come_over_once_with_their_own_days(land):
    here = land.place
    raw = file(
        f"A1;Đèn tắt trước chợ;Đèn đường không sáng;{here.lat};{here.lon};;01/03/2024 08:00;Đã trả lời;05/03/2024 09:00;Đã thay bóng",
        "A2;Ổ gà ở thôn;o-ga-mat-duong;;;Xã c1;2024-03-20T08:00:00+07:00;Đang xử lý;;",
    )
    done = taken(raw, land)
    assert (done.lines, done.made, done.known, done.faults) == (2, 2, 0, ())
    again = taken(raw, land)
    assert (again.made, again.known) == (0, 2)
    old, open_one = Report.objects.order_by("received_at")
    assert (old.state, old.category.key, old.received_at.isoformat()) == (
        "closed",
        "den-duong",
        "2024-03-01T01:00:00+00:00",
    )
    assert (open_one.state, open_one.holder_id) == ("received", land.other)
    page = gate.report_for(land.clerk, old.code, now=NOW)
    assert [answer.words for answer in page.answers] == ["Đã thay bóng"]
    assert not page.row.published


def test_each_wrong_line_is_said_and_the_others_come_over(land):
    done = taken(
        file(
            ";không mã;;;;Xã c0;01/03/2024;;;",
            "B2;tọa độ sai;;hai mươi;106;;01/03/2024;;;",
            "B3;ở xa;;10,7;106,7;;01/03/2024;;;",
            "B4;không nơi nào;;;;;01/03/2024;;;",
            "B5;ngày lạ;;;;Xã c0;hôm qua;;;",
            "B6;tương lai;;;;Xã c0;01/03/2034;;;",
            "B7;trả lời trước khi gửi;;;;Xã c0;05/03/2024;xong;01/03/2024;",
            "B8;đúng;;;;Xã c0;01/03/2024;;;",
        ),
        land,
    )
    assert (done.lines, done.made, len(done.faults)) == (8, 1, 7)
    assert [fault.split(":")[0] for fault in done.faults] == [f"Dòng {number}" for number in range(2, 9)]
    assert Report.objects.count() == 1


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"a,b\n1,2\n", b""])
def test_a_file_that_cannot_be_read_says_what_it_needs(land, raw):
    with pytest.raises(FileUnreadable) as refused:
        taken(raw, land)
    assert refused.value.facts["words"]


def test_nobody_imports_through_the_web(land):
    with pytest.raises(NotAllowed):
        importing.import_reports(file(), source="x", actor=land.administrator.actor, now=NOW)
