"""Pictures and feeds of notices."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.test import Client

from smarthd.content.models import Notice
from smarthd.content.tests import make
from smarthd.kernel import clock

# Wagtail leaves the temporary file of a picture's size to the garbage collector; it is collected inside the test that made it
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> Iterator[make.World]:
    settings.MEDIA_ROOT = tmp_path / "files"
    yield make.world(tmp_path)
    gc.collect()


def illustrated(world: make.World) -> tuple[Notice, str]:
    """Publish a notice with a picture and return it with the address of the picture's small size."""
    slug = make.published(world.province, title="Có ảnh")
    Notice.objects.filter(slug=slug).update(image=make.picture(), image_alt="Nhà văn hóa thôn")
    notice = Notice.objects.get(slug=slug)
    from smarthd.content import selectors

    shown = selectors.notice(slug, now=clock.now())
    assert shown.picture is not None
    return notice, shown.picture.small_url


def test_a_picture_of_a_shown_notice_is_given_to_anyone_and_never_run(world: make.World) -> None:
    _, address = illustrated(world)
    answer = Client().get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"].startswith("public")


def test_a_picture_of_a_withdrawn_notice_is_gone(world: make.World) -> None:
    notice, address = illustrated(world)
    notice.unpublish()
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize("name", ["x.jpg", "..%2f..%2fetc%2fpasswd", "goc", "%00.jpg"])
def test_other_names_find_nothing(world: make.World, name: str) -> None:
    assert Client().get(f"/tep/noi-dung/anh/{name}").status_code == 404


def test_an_original_is_never_given_out(world: make.World) -> None:
    notice, _ = illustrated(world)
    assert notice.image is not None
    assert Client().get(f"/tep/{notice.image.file.name}").status_code == 404


def test_a_feed_tells_a_communes_notices_and_is_not_sent_twice(world: make.World) -> None:
    make.published(world.commune_a, world.units["c0"].id, title="Của xã A & <b>")
    make.published(world.commune_b, world.units["c1"].id, title="Của xã B")
    make.published(world.province, title="Chung")
    address = f"/thong-bao/nguon-tin/{world.units['c0'].uid}.atom"
    answer = Client().get(address)
    feed = ET.fromstring(answer.content)  # noqa: S314 - our own words
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert sorted(titles, key=str) == ["Chung", "Của xã A & <b>"]
    assert Client().get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    everyone = ET.fromstring(Client().get("/thong-bao/nguon-tin.atom").content)  # noqa: S314 - our own words
    assert [entry.findtext(f"{ATOM}title") for entry in everyone.iter(f"{ATOM}entry")] == ["Chung"]


def test_a_feed_of_no_unit_is_not_there(world: make.World) -> None:
    assert Client().get("/thong-bao/nguon-tin/00000000-0000-7000-8000-000000000000.atom").status_code == 404
