"""The memory for decoded things stays within its bounds."""

from threading import Thread

from credentials.verifier.cache import BoundedCache


def test_it_gives_back_what_was_put() -> None:
    cache: BoundedCache[str, int] = BoundedCache(max_entries=2, max_weight=100)
    cache.put("a", 1, weight=10)
    assert cache.get("a") == 1
    assert cache.get("b") is None


def test_the_oldest_goes_first() -> None:
    cache: BoundedCache[str, int] = BoundedCache(max_entries=2, max_weight=100)
    cache.put("a", 1, weight=1)
    cache.put("b", 2, weight=1)
    cache.put("c", 3, weight=1)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (None, 2, 3)


def test_what_is_put_again_is_the_youngest() -> None:
    cache: BoundedCache[str, int] = BoundedCache(max_entries=2, max_weight=100)
    for key in ("a", "b", "a", "c"):
        cache.put(key, 1, weight=1)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 1)


def test_weight_is_bounded_and_counted_once() -> None:
    cache: BoundedCache[str, int] = BoundedCache(max_entries=100, max_weight=25)
    for _ in range(5):
        cache.put("a", 1, weight=10)
    assert cache.weight == 10
    cache.put("b", 2, weight=10)
    cache.put("c", 3, weight=10)
    assert (len(cache), cache.weight, cache.get("a")) == (2, 20, None)


def test_what_is_too_heavy_is_not_kept() -> None:
    cache: BoundedCache[str, int] = BoundedCache(max_entries=100, max_weight=25)
    cache.put("a", 1, weight=26)
    assert (len(cache), cache.weight) == (0, 0)


def test_threads_may_share_it() -> None:
    cache: BoundedCache[int, int] = BoundedCache(max_entries=50, max_weight=500)

    def work(start: int) -> None:
        for number in range(start, start + 2000):
            cache.put(number % 97, number % 97, weight=7)
            assert cache.get(number % 97) in (number % 97, None)

    threads = [Thread(target=work, args=(start,)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(cache) == 50
    assert cache.weight == 350
