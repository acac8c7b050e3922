"""The picture guides: every role's is there, whole, with its pictures; nothing but what is written in them reaches the page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.urls import reverse

from smarthd.agencies.rules import Role
from smarthd.backoffice.tests import make
from smarthd.backoffice.views import guides as views
from smarthd.kernel import clock
from smarthd.ui import guides

HEAVIEST = 150 * 1024


@pytest.fixture
def world(db: None):
    clock.set_now(make.NOW)
    yield make.world()
    clock.set_now(None)


@pytest.mark.parametrize("slug", guides.ORDER)
def test_a_guide_is_there_with_pictures_light_enough_for_a_phone(slug: str) -> None:
    found = guides.guide(slug, "/hinh/{}".format)
    assert found is not None
    assert found.title
    assert found.lead
    names = re.findall(r'src="/hinh/([a-z0-9-]+)"', found.body)
    assert len(names) >= 2
    for name in names:
        place = guides.picture_file(name)
        assert place is not None, name
        assert place.stat().st_size <= HEAVIEST, name


def test_no_picture_lies_about_that_no_guide_shows() -> None:
    shown = {
        name
        for slug in guides.ORDER
        for name in re.findall(r"hinh/([a-z0-9-]+)\.png", (guides.folder() / f"{slug}.md").read_text(encoding="utf-8"))
    }
    assert shown == {place.stem for place in (guides.folder() / "hinh").glob("*.png")}


@pytest.mark.parametrize("role", sorted(views.OF_ROLE))
def test_the_guide_of_ones_own_role_comes_first(world, role: Role) -> None:
    client = make.signed_in(make.official(world.department, role))
    page = client.get(reverse("backoffice:guides")).content.decode()
    own, others = page.split("Các vai trò khác")
    assert reverse("backoffice:guide", kwargs={"slug": views.OF_ROLE[role]}) in own
    assert reverse("backoffice:guide", kwargs={"slug": "nguoi-dan"}) in others
    assert reverse("backoffice:guides") in client.get("/can-bo/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("slug", guides.ORDER)
def test_a_guide_is_read_without_signing_in_and_its_pictures_open(client, slug: str) -> None:
    page = client.get(f"/huong-dan/{slug}/").content.decode()
    address = re.findall(r'src="(/huong-dan/hinh/[a-z0-9-]+\.png)"', page)[0]
    answer = client.get(address)
    assert (answer.status_code, answer["content-type"]) == (200, "image/png")
    assert answer.getvalue().startswith(b"\x89PNG")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/huong-dan/khong-co/", "/huong-dan/hinh/khong-co.png", "/huong-dan/readme/"])
def test_what_is_not_there_is_not_found(client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_markup_in_a_guide_is_shown_as_the_text_it_is(settings, tmp_path: Path) -> None:
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs" / "huong-dan").mkdir(parents=True)
    (tmp_path / "docs" / "huong-dan" / "nguoi-dan.md").write_text(
        "# Tên\n\nCâu dẫn.\n\n1. **Bước** <script>x</script>\n   nối dòng\n2. [Mở](/tro-giup/) và [ngoài](https://x.example/)\n",
        encoding="utf-8",
    )
    found = guides.guide("nguoi-dan", "/hinh/{}".format)
    assert found is not None
    assert found.body == (
        "<ol><li><strong>Bước</strong> &lt;script&gt;x&lt;/script&gt; nối dòng</li>"
        '<li><a href="/tro-giup/">Mở</a> và ngoài</li></ol>'
    )
