"""The home page on a cheap phone: Chromium slowed four times on a slow 4G line (150 ms, 1.6 Mbit/s). Limit: a page of one word.

Interactive is when the document is parsed, its deferred modules have run and no task longer than 50 ms follows.
"""

from __future__ import annotations

import os
import shutil
import statistics
from typing import Any

from bench.figures import Figure, figure
from bench.web import home_cookie, serve

RUNS = 5
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}


def run() -> list[Figure]:
    """Measure a first visit with an empty cache, median of five."""
    from config.run import collect_static
    from config.seeding.world import use_world

    use_world(os.environ.get("BENCH_SCALE", "M"))
    collect_static(dict(os.environ))
    with serve("config.wsgi:application") as (port, _server):
        home = [_visit(f"http://127.0.0.1:{port}/", home_cookie()) for _each in range(RUNS)]
    with serve("bench.web:hello") as (port, _server):
        limit = [_visit(f"http://127.0.0.1:{port}/") for _each in range(RUNS)]
    interactive_s = statistics.median(one["interactive_s"] for one in home)
    wire_kb = statistics.median(one["wire_kb"] for one in home)
    return [
        figure(
            "citizen home, interactive on a cheap phone", interactive_s, "s", target="≤ 1.5 s", met=interactive_s <= 1.5,
            peer="a page of one word on the same phone", peer_value=statistics.median(one["interactive_s"] for one in limit),
        ),
        figure("citizen home with all it loads, on the wire", wire_kb, "kB", target="≤ 60 kB", met=wire_kb <= 60),
    ]  # fmt: skip


def _visit(url: str, cookie: str = "") -> dict[str, float]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        context = browser.new_context(viewport={"width": 360, "height": 740}, service_workers="block")
        if cookie:
            name, value = cookie.split("=")
            context.add_cookies([{"name": name, "value": value, "url": url}])
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_4G)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
        critical: list[float] = []
        devtools.on("Network.loadingFinished", lambda event: critical.append(_bytes(event)))
        page.add_init_script(
            "window.__long = []; new PerformanceObserver(list => list.getEntries().forEach(entry => window.__long.push("
            "entry.startTime + entry.duration))).observe({type: 'longtask', buffered: true});"
        )
        page.goto(url, wait_until="load")
        page.wait_for_timeout(1500)
        interactive_ms: float = page.evaluate(
            "() => Math.max(performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd, ...window.__long, 0)"
        )
        browser.close()
    return {"interactive_s": interactive_ms / 1000, "wire_kb": sum(critical) / 1000}


def _bytes(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])
