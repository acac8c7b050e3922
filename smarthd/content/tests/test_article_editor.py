"""The editor of pages over HTTP: from draft over one or two other persons to citizens; files, translations, strangers."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from smarthd.agencies.rules import Role
from smarthd.content import rules, services
from smarthd.content.models import Article, Contact, Tile
from smarthd.content.models.articles import PROXIES, News, Procedure
from smarthd.content.rules import kinds
from smarthd.content.selectors import articles, files
from smarthd.content.services import sections
from smarthd.content.tests import make
from smarthd.content.tests.test_editor import ROOT, every_address, signed_in, words
from smarthd.kernel import actor as actors
from smarthd.kernel import clock
from smarthd.kernel.errors import NotAllowed
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
SNIPPETS = f"{ROOT}snippets/content/"
_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


@pytest.fixture
def editor(world: make.World) -> Any:
    return make.officer(world.commune_a, Role.EDITOR, name="Nguyễn Thị Viết")


def no_files() -> dict[str, Any]:
    return {
        f"{name}-{key}": value
        for name in ("files", "tables")
        for key, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0), ("MIN_NUM_FORMS", 0), ("MAX_NUM_FORMS", 6))
    }


def a_form(agency_id: int, *unit_ids: int, **changes: Any) -> dict[str, Any]:
    return no_files() | {
        "agency": agency_id, "title": "Sửa xong đường", "summary": "Đường đã thông.", "topic": "travel", "body": words("Xe đi được."),
        "image": "", "image_alt": "", "audience": "units" if unit_ids else "province", "units": list(unit_ids), "language": "vi",
        "source": "", "source_url": "", "go_live_at": "", "expire_at": "",
    } | changes  # fmt: skip


def one_file(raw: bytes, **changes: Any) -> dict[str, Any]:
    sent = {
        "files-TOTAL_FORMS": 1,
        "files-0-title": "Tệp",
        "files-0-transcript": "",
        "files-0-ORDER": 1,
        "files-0-id": "",
    }
    return no_files() | sent | {"files-0-upload": SimpleUploadedFile("x.bin", raw), "files-0-DELETE": ""} | changes


MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(3000)
PDF = make.pdf_bytes()
SRT = "1\n00:00:01,000 --> 00:00:03,500\nXin chào bà con.\n\n2\n00:00:04,000 --> 00:00:06,000\n<i>Hẹn gặp</i> lại."


def test_a_page_goes_from_draft_over_another_person_to_citizens(world: make.World, editor: Any) -> None:
    home = world.units["c0"].id
    writing = signed_in(editor)
    answer = writing.post(f"{SNIPPETS}news/add/", a_form(world.commune_a, home, **{"action-submit": "1"}))
    assert answer.status_code == 302, answer.context["form"].errors
    page = News.objects.get()
    assert (page.kind, page.live, page.workflow_in_progress) == (kinds.Kind.NEWS, False, True)
    head = signed_in(make.officer(world.commune_a, Role.HEAD))
    assert "Sửa xong đường" in head.get(ROOT).content.decode()
    review = f"{SNIPPETS}news/duyet/{page.pk}/"
    assert "Duyệt và đăng" in head.get(review).content.decode()
    seen = head.get(f"{SNIPPETS}news/history/{page.pk}/revisions/{page.latest_revision_id}/view/")
    assert "Xe đi được." in seen.content.decode()
    head.post(review, {"decision": "approve", "step": page.current_workflow_task_state.pk})
    found = articles.page(articles.Wanted(kinds.Kind.NEWS, unit_id=home), now=clock.now()).items
    assert [card.title for card in found] == ["Sửa xong đường"]


@pytest.mark.parametrize("kind", PROXIES)
def test_the_form_of_every_kind_opens_and_keeps_a_draft(world: make.World, editor: Any, kind: kinds.Kind) -> None:
    model = PROXIES[kind]
    client = signed_in(editor)
    address = f"{SNIPPETS}{model._meta.model_name}/"
    assert client.get(f"{address}add/").status_code == 200
    answer = client.post(f"{address}add/", a_form(world.commune_a, world.units["c0"].id))
    assert answer.status_code == 302, answer.context["form"].errors
    page = model.objects.get()
    assert page.kind == kind
    assert client.get(f"{address}edit/{page.pk}/").status_code == 200
    assert "Sửa xong đường" in client.get(address).content.decode()


@pytest.mark.parametrize("kind", PROXIES)
def test_no_address_shows_another_agencys_page(world: make.World, editor: Any, kind: kinds.Kind) -> None:
    page = make.article_draft(editor, world.commune_a, world.units["c0"].id, kind=kind, title="Bí mật của xã A")
    page.get_workflow().start(page, editor)
    step = page.current_workflow_task_state
    others = {
        "revision_id": page.latest_revision_id, "action_name": "approve", "task_state_id": step.pk, "task_id": step.task_id,
        "workflow_state_id": page.current_workflow_state.pk,
    }  # fmt: skip
    stranger = signed_in(make.officer(world.commune_b, Role.EDITOR, Role.HEAD))
    addresses = every_address(PROXIES[kind], page.pk, **others)
    assert len(addresses) >= 20
    for address in addresses:
        for answer in (stranger.get(address), stranger.post(address, {"decision": "approve", "step": step.pk})):
            assert answer.status_code in {404, 405}, address
            assert "Bí mật" not in answer.content.decode()
    assert not Article.objects.get(pk=page.pk).live


def two_steps(world: make.World) -> None:
    sections.keep_section(
        agency_id=world.commune_a, kind="news", promise_days=None, two_steps=True, owner_id=None, actor=make.SYSTEM, now=make.NOW
    )  # fmt: skip


def test_two_steps_need_a_reviewer_and_a_head_neither_of_them_the_author(world: make.World, editor: Any) -> None:
    two_steps(world)
    page = make.article_draft(editor, world.commune_a, world.units["c0"].id)
    page.get_workflow().start(page, editor)
    reviewer = make.officer(world.commune_a, Role.EDITOR)
    head = make.officer(world.commune_a, Role.HEAD)
    with pytest.raises(rules.OwnNoticeApproval):
        make.decide(page, editor)
    make.decide(page, reviewer)
    page = Article.objects.get(pk=page.pk)
    assert not page.live
    with pytest.raises(rules.OwnNoticeApproval):
        make.decide(page, reviewer)
    with pytest.raises(NotAllowed):
        make.decide(page, make.officer(world.commune_a, Role.EDITOR))
    make.decide(page, head)
    assert Article.objects.get(pk=page.pk).live


def test_who_reviewed_does_not_publish_even_as_a_head(world: make.World, editor: Any) -> None:
    two_steps(world)
    page = make.article_draft(editor, world.commune_a, world.units["c0"].id)
    page.get_workflow().start(page, editor)
    head = make.officer(world.commune_a, Role.HEAD)
    make.decide(page, head)
    with pytest.raises(rules.OwnNoticeApproval):
        make.decide(Article.objects.get(pk=page.pk), head)


def test_what_the_second_step_sends_back_begins_again_with_its_reason(world: make.World, editor: Any) -> None:
    two_steps(world)
    page = make.article_draft(editor, world.commune_a, world.units["c0"].id)
    page.get_workflow().start(page, editor)
    make.decide(page, make.officer(world.commune_a, Role.EDITOR))
    make.decide(Article.objects.get(pk=page.pk), make.officer(world.commune_a, Role.HEAD), "reject", "Thiếu ngày")
    page = Article.objects.get(pk=page.pk)
    assert page.get_lock() is None
    assert page.current_workflow_state.current_task_state.comment == "Thiếu ngày"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"body": words("Xem tại đây.") .replace('"entityRanges": []', '"entityRanges": [{"offset": 4, "length": 7, "key": 0}]')
            .replace('"entityMap": {}', '"entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "https://a.vn/"}}}')}, "body"),
        ({"body": words("Mục nhỏ").replace("unstyled", "header-three")}, "body"),
        ({"title": ""}, "title"),
    ],
)  # fmt: skip
def test_what_keeps_some_readers_out_is_not_submitted_but_may_stay_a_draft(
    world: make.World, editor: Any, change: dict[str, Any], field: str
) -> None:
    client = signed_in(editor)
    form = a_form(world.commune_a, world.units["c0"].id, **change)
    answer = client.post(f"{SNIPPETS}news/add/", form | {"action-submit": "1"})
    assert answer.status_code == 200
    assert field in answer.context["form"].errors
    if field != "title":
        assert client.post(f"{SNIPPETS}news/add/", form).status_code == 302


def test_a_video_needs_its_words_and_a_file_is_what_its_bytes_say(
    world: make.World, editor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    client, home = signed_in(editor), world.units["c0"].id
    words_alone = {"files-0-transcript": "Lời"}
    for raw, more in (
        (MP4, {}),
        (MP4, words_alone),
        (b"<html>", {}),
        (b"MZ" + bytes(40), words_alone),
        (b"%PDF-1.7 hong", {}),
    ):
        answer = client.post(f"{SNIPPETS}guide/add/", a_form(world.commune_a, home, **one_file(raw, **more)))
        assert answer.status_code == 200, raw[:8]
    assert not Article.objects.exists()
    captions = {"files-0-captions_upload": SimpleUploadedFile("p.srt", SRT.encode())}
    sent = a_form(world.commune_a, home, steps="Bước một", **one_file(MP4, **captions))
    answer = client.post(f"{SNIPPETS}guide/add/", sent)
    assert answer.status_code == 302, answer.context["form"].formsets["files"].errors
    page = Article.objects.get()
    file = page.files.get()
    assert (file.form, file.size) == (kinds.FileForm.VIDEO, len(MP4))
    assert file.transcript == "Xin chào bà con.\nHẹn gặp lại."
    with pytest.raises(files.FileUnknown):
        files.captions_of(page.uid, file.sha256[:16], actors.ANONYMOUS, now=clock.now())
    name = f"{file.sha256[:16]}.mp4"
    with pytest.raises(files.FileUnknown):
        files.file_of(page.uid, name, actors.ANONYMOUS, now=clock.now())
    stranger = make.officer(world.commune_b, Role.EDITOR).content_actor
    with pytest.raises(files.FileUnknown):
        files.file_of(page.uid, name, stranger, now=clock.now())
    page.save_revision(user=editor, clean=False).publish(skip_permission_checks=True)
    assert files.file_of(page.uid, name, actors.ANONYMOUS, now=clock.now()).path.read_bytes() == MP4
    told, public = files.captions_of(page.uid, file.sha256[:16], actors.ANONYMOUS, now=clock.now())
    assert told.startswith("WEBVTT\n\n00:00:01.000 --> 00:00:03.500\nXin chào bà con.")
    assert public


def a_table(**changes: Any) -> dict[str, Any]:
    sent = {"tables-TOTAL_FORMS": 1, "tables-0-caption": "Mức phí", "tables-0-cells": "Xe\tPhí\nXe máy\t2.000", "tables-0-row_heads": "on"}  # fmt: skip
    return sent | {"tables-0-id": "", "tables-0-ORDER": 1, "tables-0-DELETE": ""} | changes


def test_a_table_that_cannot_be_followed_stays_a_draft_and_a_whole_one_is_shown(world: make.World, editor: Any) -> None:
    client, home = signed_in(editor), world.units["c0"].id
    broken = a_form(world.commune_a, home, **a_table(**{"tables-0-cells": "Xe\t\nXe máy\t2.000"}))
    answer = client.post(f"{SNIPPETS}news/add/", broken | {"action-submit": "1"})
    assert "chưa có tên" in answer.content.decode()
    assert client.post(f"{SNIPPETS}news/add/", broken).status_code == 302, "a draft may be broken"
    draft = News.objects.get()
    draft.get_workflow().start(draft, editor)
    head = make.officer(world.commune_a, Role.HEAD)
    review = signed_in(head).get(f"{SNIPPETS}news/duyet/{draft.pk}/").content.decode()
    assert "chưa có tên" in review
    with pytest.raises(rules.NoticeIncomplete):
        make.decide(draft, head)
    sent = a_form(world.commune_a, home, title="Phí gửi xe", **a_table(), **{"action-submit": "1"})
    answer = client.post(f"{SNIPPETS}news/add/", sent)
    assert answer.status_code == 302, answer.context["form"].formsets["tables"].errors
    page = News.objects.exclude(pk=draft.pk).get()
    make.decide(page, head, now=clock.now())
    shown = articles.article(kinds.Kind.NEWS, page.slug, now=clock.now())
    assert [(one.caption, one.heads, one.rows) for one in shown.tables] == [
        ("Mức phí", ("Xe", "Phí"), (("Xe máy", "2.000"),))
    ]
    assert articles.page(articles.Wanted(kinds.Kind.NEWS, unit_id=home, words="muc phi"), now=clock.now()).items


def test_a_scan_is_told_to_the_approver_and_to_readers(
    world: make.World, editor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sent = a_form(world.commune_a, world.units["c0"].id, **one_file(PDF), **{"action-submit": "1"})
    assert signed_in(editor).post(f"{SNIPPETS}news/add/", sent).status_code == 302
    page = News.objects.get()
    head = make.officer(world.commune_a, Role.HEAD)
    assert "PDF là bản chụp" in signed_in(head).get(f"{SNIPPETS}news/duyet/{page.pk}/").content.decode()
    make.decide(page, head, now=clock.now())
    file = articles.article(kinds.Kind.NEWS, page.slug, now=clock.now()).files[0]
    assert (file.pages, file.has_words) == (1, False)


def test_a_pdf_put_on_a_page_that_is_read_comes_with_its_approval(
    world: make.World, editor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    slug = make.article(world.commune_a, world.units["c0"].id)
    page = News.objects.get(slug=slug)
    sent = a_form(world.commune_a, world.units["c0"].id, **one_file(PDF), **{"action-submit": "1"})
    answer = signed_in(editor).post(f"{SNIPPETS}news/edit/{page.pk}/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    assert articles.article(kinds.Kind.NEWS, slug, now=clock.now()).files == ()
    make.decide(News.objects.get(slug=slug), make.officer(world.commune_a, Role.HEAD), now=clock.now())
    assert [file.form for file in articles.article(kinds.Kind.NEWS, slug, now=clock.now()).files] == ["pdf"]


def test_a_translation_stands_beside_its_original_and_is_approved_by_itself(world: make.World, editor: Any) -> None:
    slug = make.article(
        world.commune_a, world.units["c0"].id, kind=kinds.Kind.PROCEDURE, title="Khai sinh", **make.PROCEDURE_FACTS
    )
    original = Procedure.objects.get(slug=slug)
    client = signed_in(editor)
    answer = client.post(f"{SNIPPETS}procedure/dich/{original.pk}/")
    translation = Procedure.objects.get(original=original)
    assert answer["Location"] == f"{SNIPPETS}procedure/edit/{translation.pk}/"
    page = client.get(answer["Location"]).content.decode()
    assert "Bản gốc" in page
    assert "Giấy chứng sinh" in page
    sent = a_form(
        world.commune_a, world.units["c0"].id, title="Birth", summary="Registering.", body=words(""), language="vi",
        steps="Send the papers\n- Wait", papers="", fee="", duration="", place="Desk", service_level="office", link="", legal_ground="",
        **{"action-submit": "1"},
    )  # fmt: skip
    answer = client.post(f"{SNIPPETS}procedure/edit/{translation.pk}/", sent)
    assert answer.status_code == 302, answer.context["form"].errors
    make.decide(Procedure.objects.get(pk=translation.pk), make.officer(world.commune_a, Role.HEAD), now=clock.now())
    shown = articles.article(kinds.Kind.PROCEDURE, slug, now=clock.now())
    assert [(link.title, link.language) for link in shown.other_languages] == [("Birth", "en")]
    translated = Procedure.objects.get(pk=translation.pk)
    assert kinds.lines(translated.steps) == ("Send the papers", "Wait")


def test_an_owner_says_that_a_page_is_still_right(world: make.World, editor: Any) -> None:
    page = News.objects.get(slug=make.article(world.commune_a, world.units["c0"].id))
    assert signed_in(editor).post(f"{SNIPPETS}news/con-dung/{page.pk}/").status_code == 302
    page.refresh_from_db()
    assert page.checked_on == clock.today()
    stranger = make.officer(world.commune_b, Role.EDITOR)
    with pytest.raises(NotAllowed):
        services.confirm_checked(article_id=page.pk, actor=stranger.content_actor, now=make.NOW, day=make.TODAY)


# --- tiles and people ------------------------------------------------------------------------------------------------
def a_tile(agency_id: int, unit_id: int | str, **changes: Any) -> dict[str, Any]:
    tile = {
        "agency": agency_id,
        "unit": unit_id,
        "topic": "general",
        "title": "Lịch họp",
        "title_en": "",
        "icon": "calendar",
    }
    return tile | {"target": "/su-kien/", "position": 5, "active": "on"} | changes


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "http://a.vn/",
        "//evil.example/",
        "/can-bo/",
        "https://u@a.vn/",
        "su-kien",
        "/\\evil.example",
        "https://a b/",
    ],
)
def test_a_tile_leads_nowhere_else(world: make.World, editor: Any, target: str) -> None:
    sent = a_tile(world.commune_a, world.units["c0"].id, target=target)
    answer = signed_in(editor).post(f"{SNIPPETS}tile/add/", sent)
    assert answer.status_code == 200
    assert "target" in answer.context["form"].errors


def test_an_agency_lays_tiles_for_its_own_territory_only(world: make.World, editor: Any) -> None:
    client = signed_in(editor)
    assert "unit" in client.post(f"{SNIPPETS}tile/add/", a_tile(world.commune_a, "")).context["form"].errors
    assert (
        "unit"
        in client.post(f"{SNIPPETS}tile/add/", a_tile(world.commune_a, world.units["c1"].id)).context["form"].errors
    )
    assert client.post(f"{SNIPPETS}tile/add/", a_tile(world.commune_a, world.units["c0"].id)).status_code == 302
    assert Tile.objects.get().title == "Lịch họp"


def test_a_person_to_ask_can_be_reached(world: make.World, editor: Any) -> None:
    person = {
        "agency": world.commune_a, "full_name": "Trần Văn A", "position": "Chủ tịch", "work": "", "dial": "", "email": "",
        "reception": "", "room": "", "rank": 1, "verified_on": "01/04/2024", "active": "on",
    }  # fmt: skip
    client = signed_in(editor)
    assert client.post(f"{SNIPPETS}contact/add/", person).status_code == 200
    answer = client.post(f"{SNIPPETS}contact/add/", person | {"dial": "0912345678"})
    assert answer.status_code == 302, answer.context["form"].errors
    assert Contact.objects.get().shown == "0912 345 678"
    stranger = signed_in(make.officer(world.commune_b, Role.EDITOR))
    for address in every_address(Contact, Contact.objects.get().pk):
        assert stranger.get(address).status_code == 404


def test_versions_are_compared_and_an_earlier_one_comes_back_as_a_draft(world: make.World, editor: Any) -> None:
    home = world.units["c0"].id
    page = News.objects.get(slug=make.article(world.commune_a, home, title="Lịch họp", body="<p>Thứ Ba.</p>"))
    first = page.live_revision_id
    client = signed_in(editor)
    address = f"{SNIPPETS}news/edit/{page.pk}/"
    changed = a_form(world.commune_a, home, title="Lịch họp", body=words("Thứ Năm."))
    assert client.post(address, changed).status_code == 302
    second = News.objects.get(pk=page.pk).latest_revision_id
    history = client.get(f"{SNIPPETS}news/history/{page.pk}/").content.decode()
    compare = f"{SNIPPETS}news/history/{page.pk}/revisions/compare/{first}...{second}/"
    assert compare in history or "revisions/compare" in history
    seen = client.get(compare)
    assert seen.status_code == 200
    told = seen.content.decode()
    assert 'class="deletion">Ba.</span>' in told
    assert 'class="addition">Năm.</span>' in told
    back = f"{SNIPPETS}news/history/{page.pk}/revisions/{first}/revert/"
    assert r"Th\u1ee9 Ba." in client.get(back).content.decode(), "the form holds the words of the earlier version"
    again = a_form(world.commune_a, home, title="Lịch họp", body=words("Thứ Ba."), revision=first)
    assert client.post(address, again).status_code == 302
    draft = News.objects.get(pk=page.pk).get_latest_revision_as_object()
    assert "Thứ Ba." in draft.body
    assert News.objects.get(pk=page.pk).live_revision_id == first, "nothing changes for readers before another approves"
    stranger = signed_in(make.officer(world.commune_b, Role.EDITOR))
    assert stranger.get(compare).status_code == stranger.get(back).status_code == 404


def test_a_page_is_shown_from_its_minute_and_gone_at_its_end(world: make.World, editor: Any) -> None:
    now, home = clock.now(), world.units["c0"].id
    begins, ends = now + make.HOUR, now + 2 * make.HOUR
    page = make.article_draft(editor, world.commune_a, home, go_live_at=begins, expire_at=ends)
    page.get_workflow().start(page, editor)
    make.decide(page, make.officer(world.commune_a, Role.HEAD), now=now)

    def read(at: datetime) -> int:
        services.publish_due(now=at)
        return len(articles.page(articles.Wanted(kinds.Kind.NEWS, unit_id=home), now=at).items)

    assert read(begins - timedelta(minutes=1)) == 0
    # Wagtail compares with the machine's clock, so the hour is let come by moving the hour, not the clock
    revision = News.objects.get(pk=page.pk).revisions.get()
    revision.content["go_live_at"] = (now - make.HOUR).isoformat()
    revision.approved_go_live_at = now - make.HOUR
    revision.save()
    assert read(now + timedelta(minutes=1)) == 1
    assert read(ends) == 0
    assert articles.article(kinds.Kind.NEWS, page.slug, now=ends).standing == rules.Standing.EXPIRED
