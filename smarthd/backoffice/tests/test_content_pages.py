"""The content desk: the board, promises, feeds and surveys, as officials meet them; its doors and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Role
from smarthd.backoffice import feeds, waiting
from smarthd.backoffice.handlers import on_dataset_published
from smarthd.backoffice.tests import make
from smarthd.connectors.adapters.documents import FEED_COLUMNS
from smarthd.connectors.adapters.sitemaps import Sitemap
from smarthd.connectors.adapters.web import Answer
from smarthd.connectors.events import DatasetPublished
from smarthd.connectors.models import Source
from smarthd.connectors.ports import NotThere, Table
from smarthd.connectors.rules.checking import Line
from smarthd.connectors.rules.fields import Field, Kind, key_of_label
from smarthd.connectors.rules.mapping import Mapping, suggest
from smarthd.connectors.rules.sources import SourceKind
from smarthd.connectors.services import publishing, pulling, reading
from smarthd.connectors.services import sources as source_services
from smarthd.content import services
from smarthd.content.models import Article, Section, Survey
from smarthd.content.rules import kinds
from smarthd.content.rules import surveys as survey_rules
from smarthd.content.rules.feeds import Policy
from smarthd.content.services import surveys
from smarthd.kernel import clock

pytestmark = pytest.mark.django_db


def uid_of(agency_id: int) -> str:
    return str(agencies.agency_view(agency_id, make.TODAY).uid)


def procedure(agency_id: int, title: str = "Khai sinh") -> str:
    facts = {"steps": "Nộp", "place": "Một cửa", "service_level": "office"}
    view = agencies.agency_view(agency_id, make.TODAY)
    new = services.NewArticle(
        kind=kinds.Kind.PROCEDURE, title=title, summary="Một câu.", agency_id=agency_id, facts=facts,
        unit_ids=[view.place_id] if view.place_id else [],
    )  # fmt: skip
    return services.publish_article(new, actor=make.SYSTEM, now=make.NOW - timedelta(days=90))


@pytest.mark.parametrize("role", [*Role])
def test_doors_open_to_the_roles_that_keep_content(desk: make.Desk, role: Role) -> None:
    client = make.signed_in(make.official(desk.at, role))
    contents = {Role.EDITOR, Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR, Role.AUDITOR}
    asking = contents - {Role.ADMINISTRATOR}
    here = uid_of(desk.at)
    for address, roles in (
        (reverse("backoffice:contents"), contents),
        (reverse("backoffice:content_section", args=[here, "news"]), contents),
        (reverse("backoffice:content_feed", args=[here]), {Role.HEAD, Role.DELEGATE, Role.ADMINISTRATOR}),
        (reverse("backoffice:surveys"), asking),
        (reverse("backoffice:survey_new"), {Role.EDITOR}),
    ):
        assert client.get(address).status_code == (200 if role in roles else 404), address


@pytest.mark.parametrize(("role", "offered"), [(Role.EDITOR, False), (Role.HEAD, True)])
def test_taking_news_from_a_feed_is_offered_to_who_may(desk: make.Desk, role: Role, *, offered: bool) -> None:
    page = make.signed_in(make.official(desk.at, role)).get(reverse("backoffice:contents")).content.decode()
    assert reverse("backoffice:content_section", args=[uid_of(desk.at), "news"]) in page
    assert (reverse("backoffice:content_feed", args=[uid_of(desk.at)]) in page) is offered


def test_an_overdue_section_is_on_the_board_and_among_what_waits_until_it_is_looked_at(desk: make.Desk) -> None:
    slug = procedure(desk.at)
    head = make.signed_in(account := make.official(desk.at, Role.HEAD))
    section = reverse("backoffice:content_section", args=[uid_of(desk.at), "procedure"])
    assert head.post(section, {"promise_days": "0"}).status_code == 422
    assert head.post(section, {"promise_days": "30", "owner": str(account)}).status_code == 302
    assert Section.objects.get().owner_id == account
    assert "Quá hẹn" in head.get(reverse("backoffice:contents") + "?loc=qua-hen").content.decode()
    actor = agencies.actor_for(account, make.NOW, second_factor=True)
    views = agencies.agency_views([desk.at], make.TODAY)
    assert any("quá hẹn" in one.title for one in waiting.waiting_for(actor, make.NOW, views))
    article_id = services.article_id(slug)
    address = reverse("backoffice:content_checked", args=[uid_of(desk.at), "procedure"])
    assert head.post(address, {"bai": [str(article_id), "999999", "x"]}).status_code == 302
    assert Article.objects.get(pk=article_id).checked_on == clock.today()
    assert not any("quá hẹn" in one.title for one in waiting.waiting_for(actor, make.NOW, views))


def test_another_agencys_section_is_not_found(desk: make.Desk) -> None:
    stranger = make.signed_in(make.official(desk.world.commune_b, Role.HEAD, Role.EDITOR))
    assert desk.world.commune_b != desk.at
    here = uid_of(desk.world.commune_a)
    procedure(desk.world.commune_a)
    for address in (
        reverse("backoffice:content_section", args=[here, "procedure"]),
        reverse("backoffice:content_feed", args=[here]),
        reverse("backoffice:content_section", args=[uuid4(), "procedure"]),
        reverse("backoffice:content_section", args=[uid_of(desk.world.commune_b), "recipes"]),
    ):
        assert stranger.get(address).status_code == 404, address
    assert (
        stranger.post(reverse("backoffice:content_checked", args=[here, "procedure"]), {"bai": "1"}).status_code == 404
    )


def test_the_board_costs_the_same_for_three_times_the_pages(desk: make.Desk) -> None:
    client = make.signed_in(make.official(desk.at, Role.HEAD))

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse("backoffice:contents")).status_code == 200
        return len(asked)

    procedure(desk.at, "Một")
    first = cost()
    for number in range(6):
        procedure(desk.at, f"Thêm {number}")
    assert cost() <= first


# --- feeds -----------------------------------------------------------------------------------------------------------
def a_feed(agency_id: int, *rows: tuple[str, ...]) -> str:
    """Publish a dataset of the shape the connectors read from a feed and return its key."""
    new = source_services.NewSource(title="Trang tin của Sở", agency_id=agency_id, kind=SourceKind.UPLOAD)
    source = source_services.make_source(new, actor=make.SYSTEM, now=make.NOW)
    fields = tuple(
        Field(key=key_of_label(head, frozenset()), label=head, header=head, kind=Kind.TEXT) for head in FEED_COLUMNS
    )
    source.mapping = Mapping(fields, key=(fields[0].key,)).as_json()
    source.save(update_fields=["mapping"])
    told(source, *rows)
    return str(source.key)


def told(source: Source, *rows: tuple[str, ...]) -> None:
    source.refresh_from_db()
    table = Table(FEED_COLUMNS, [Line(number, row) for number, row in enumerate(rows, start=1)])
    _run, version = reading.take_lines(source, table, actor=make.SYSTEM, now=make.NOW)
    assert version is not None
    publishing.publish(
        uid=source.uid, number=version.number, reason="Thử lấy tin của nguồn", actor=make.SYSTEM, now=make.NOW
    )


def row(key: str, title: str, hour: int) -> tuple[str, ...]:
    return (key, title, "Tóm tắt của tin.", f"https://so.gov.vn/{key}", f"2024-04-0{hour}T08:00+07:00")


def test_an_agencys_own_feed_becomes_its_news_and_follows_what_is_published(desk: make.Desk) -> None:
    key = a_feed(desk.world.province, row("a", "Tin một", 1), row("b", "Tin hai", 2), row("c", "Tin ba", 3))
    head = make.signed_in(make.official(desk.world.province, Role.HEAD))
    address = reverse("backoffice:content_feed", args=[uid_of(desk.world.province)])
    assert "Trang tin của Sở" in head.get(address).content.decode()
    assert head.post(address, {"dataset": "khong-co", "policy": "auto", "active": "on"}).status_code == 422
    assert head.post(address, {"dataset": key, "policy": Policy.AUTO, "active": "on"}).status_code == 302
    assert set(Article.objects.filter(live=True).values_list("title", flat=True)) == {"Tin một", "Tin hai", "Tin ba"}
    source = Source.objects.get(key=key)
    told(source, row("a", "Tin một", 1), row("b", "Tin hai, sửa", 2))
    on_dataset_published(DatasetPublished(source.uid, key, 2, 0, 1, 1, make.NOW))
    assert set(Article.objects.filter(live=True).values_list("title", flat=True)) == {"Tin một", "Tin hai, sửa"}
    told(source, row("a", "Tin một", 1), row("c", "Tin ba", 3))
    on_dataset_published(DatasetPublished(source.uid, key, 3, 1, 0, 1, make.NOW))
    assert set(Article.objects.filter(live=True).values_list("title", flat=True)) == {"Tin một", "Tin ba"}
    public_page = reverse("citizen:dataset", args=[key])
    assert public_page in head.get(address).content.decode()
    Source.objects.filter(key=key).update(ended_at=make.NOW)
    page = head.get(address).content.decode()
    assert public_page not in page, "a link that leads nowhere"
    assert "Dữ liệu đã thôi công bố" in page


class FakeWeb:
    """A website by its addresses, without a network."""

    def __init__(self, **pages: str) -> None:
        self.pages = {f"https://so.gov.vn/{path}": body for path, body in pages.items()}

    def slower(self, _seconds: float) -> None:
        return

    def get(self, url: str, **_more: Any) -> Answer:
        if url not in self.pages:
            raise NotThere("máy chủ trả lời 404")
        return Answer(self.pages[url].encode(), {"content-type": "text/html"}, url)


def test_news_of_a_website_without_a_feed_go_from_its_sitemap_over_a_draft_and_are_told_when_they_are_gone(
    desk: make.Desk,
) -> None:
    words = "Sáng nay đoàn kiểm tra đã có mặt tại các trạm bơm dọc tuyến đê để xem việc chuẩn bị trước mùa mưa bão."
    pages = {
        name: f"<title>{name}</title><article><h1>Tin {name}</h1><p>{words}</p><p>Trạm {name} đã bảo dưỡng xong, ba trạm còn chờ thay động cơ mới.</p></article>"
        for name in ("mot", "hai")
    }

    def site(*names: str) -> Sitemap:
        listed = "".join(f"<url><loc>https://so.gov.vn/{name}</loc><lastmod>2024-03-2{at}</lastmod></url>" for at, name in enumerate(names))  # fmt: skip
        web: Any = FakeWeb(**pages, **{"sitemap.xml": f"<urlset>{listed}</urlset>"})
        return Sitemap({"url": "https://so.gov.vn/"}, secret={}, web=web)

    new = source_services.NewSource(title="Trang của Sở", agency_id=desk.world.province, kind=SourceKind.SITEMAP)
    source = source_services.make_source(new, actor=make.SYSTEM, now=make.NOW)
    read = site("mot", "hai").read()
    source.mapping = suggest(read.columns, [line.cells for line in read.lines]).as_json()
    source.save(update_fields=["mapping"])
    first = pulling.pull(source, actor=make.SYSTEM, now=make.NOW, make=lambda _source: site("mot", "hai"))
    told = {"uid": source.uid, "reason": "Thử lấy tin của trang", "actor": make.SYSTEM, "now": make.NOW}
    publishing.publish(number=first.counts["version"], **told)
    head = make.signed_in(make.official(desk.world.province, Role.HEAD))
    address = reverse("backoffice:content_feed", args=[uid_of(desk.world.province)])
    assert head.post(address, {"dataset": source.key, "policy": Policy.DRAFT, "active": "on"}).status_code == 302
    drafts = {one.title: one for one in Article.objects.all()}
    assert set(drafts) == {"Tin mot", "Tin hai"}
    one = drafts["Tin mot"]
    assert (one.live, one.source, one.source_url) == (False, "Trang của Sở", "https://so.gov.vn/mot")
    assert one.body.startswith(f"<p>{words}</p><p>Trạm mot")
    source.refresh_from_db()
    again = pulling.pull(source, actor=make.SYSTEM, now=make.NOW, make=lambda _source: site("mot"))
    if again.state != "published":
        publishing.publish(number=again.counts["version"], **told)
    feeds.take(source.key, now=make.NOW)
    page = head.get(address).content.decode()
    assert "Nguồn đã gỡ: Trang của Sở" in page
    assert "Tin hai" in page.split("Nguồn đã gỡ", 1)[1]


def test_a_dataset_nobody_chose_becomes_no_news(desk: make.Desk) -> None:
    key = a_feed(desk.world.province, row("a", "Tin một", 1))
    assert feeds.take(key, now=make.NOW).added == 0
    assert feeds.take("khong-co", now=make.NOW).added == 0
    assert not Article.objects.exists()


# --- surveys ---------------------------------------------------------------------------------------------------------
def test_a_survey_goes_from_one_who_writes_over_another_who_opens_to_its_file(desk: make.Desk) -> None:
    writer = make.signed_in(make.official(desk.at, Role.EDITOR))
    sent = {
        "agency": str(desk.at), "title": "Giờ mở cửa", "intro": "Để xếp lịch.", "draft_text": "", "anonymous": "on",
        "closes_on": f"{clock.today() + timedelta(days=9):%Y-%m-%d}",
    }  # fmt: skip
    assert writer.post(reverse("backoffice:survey_new"), sent | {"closes_on": "2020-01-01"}).status_code == 422
    answer = writer.post(reverse("backoffice:survey_new"), sent)
    assert answer.status_code == 302
    survey = Survey.objects.get()
    page = reverse("backoffice:survey", args=[survey.uid])
    question = {"form": "one", "words": "Buổi nào?", "options": "Sáng\nChiều", "required": "on"}
    assert writer.post(page, question | {"options": "Một"}).status_code == 422
    assert writer.post(page, question).status_code == 302
    morning = survey.questions.get().options.get(words="Sáng").pk
    assert writer.post(page, question | {"words": "Mấy giờ sáng?", "after": str(morning)}).status_code == 302
    preview = f'data-survey-after="c1" data-survey-option="{morning}"'
    assert preview in writer.get(page).content.decode()
    opening = reverse("backoffice:survey_act", args=[survey.uid, "mo"])
    assert writer.post(opening).status_code == 403
    head = make.signed_in(make.official(desk.at, Role.HEAD))
    assert "mở lấy ý kiến" in head.get(page).content.decode()
    assert head.get(reverse("backoffice:survey_export", args=[survey.uid, "csv"])).status_code == 404
    assert head.post(opening).status_code == 302
    assert head.post(opening).status_code == 409
    survey.refresh_from_db()
    assert survey.state == survey_rules.State.OPEN
    assert preview not in head.get(page).content.decode()
    assert "Chưa" not in head.get(page).content.decode().split("Kết quả", 1)[1][:200]
    csv = head.get(reverse("backoffice:survey_export", args=[survey.uid, "csv"])).content.decode()
    assert "1. Buổi nào?" in csv
    assert head.get(reverse("backoffice:survey_export", args=[survey.uid, "xlsx"])).content[:2] == b"PK"
    assert head.post(reverse("backoffice:survey_act", args=[survey.uid, "dong"])).status_code == 302
    assert head.post(reverse("backoffice:survey_act", args=[survey.uid, "khac"])).status_code == 404


def test_another_agencys_survey_is_not_found(desk: make.Desk) -> None:
    new = surveys.NewSurvey(
        agency_id=desk.world.province,
        title="Bí mật",
        intro="x",
        opens_at=make.NOW,
        closes_at=make.NOW + timedelta(days=2),
    )
    survey = surveys.draft_survey(new, actor=make.SYSTEM, now=make.NOW)
    stranger = make.signed_in(make.official(desk.world.commune_b, Role.HEAD, Role.EDITOR))
    assert "Bí mật" not in stranger.get(reverse("backoffice:surveys")).content.decode()
    for name, more in (("survey", []), ("survey_export", ["csv"])):
        assert stranger.get(reverse(f"backoffice:{name}", args=[survey.uid, *more])).status_code == 404
    for what in ("mo", "dong", "bo-cau"):
        assert stranger.post(reverse("backoffice:survey_act", args=[survey.uid, what])).status_code == 404
