"""Manifest and service worker: what a browser needs to install the app and to open it without a network."""

from __future__ import annotations

import json
import re

import pytest
from django.contrib.staticfiles import finders

from smarthd.citizen import release
from smarthd.citizen.views import home, pwa

pytestmark = pytest.mark.django_db


@pytest.fixture
def manifest(client):
    return client.get("/manifest.webmanifest").json()


def test_the_manifest_makes_the_app_installable(manifest):
    assert manifest["display"] == "standalone"
    assert manifest["scope"] == "/"
    assert manifest["start_url"] == f"/?nguon={home.FROM_APP}"
    assert manifest["lang"] == "vi"
    kinds = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable")} <= kinds


def test_the_icons_of_the_manifest_are_the_size_they_claim(manifest):
    from PIL import Image

    for icon in manifest["icons"]:
        path = finders.find(icon["src"].removeprefix("/static/"))
        with Image.open(path) as picture:
            assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_the_shortcuts_lead_to_pages_that_are_there(manifest, client, words):
    for shortcut in manifest["shortcuts"]:
        assert client.get(shortcut["url"].split("#")[0]).status_code == 200


def facts(client) -> dict[str, object]:
    script = client.get("/sw.js").content.decode()
    return json.loads(re.match(r"self\.APP = (\{.*?\});\n", script).group(1))


def test_the_worker_reaches_every_page_and_is_always_asked_for_anew(client):
    answer = client.get("/sw.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Cache-Control"] == "no-cache"
    assert answer["Content-Type"].startswith("text/javascript")


def test_everything_the_worker_keeps_is_there(client):
    said = facts(client)
    for url in said["shell"]:
        if url.startswith("/static/"):
            assert finders.find(url.removeprefix("/static/")), url
        else:
            assert client.get(url).status_code == 200
    assert client.get(said["offlinePage"]).status_code == 200


def test_pages_of_accounts_officials_and_machines_are_never_kept(client):
    never = facts(client)["neverKept"]
    for place in ("/can-bo/x/", "/toi/tai-khoan/", "/dang-nhap/", "/api/v1/activity", "/noi-dung-quan-tri/"):
        assert any(place.startswith(prefix) for prefix in never), place


def test_the_offline_shell_holds_every_module_a_citizens_page_loads():
    shell = set(release.SHELL_MODULES)
    for name in release.SHELL_MODULES:
        folder = name.rsplit("/", 1)[0]
        for found in re.findall(
            r"""import(?:\(|[^'"]*?from )["'](\.[^"']+)["']|^import ["'](\.[^"']+)["']""", release.source(name), re.M
        ):
            target = found[0] or found[1]
            parts = folder.split("/")
            for step in target.split("/"):
                if step == "..":
                    parts.pop()
                elif step != ".":
                    parts.append(step)
            needed = "/".join(parts)
            assert needed in shell or folder == "ui/js", f"{name} needs {needed}"


def test_a_changed_file_of_the_shell_makes_a_new_build(monkeypatch, tmp_path):
    before = release.mark()
    changed = tmp_path / "worker.js"
    changed.write_text("// another worker")
    find = finders.find
    monkeypatch.setattr(finders, "find", lambda name: str(changed) if name.endswith("worker.js") else find(name))
    release.mark.cache_clear()
    try:
        assert release.mark() != before
    finally:
        release.mark.cache_clear()


def test_the_worker_carries_the_build(client):
    assert facts(client)["build"] == release.mark()
    assert pwa.NEVER_KEPT


@pytest.mark.parametrize("name", release.WORKER)
def test_the_service_worker_is_made_of_what_runs_without_a_page(name: str) -> None:
    """One script that asks for the document while it is loaded, and no phone installs the app or works offline."""
    assert not re.search(r"\bdocument\b|\blocalStorage\b", release.source(name).replace('"document"', ""))
