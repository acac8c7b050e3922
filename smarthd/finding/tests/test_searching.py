from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from smarthd.connectors.models import Source
from smarthd.connectors.selectors import finding as rows
from smarthd.connectors.services import words
from smarthd.connectors.tests import make as connected
from smarthd.content.models import Article, Hotline, Notice
from smarthd.content.rules.kinds import Kind as PageKind
from smarthd.content.rules.surveys import Form
from smarthd.content.services import surveys
from smarthd.finding.errors import NameKnown, NameSaysNothing, NameUnknown
from smarthd.finding.models import Entry, PopularName, Term, TermKey
from smarthd.finding.rules import kinds
from smarthd.finding.rules.kinds import Kind
from smarthd.finding.selectors import names as kept_names
from smarthd.finding.selectors import ranking, searching
from smarthd.finding.services import gathering, keeping, names
from smarthd.finding.tests.conftest import NOW, SHOPS, SYSTEM, World, mapping, shop
from smarthd.finding.values import Answer, Difference, Reader
from smarthd.kernel import events
from smarthd.kernel.actor import ANONYMOUS
from smarthd.kernel.errors import NotAllowed
from smarthd.places.values import UnitView

NOBODY = Reader()


def reader(unit: UnitView, *, at: tuple[float, float] | None = None) -> Reader:
    assert unit.lat is not None
    assert unit.lon is not None
    return Reader(unit_ids=(unit.id,), at=at, centre=(unit.lat, unit.lon))


def search(said: str, who: Reader = NOBODY, **told: str) -> Answer:
    return searching.search(said, who, now=NOW, **told)


def titles(answer: Answer, group: str = "") -> list[str]:
    return [hit.title for one in answer.groups if group in {"", one.key} for hit in one.hits]


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("nha thuoc binh an", "Nhà thuốc Bình An"),
        ("NHÀ THUỐC hòa bình", "Nhà thuốc Hoà Bình"),
        ("lich cat dien khu 1", "Lịch cắt điện khu 1"),
        ("113", "Công an"),
        ("cap cuu", "Cấp cứu y tế"),
        ("02203852113", "Sửa điện"),
        ("0220 3852 113", "Sửa điện"),
        ("2203852113", "Sửa điện"),
        ("02203123001", "Nhà thuốc Bình An"),
        ("gui phan anh", "Gửi phản ánh"),
        ("cài chữ to", "Cài đặt: chữ to, màu, ngôn ngữ"),
        ("sổ đỏ", "Cấp Giấy chứng nhận quyền sử dụng đất lần đầu"),
        ("so do", "Cấp Giấy chứng nhận quyền sử dụng đất lần đầu"),
        ("cmnd", "Cấp thẻ căn cước"),
        ("nha thuoc truc", "Nhà thuốc trực"),
        ("xa nam sach", "Xã Nam Sách"),
    ],
)
def test_what_people_type_finds_what_is_there(world: World, said: str, first: str) -> None:
    assert titles(search(said))[0] == first


@pytest.mark.parametrize(
    ("said", "instead", "first"),
    [
        ("nhaf thuoocs bifnh an", "nhà thuốc bình an", "Nhà thuốc Bình An"),
        ("nha2 thuo61c binh an", "nhà thuốc bình an", "Nhà thuốc Bình An"),
        ("nha thouc binh an", "nhà thuốc bình an", "Nhà thuốc Bình An"),
        ("lich catt dienn khu 1", "lịch cắt điện khu 1", "Lịch cắt điện khu 1"),
        ("nhathuoc binh an", "nhà thuốc bình an", "Nhà thuốc Bình An"),
        ("can cuowcs", "căn cước", "Cấp thẻ căn cước"),
        ("can cuoc xyzabc", "căn cước", "Cấp thẻ căn cước"),
    ],
)
def test_what_was_meant_is_answered_and_said(world: World, said: str, instead: str, first: str) -> None:
    answer = search(said)
    assert answer.instead == instead
    assert titles(answer)[0] == first


def test_nothing_like_it_is_answered_with_nothing(world: World) -> None:
    assert search("zzzqqqxxx").groups == ()
    assert search("").groups == search("  ,.;  ").groups == ()


def test_an_old_name_says_what_stands_there_now(world: World) -> None:
    hits = [hit for group in search("hong phong nam sach").groups if group.key == Kind.PLACE for hit in group.hits]
    assert hits[0].title == "Xã Hồng Phong"
    assert hits[0].note.startswith("Nay thuộc Xã Nam Sách. Trước ở Huyện Nam Sách")


def test_a_place_that_kept_its_name_is_listed_once_and_found_by_where_it_lay_before(world: World) -> None:
    found = [hit for group in search("ai quoc hai duong").groups if group.key == Kind.PLACE for hit in group.hits]
    hits = [hit for hit in found if hit.title == "Phường Ái Quốc"]
    assert [hit.note for hit in hits] == ["Thành phố Hải Phòng. Trước ở Thành phố Hải Dương, Tỉnh Hải Dương"]
    assert titles(search("ai quoc"), Kind.PLACE)[0] == "Phường Ái Quốc"
    assert titles(search("ai quoc"), Kind.PLACE).count("Phường Ái Quốc") == 1


def test_no_name_of_a_place_that_stands_is_told_again_as_its_own_former_name(world: World) -> None:
    told = [one for one in gathering.names_of_places(NOW) if one.note.startswith("Nay thuộc ")]
    assert told
    assert [
        one.title for one in told if one.note.startswith((f"Nay thuộc {one.title}.", f"Nay thuộc {one.title},"))
    ] == []


def test_typed_with_marks_the_same_spelling_comes_first(world: World) -> None:
    assert titles(search("quầy thuốc dương"), kinds.ROWS)[0] == "Quầy thuốc Dương"
    assert titles(search("quầy thuốc đường"), kinds.ROWS)[0] == "Quầy thuốc Đường Mới"
    assert set(titles(search("quay thuoc duong"), kinds.ROWS)) == {"Quầy thuốc Dương", "Quầy thuốc Đường Mới"}


def test_the_own_commune_comes_first_and_its_former_names_lead_there(world: World) -> None:
    assert titles(search("lich cat dien", reader(world.home)), Kind.NOTICE)[0] == "Lịch cắt điện khu 1"
    assert titles(search("lich cat dien", reader(world.other)), Kind.NOTICE)[0] == "Lịch cắt điện khu 2"
    own = search("nha thuoc", reader(world.home))
    assert titles(own, kinds.ROWS)[0] == "Nhà thuốc Bình An"
    assert next(group for group in own.groups if group.key == kinds.ROWS).hits[0].why == "own"


def test_from_a_position_the_nearest_comes_first_and_how_far_it_is(world: World) -> None:
    assert world.other.lat is not None
    assert world.other.lon is not None
    found = search("nha thuoc", reader(world.home, at=(world.other.lat, world.other.lon)))
    hit = next(group for group in found.groups if group.key == kinds.ROWS).hits[0]
    assert (hit.title, hit.why) == ("Nhà thuốc Hoà Bình", "near")
    assert hit.km is not None
    assert hit.km < 0.1
    assert all(one.km is None for group in search("nha thuoc", reader(world.home)).groups for one in group.hits)


def test_last_years_notice_comes_after_this_weeks(world: World) -> None:
    assert titles(search("lich cat dien"), Kind.NOTICE)[-1] == "Lịch cắt điện toàn tỉnh năm ngoái"


def test_a_row_past_its_hour_is_not_found(world: World) -> None:
    assert "Nhà thuốc Đã Nghỉ" not in titles(search("nha thuoc da nghi"))
    assert "Quầy thuốc Dương" in titles(search("quay thuoc duong"))
    later = searching.search("quay thuoc duong", NOBODY, now=NOW + timedelta(days=1))
    assert "Quầy thuốc Dương" not in titles(later)


def test_the_rows_of_a_look_up_are_not_found_by_words(world: World) -> None:
    Source.objects.filter(pk=world.shops.pk).update(publication={"shape": "lookup", "lookup": "ma"})
    assert titles(search("nha thuoc binh an"), kinds.ROWS) == []


def test_what_its_owner_takes_away_is_gone_before_the_index_hears_of_it(world: World) -> None:
    assert "Lịch cắt điện khu 1" in titles(search("cat dien khu 1"))
    Notice.objects.filter(title="Lịch cắt điện khu 1").update(live=False)
    assert "Lịch cắt điện khu 1" not in titles(search("cat dien khu 1"))
    assert "Lịch cắt điện khu 1" not in [hit.title for hit in searching.suggest("cat dien khu 1", NOBODY, now=NOW)]
    Article.objects.filter(title="Cấp thẻ căn cước").update(expire_at=NOW - timedelta(minutes=1))
    assert "Cấp thẻ căn cước" not in titles(search("can cuoc"))
    Hotline.objects.filter(key="cong-an").update(active=False)
    assert "Công an" not in titles(search("113"))
    Source.objects.filter(pk=world.shops.pk).update(ended_at=NOW)
    assert {"Nhà thuốc trực", "Nhà thuốc Bình An"} & set(titles(search("nha thuoc"))) == set()


def test_rows_nobody_may_find_do_not_stand_before_those_that_are_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "_EACH", 5)
    hidden = connected.mapped(connected.source(world.department, title="Hồ sơ"), mapping())
    told = [shop(number, f"Nhà thuốc Bình An {number}", world.home) for number in range(20, 40)]
    connected.published(hidden, connected.table(told, SHOPS), now=NOW)
    Source.objects.filter(pk=hidden.pk).update(publication={"shape": "lookup", "lookup": "ma"})
    assert titles(search("nha thuoc binh an"), kinds.ROWS) == ["Nhà thuốc Bình An"]
    Source.objects.filter(pk=hidden.pk).update(ended_at=NOW)
    assert words.forget_ended() == 20
    assert titles(search("nha thuoc binh an"), kinds.ROWS) == ["Nhà thuốc Bình An"]


def test_only_one_kind_is_answered_where_one_is_asked_for(world: World) -> None:
    answer = search("nha thuoc", only=kinds.ROWS)
    assert {group.key for group in answer.groups} == {kinds.ROWS}
    assert {group.key for group in search("nam sach", only=Kind.PLACE).groups} == {Kind.PLACE}


def test_how_many_there_are_is_told_only_where_it_is_known(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ranking, "COUNTED", 2)
    groups = [group for group in search("xa").groups if group.key != kinds.ROWS]
    assert {group.count for group in groups} <= {0, 3}
    unknown = [group for group in groups if not group.count]  # which three the database meets first is its own affair
    assert unknown
    assert all(group.more for group in unknown)


def test_suggestions_become_what_is_typed_in_four_statements(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        found = searching.suggest("nha thuoc b", reader(world.home), now=NOW)
    assert len(queries) <= 4
    assert found[0].title == "Nhà thuốc Bình An"
    assert "Cấp thẻ căn cước" in [hit.title for hit in searching.suggest("căn cư", NOBODY, now=NOW)]
    assert searching.suggest("n", NOBODY, now=NOW) == []


def test_a_search_that_finds_is_seven_statements(world: World) -> None:
    with CaptureQueriesContext(connection) as queries:
        search("lich cat dien khu 1", reader(world.home))
    assert len(queries) <= 8


def test_a_word_in_very_many_rows_is_answered_from_samples(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = set(titles(search("thuoc"), kinds.ROWS))
    monkeypatch.setattr(rows, "FREQUENT", 0)
    assert rows.in_many_rows([3], 5)
    assert not rows.in_many_rows([10, 10], 1_000_000)
    sampled = search("thuoc", reader(world.home))
    assert set(titles(sampled, kinds.ROWS)) == whole
    assert titles(sampled, kinds.ROWS)[0] == "Nhà thuốc Bình An"
    assert next(group for group in sampled.groups if group.key == kinds.ROWS).count == 0


def test_pages_enter_and_leave_the_index_with_the_announcements(world: World) -> None:
    slug = world.page(PageKind.NEWS, "Khánh thành cầu Quang Thanh")
    assert "Khánh thành cầu Quang Thanh" not in titles(search("cau quang thanh"))
    events.deliver_owed()
    assert "Khánh thành cầu Quang Thanh" in titles(search("cau quang thanh"))
    Article.objects.get(slug=slug).unpublish()
    events.deliver_owed()
    assert not Entry.objects.filter(key=slug).exists()


def test_the_directory_is_watched_by_the_version_of_the_content(world: World) -> None:
    assert keeping.watch_content(now=NOW)
    assert not keeping.watch_content(now=NOW)
    Hotline.objects.filter(key="dien").update(name="Điện lực")
    assert keeping.watch_content(now=NOW)
    assert titles(search("dien luc"))[0] == "Điện lực"


def test_nothing_is_lost_stale_or_spare_and_what_is_gets_told_and_mended(world: World) -> None:
    assert not any(keeping.compare(now=NOW).values())
    place = Entry.objects.filter(kind=Kind.PLACE).order_by("id")[0]
    place.delete()
    Entry.objects.filter(kind=Kind.SCREEN, key="/danh-ba/").update(digest=b"x")
    Entry.objects.filter(kind=Kind.CATEGORY).delete()
    ghost = Entry.objects.filter(kind=Kind.PROCEDURE).order_by("id")[0]
    ghost.pk, ghost.key = None, "khong-con"
    ghost.save(force_insert=True)
    told = keeping.compare(now=NOW)
    assert (told["places"].missing, told["screens"].stale, told["pages"].spare) == (1, 1, 1)
    assert keeping.rebuild(now=NOW) == told
    assert not any(keeping.compare(now=NOW).values())
    assert not Difference(kept=3)


def test_the_vocabulary_is_that_of_entries_and_rows(world: World) -> None:
    shops = {term.word: (term.entries, term.rows) for term in Term.objects.filter(word__in=["quay", "cuoc"])}
    assert shops["quay"][1] == 2
    assert shops["cuoc"][0] >= 1
    assert TermKey.objects.filter(term_id="quay", key="qua").exists()
    changed = [shop(1, "Nhà thuốc Bình An", world.home), shop(2, "Hiệu Hoà Bình", world.other), shop(5, "Quầy thuốc Đường", world.other),
               shop(6, "Nhà thuốc Ánh", world.home)]  # fmt: skip
    connected.published(world.shops, connected.table(changed, SHOPS), now=NOW)
    events.deliver_owed()
    assert Term.objects.get(word="quay").rows == 1
    assert rows.terms()["quay"] == 1
    assert Term.objects.get(word="hieu").rows == 1


def test_a_popular_name_finds_from_the_next_refresh_on_and_no_more_when_it_ended(world: World) -> None:
    uid = names.add_name("bìa xanh lơ", "quyền sử dụng đất", actor=SYSTEM, now=NOW)
    keeping.refresh("pages", now=NOW)
    assert titles(search("bia xanh lo"))[0] == "Cấp Giấy chứng nhận quyền sử dụng đất lần đầu"
    assert search("bia xanh lo").instead == ""
    names.end_name(uid, actor=SYSTEM, now=NOW)
    keeping.refresh("pages", now=NOW)
    assert search("bia xanh lo").groups == () or search("bia xanh lo").instead
    with pytest.raises(NameUnknown):
        names.end_name(uid, actor=SYSTEM, now=NOW)


def test_popular_names_refuse_what_says_nothing_what_is_known_and_who_may_not(world: World) -> None:
    with pytest.raises(NameSaysNothing):
        names.add_name("?", "…", actor=SYSTEM, now=NOW)
    with pytest.raises(NameKnown):
        names.add_name("Sổ Đỏ", "quyền sử dụng đất", actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        names.add_name("giấy nhà", "quyền sử dụng đất", actor=ANONYMOUS, now=NOW)
    with pytest.raises(NotAllowed):
        kept_names.names_for(ANONYMOUS)
    told = {view.said: view.hits for view in kept_names.names_for(SYSTEM)}
    assert told["sổ đỏ"] == 1
    assert PopularName.objects.filter(ended_at=None).count() == len(kept_names.names_for(SYSTEM))


def test_a_survey_is_found_while_it_asks(world: World) -> None:
    new = surveys.NewSurvey(
        agency_id=world.office, title="Giờ mở sân chơi phường", intro="Để xếp lịch.", unit_ids=[world.home.id],
        opens_at=NOW + timedelta(hours=1), closes_at=NOW + timedelta(days=5),
    )  # fmt: skip
    survey = surveys.draft_survey(new, actor=SYSTEM, now=NOW)
    surveys.add_question(survey.pk, surveys.NewQuestion(Form.WORDS, "Mấy giờ thì vừa?"), actor=SYSTEM, now=NOW)

    def found(at: datetime) -> list[str]:
        events.deliver_owed()
        return titles(searching.search("gio mo san choi phuong", NOBODY, now=at), Kind.SURVEY)

    during = NOW + timedelta(hours=2)
    assert found(during) == []
    surveys.open_survey(survey.pk, actor=SYSTEM, now=NOW)
    assert found(NOW) == []
    assert found(during) == [survey.title]
    assert found(NOW + timedelta(days=5)) == []
    assert keeping.compare(now=during)["pages"].stale == 0
    surveys.close_survey(survey.pk, actor=SYSTEM, now=during)
    assert found(during) == []
    assert not Entry.objects.filter(kind=Kind.SURVEY).exists()
