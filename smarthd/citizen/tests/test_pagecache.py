"""Kept pages: made once, bounded, the same to every thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from smarthd.citizen.pagecache import PageCache


def test_a_page_is_made_once():
    cache, made = PageCache(), []
    for _ in range(3):
        cache.get("a", lambda: made.append(1) or "<p>a</p>")
    assert made == [1]


@given(st.lists(st.integers(0, 9), max_size=60))
def test_the_cache_never_holds_more_than_its_capacity_and_answers_rightly(keys):
    cache = PageCache(capacity=4)
    for key in keys:
        assert cache.get(key, lambda key=key: f"<p>{key}</p>").plain == f"<p>{key}</p>".encode()
    assert len(cache._pages) <= 4


def test_the_same_words_have_the_same_etag_and_other_words_another():
    cache = PageCache()
    one, same, other = (cache.get(key, lambda w=w: w) for key, w in (("1", "a"), ("2", "a"), ("3", "b")))
    assert one.etag == same.etag != other.etag


def test_threads_agree():
    cache = PageCache()
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda n: cache.get(n % 3, lambda: f"page {n % 3}").plain, range(300)))
    assert found == {b"page 0", b"page 1", b"page 2"}
