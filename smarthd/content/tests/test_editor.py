"""The editor over HTTP: who enters, what they find, and a notice's way from draft to citizens."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.content import selectors
from smarthd.content.models import Hotline, Notice, Picture
from smarthd.content.tests import make
from smarthd.kernel import clock
from tests.planting import planted_once

pytestmark = pytest.mark.django_db
ROOT = "/noi-dung-quan-tri/"
NOTICES = f"{ROOT}snippets/content/notice/"
HOTLINES = f"{ROOT}snippets/content/hotline/"


_world = planted_once(make.world)


@pytest.fixture
def world(_world: make.World, db: None) -> make.World:
    return copy.deepcopy(_world)


@pytest.fixture
def editor(world: make.World) -> Any:
    return make.officer(world.commune_a, Role.EDITOR, name="Nguyễn Thị Viết")


def signed_in(user: Any, *, second_factor: bool = True) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods_user"] = str(user.pk)
    session["account_authentication_methods"] = [{"method": "mfa"}] if second_factor else [{"method": "code"}]
    session.save()
    return client


def words(markup: str) -> str:
    """Return what the rich-text field of the editor sends for one paragraph."""
    blocks = [{"key": "a", "text": markup, "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}]
    return json.dumps({"blocks": blocks, "entityMap": {}})


def a_form(agency_id: int, *unit_ids: int, **changes: Any) -> dict[str, Any]:
    return {
        "agency": agency_id,
        "title": "Tiêm phòng dại",
        "summary": "Sáng thứ Bảy tại nhà văn hóa.",
        "body": words("Mang theo sổ theo dõi."),
        "image": "",
        "image_alt": "",
        "audience": "units" if unit_ids else "province",
        "units": list(unit_ids),
        "urgency": "normal",
        "language": "vi",
        "source": "",
        "go_live_at": "",
        "expire_at": "",
    } | changes


@pytest.mark.parametrize("kind", ["notice", "news"])
def test_who_writes_for_one_commune_begins_with_its_people(world: make.World, kind: str) -> None:
    address = f"{ROOT}snippets/content/{kind}/add/"
    form = signed_in(make.officer(world.commune_a, Role.EDITOR)).get(address).context["form"]
    assert (form["audience"].value(), form["units"].value()) == ("units", [world.units["c0"].id])
    assert signed_in(make.officer(world.province, Role.EDITOR)).get(address).context["form"]["units"].value() == []


def test_what_to_mend_stands_beside_the_words_and_nothing_that_finds_nothing(world: make.World, editor: Any) -> None:
    body = '<p><a href="/a">tại đây</a></p><p>MỜI TẤT CẢ BÀ CON ĐẾN HỌP ĐÚNG GIỜ.</p>'
    draft = make.draft(editor, world.commune_a, world.units["c0"].id, body=body)
    page = signed_in(editor).get(f"{NOTICES}edit/{draft.pk}/").content.decode()
    panel = page.split('data-side-panel="loi-van"', 1)[1].split("</section>")[0]
    assert (
        panel.index("Cần sửa mới trình được")
        < panel.index("tại đây")
        < panel.index("Nên sửa")
        < panel.index("viết hoa")
    )
    assert 'data-side-panel="checks"' not in page
    assert "Lưu bản nháp để xem" in signed_in(editor).get(f"{NOTICES}add/").content.decode()


# --- the gate --------------------------------------------------------------------------------------------------------
def test_a_stranger_is_sent_to_sign_in(world: make.World) -> None:
    answer = Client().get(NOTICES)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/?next=/noi-dung-quan-tri/")


@pytest.mark.parametrize("role", [None, Role.CLERK, Role.ADMINISTRATOR, Role.ALERT_AUTHOR])
def test_other_roles_do_not_enter(world: make.World, role: Role | None) -> None:
    user = make.officer(world.commune_a, *([role] if role else []))
    assert signed_in(user).get(ROOT).status_code == 403


def test_a_flag_on_the_account_opens_nothing(world: make.World) -> None:
    user = make.officer(world.commune_a)
    type(user).objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    assert signed_in(user).get(ROOT).status_code == 403


def test_an_editor_without_a_second_factor_is_told_what_to_do(editor: Any) -> None:
    answer = signed_in(editor, second_factor=False).get(ROOT)
    assert answer.status_code == 403
    assert "xác thực hai lớp" in answer.content.decode()


def test_a_role_taken_away_closes_the_door_at_once(world: make.World, editor: Any) -> None:
    from smarthd.agencies.models import RoleGrant

    client = signed_in(editor)
    assert client.get(ROOT).status_code == 200
    RoleGrant.objects.filter(account_id=editor.pk).update(valid_to=make.NOW + make.HOUR)
    assert client.get(ROOT).status_code == 403


@pytest.mark.parametrize(
    "address",
    [
        "pages/",
        "documents/",
        "users/",
        "groups/",
        "reports/site-history/",
        "workflows/list/",
        "collections/",
        "sites/",
        "account/",
        "api/main/images/",
        "login/",
        "password_reset/",
        "choose-page/",
        "snippets/",
        "bulk/content/notice/delete/",
        "snippets/choose/content/notice/",
        "styleguide/",
        "test404/",
        "failwhale/",
    ],
)
def test_what_this_product_does_not_use_of_wagtail_is_not_there(editor: Any, address: str) -> None:
    assert signed_in(editor).get(ROOT + address).status_code == 404


# --- what one finds --------------------------------------------------------------------------------------------------
def test_an_editor_lists_only_their_agencys_notices(world: make.World, editor: Any) -> None:
    make.published(world.commune_a, world.units["c0"].id, title="Của xã A")
    make.published(world.commune_b, world.units["c1"].id, title="Của xã B")
    page = signed_in(editor).get(NOTICES).content.decode()
    assert "Của xã A" in page
    assert "Của xã B" not in page


def every_address(model: type[Any], pk: int, **others: object) -> list[str]:
    """Return every address of a list's views that names an object, with that object in it."""
    viewset = model.snippet_viewset  # type: ignore[attr-defined]
    found = []
    for pattern in viewset.get_urlpatterns():
        names = set(pattern.pattern.regex.groupindex) if hasattr(pattern.pattern, "regex") else set()
        names |= set(getattr(pattern.pattern, "converters", {}))
        if "pk" in names:
            values = {"pk": pk, "revision_id": 1, "revision_id_a": "live", "revision_id_b": "latest"} | others
            found.append(reverse(viewset.get_url_name(pattern.name), kwargs={name: values[name] for name in names}))
    return found


def test_no_address_shows_another_agencys_notice(world: make.World) -> None:
    author = make.officer(world.commune_a, Role.EDITOR)
    notice = make.submitted(author, world.commune_a, world.units["c0"].id, title="Bí mật của xã A")
    step = notice.current_workflow_task_state
    others = {
        "revision_id": notice.latest_revision_id,
        "action_name": "approve",
        "task_state_id": step.pk,
        "task_id": step.task_id,
        "workflow_state_id": notice.current_workflow_state.pk,
    }
    stranger = signed_in(make.officer(world.commune_b, Role.EDITOR, Role.HEAD))
    addresses = every_address(Notice, notice.pk, **others)
    assert len(addresses) >= 18
    for address in addresses:
        for answer in (stranger.get(address), stranger.post(address, {"decision": "approve", "step": step.pk})):
            assert answer.status_code in {404, 405}, address
            assert "Bí mật" not in answer.content.decode()
    notice.refresh_from_db()
    assert not notice.live


def test_no_address_shows_another_agencys_directory_entry(world: make.World) -> None:
    entry = Hotline.objects.create(
        key="a", name="Số của xã A", category="authority", agency_id=world.commune_a, hours="x", verified_on=make.TODAY
    )
    stranger = signed_in(make.officer(world.commune_b, Role.EDITOR))
    addresses = every_address(Hotline, entry.pk)
    assert len(addresses) >= 3
    for address in addresses:
        assert stranger.get(address).status_code == 404, address


# --- from draft to citizens ------------------------------------------------------------------------------------------
def test_a_notice_goes_from_draft_over_another_person_to_citizens(world: make.World, editor: Any) -> None:
    home = world.units["c0"].id
    writing = signed_in(editor)
    answer = writing.post(f"{NOTICES}add/", a_form(world.commune_a, home, **{"action-submit": "1"}))
    assert answer.status_code == 302, answer.context["form"].errors
    notice = Notice.objects.get()
    assert notice.workflow_in_progress
    assert not notice.live
    review = f"{NOTICES}duyet/{notice.pk}/"
    assert "cần một người khác" in writing.get(review).content.decode()

    approving = signed_in(make.officer(world.commune_a, Role.HEAD))
    assert "Tiêm phòng dại" in approving.get(ROOT).content.decode()
    page = approving.get(review).content.decode()
    assert "Nguyễn Thị Viết" in page
    seen = approving.get(f"{NOTICES}history/{notice.pk}/revisions/{notice.latest_revision_id}/view/")
    assert "Mang theo sổ theo dõi." in seen.content.decode()
    assert "citizen/js" not in seen.content.decode()
    assert seen["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in seen["Content-Security-Policy"]
    step = notice.current_workflow_task_state.pk
    assert writing.post(review, {"decision": "approve", "step": step}).status_code == 302
    assert not Notice.objects.get().live
    assert approving.post(review, {"decision": "approve", "step": step}).status_code == 302
    assert [card.title for card in selectors.notices_for(home, clock.today())] == ["Tiêm phòng dại"]

    withdraw = f"{NOTICES}unpublish/{notice.pk}/"
    assert approving.get(withdraw).status_code == 200
    assert approving.post(withdraw).status_code == 302
    assert selectors.notices_for(home, clock.today()) == []


def test_nobody_publishes_by_asking_the_form_to(world: make.World, editor: Any) -> None:
    signed_in(editor).post(f"{NOTICES}add/", a_form(world.commune_a, world.units["c0"].id, **{"action-publish": "1"}))
    assert not Notice.objects.filter(live=True).exists()


def test_a_submitted_notice_cannot_be_edited_by_anyone(world: make.World, editor: Any) -> None:
    notice = make.submitted(editor, world.commune_a, world.units["c0"].id)
    for person in (editor, make.officer(world.commune_a, Role.EDITOR)):
        changed = a_form(world.commune_a, world.units["c0"].id, title="Đổi lời", **{"action-publish": "1"})
        signed_in(person).post(f"{NOTICES}edit/{notice.pk}/", changed)
    assert notice.revisions.count() == 1


def test_a_draft_may_be_incomplete_and_what_is_submitted_may_not(world: make.World, editor: Any) -> None:
    client = signed_in(editor)
    draft = a_form(world.commune_a, world.units["c0"].id, summary="")
    answer = client.post(f"{NOTICES}add/", draft)
    assert answer.status_code == 302, answer.context["form"].errors
    answer = client.post(f"{NOTICES}edit/{Notice.objects.get().pk}/", draft | {"units": [], "action-submit": "1"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) >= {"summary", "units"}
    assert not Notice.objects.get().workflow_in_progress


def test_the_form_offers_and_takes_only_what_is_within_reach(world: make.World, editor: Any) -> None:
    client = signed_in(editor)
    form = client.get(f"{NOTICES}add/").context["form"]
    assert [agency.pk for agency in form.fields["agency"].queryset] == [world.commune_a]
    elsewhere = client.post(f"{NOTICES}add/", a_form(world.commune_a, world.units["c1"].id))
    assert "units" in elsewhere.context["form"].errors
    everyone = client.post(f"{NOTICES}add/", a_form(world.commune_a))
    assert "audience" in everyone.context["form"].errors
    another = client.post(f"{NOTICES}add/", a_form(world.commune_b, world.units["c1"].id))
    assert "agency" in another.context["form"].errors
    assert not Notice.objects.exists()


def test_hostile_words_are_cleaned_on_their_way_in(world: make.World, editor: Any) -> None:
    link = {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}}
    blocks = [
        {
            "key": "a",
            "text": "<img src=x onerror=alert(1)> bấm",
            "type": "unstyled",
            "depth": 0,
            "inlineStyleRanges": [],
            "entityRanges": [{"offset": 0, "length": 4, "key": 0}],
        }
    ]
    form = a_form(
        world.commune_a,
        world.units["c0"].id,
        title="Cúp\u202e điện",
        body=json.dumps({"blocks": blocks, "entityMap": link}),
    )
    answer = signed_in(editor).post(f"{NOTICES}add/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    notice = Notice.objects.get()
    assert notice.title == "Cúp điện"
    assert "<img" not in notice.body
    assert "href" not in notice.body


# --- the directory and pictures --------------------------------------------------------------------------------------
def numbers(*dialled: str) -> dict[str, Any]:
    form: dict[str, Any] = {"numbers-TOTAL_FORMS": len(dialled), "numbers-INITIAL_FORMS": 0}
    form |= {"numbers-MIN_NUM_FORMS": 1, "numbers-MAX_NUM_FORMS": 6}
    for place, dial in enumerate(dialled):
        form |= {f"numbers-{place}-dial": dial, f"numbers-{place}-label": "", f"numbers-{place}-ORDER": place + 1}
        form |= {f"numbers-{place}-id": "", f"numbers-{place}-DELETE": ""}
    return form


def an_entry(agency_id: int, *dialled: str) -> dict[str, Any]:
    entry = {"agency": agency_id, "name": "UBND xã A", "category": "authority", "hours": "Giờ hành chính", "note": ""}
    return entry | {"unit": "", "verified_on": "01/04/2024", "active": "on"} | numbers(*dialled)


def test_an_editor_keeps_a_number_as_people_dial_it(world: make.World, editor: Any) -> None:
    answer = signed_in(editor).post(f"{HOTLINES}add/", an_entry(world.commune_a, "0912.345.678"))
    assert answer.status_code == 302, (answer.context["form"].errors, answer.context["form"].formsets["numbers"].errors)
    kept = Hotline.objects.get().numbers.get()
    assert (kept.dial, kept.shown) == ("+84912345678", "0912 345 678")


def test_a_number_nobody_can_dial_is_refused_in_vietnamese(world: make.World, editor: Any) -> None:
    answer = signed_in(editor).post(f"{HOTLINES}add/", an_entry(world.commune_a, "119"))
    assert answer.status_code == 200
    assert "không phải số gọi được" in answer.content.decode()
    assert not Hotline.objects.exists()


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("anh.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("anh.jpg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("anh.gif", make.picture_bytes("GIF")),
        ("anh.html", b"<script>alert(1)</script>"),
        ("anh.jpg", b"khong phai anh"),
    ],
)
def test_a_hostile_picture_is_refused(world: make.World, editor: Any, name: str, raw: bytes) -> None:
    sent = {"title": "Ảnh", "file": SimpleUploadedFile(name, raw), "tags": ""}
    answer = signed_in(editor).post(f"{ROOT}images/add/", sent)
    assert answer.status_code == 200
    assert not Picture.objects.exists()


def test_a_picture_is_kept_as_our_own_encoding_under_a_name_of_our_own(
    world: make.World, editor: Any, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sent = {
        "title": "Ảnh",
        "file": SimpleUploadedFile("../../Ảnh của tôi.JPG", make.picture_bytes(comment=b"bi mat")),
        "tags": "",
    }
    answer = signed_in(editor).post(f"{ROOT}images/add/", sent)
    assert answer.status_code == 302
    kept = Picture.objects.get()
    assert re.fullmatch(r"noi-dung/goc/[0-9a-f]{32}\.jpg", kept.file.name)
    with kept.open_file() as opened:
        assert b"bi mat" not in opened.read()


# --- the look --------------------------------------------------------------------------------------------------------
def test_what_the_editors_scripts_write_is_vietnamese(editor: Any) -> None:
    told = signed_in(editor).get(f"{ROOT}jsi18n/").content.decode()
    assert json.dumps("Thu gọn tất cả") in told
    assert json.dumps("Mục này còn trống.") in told


def test_the_editor_asks_nothing_of_other_sites(world: make.World, editor: Any) -> None:
    notice = make.draft(editor, world.commune_a, world.units["c0"].id)
    client = signed_in(editor)
    for address in (
        ROOT,
        NOTICES,
        f"{NOTICES}add/",
        f"{NOTICES}edit/{notice.pk}/",
        f"{HOTLINES}add/",
        f"{ROOT}images/",
    ):
        page = client.get(address).content.decode()
        loaded = re.findall(r'<(?:script|img|iframe|source)[^>]+src="([^"]+)"|<link[^>]+href="([^"]+)"', page)
        outside = [one for pair in loaded for one in pair if one.startswith(("http", "//"))]
        assert len(loaded) > 5
        assert outside == []
