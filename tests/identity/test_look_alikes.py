"""Names and domains that could be taken for others', and those that could not."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from credentials.identity.edit_distance import within
from credentials.identity.look_alikes import Index, famous
from credentials.identity.well_known import Company, generic_words, well_known
from tests.growth import times_as_long
from tests.identity.lists import rows

LOOK_ALIKES = rows("look_alikes.tsv")
HONEST = rows("honest.tsv")
SOME = [(row[0], row[1]) for row in (LOOK_ALIKES + HONEST)[::5]]
ACME = Index([Company(("Acme Analytics",), ("acme.example",), is_word=True)])


def test_the_lists_are_long_enough() -> None:
    assert len({tuple(row) for row in LOOK_ALIKES}) >= 200
    assert len({tuple(row) for row in HONEST}) >= 100
    assert len(well_known()) >= 400
    assert len(generic_words()) >= 100


@pytest.mark.parametrize(("name", "domain", "trick"), LOOK_ALIKES)
def test_every_look_alike_is_seen(name: str, domain: str, trick: str) -> None:
    assert famous().like_name(name, domain) or famous().like_domain(domain), trick


def test_few_honest_companies_are_flagged() -> None:
    flagged = [name for name, domain in HONEST if famous().like_name(name, domain) or famous().like_domain(domain)]
    assert len(flagged) <= 0.02 * len(HONEST), flagged


def test_nobody_in_the_list_looks_like_somebody_else_at_home() -> None:
    found = [
        (name, domain)
        for company in well_known()
        for name in company.names
        for domain in company.domains
        if famous().like_name(name, domain) or famous().like_domain(domain) or famous().like_domain(f"jobs.{domain}")
    ]
    assert found == []


def test_everybody_in_the_list_is_missed_elsewhere() -> None:
    missed = [
        name
        for company in well_known()
        for name in company.names
        if company.domains[0] not in {one.resembles for one in famous().like_name(name, "brightpath.example")}
    ]
    # One letter is nobody's name.
    assert missed == ["X"]


def test_the_list_is_sorted_and_has_each_domain_once() -> None:
    domains = [domain for company in well_known() for domain in company.domains]
    assert len(domains) == len(set(domains))
    firsts = [company.domains for company in well_known()]
    assert firsts == sorted(firsts, key=",".join)


@pytest.mark.parametrize(
    ("name", "how"),
    [
        ("PayPal", "same-name"),
        ("PAYPAL", "same-name"),
        ("PayPa1", "letters"),
        ("Mircosoft", "spelling"),
        ("Microsoft Careers", "added-words"),
        ("Раураl", "letters"),
        ("Рaypal Jobs", "added-words"),
    ],
)
def test_the_trick_is_named(name: str, how: str) -> None:
    assert famous().like_name(name)[0].how == how


@pytest.mark.parametrize(
    ("domain", "how"),
    [
        ("paypal.co", "other-ending"),
        ("paypa1.com", "letters"),
        ("paypla.com", "spelling"),
        ("paypal-careers.com", "added-words"),
        ("paypal.com.evil.example", "subdomain"),
        ("paypal.evil.example", "subdomain"),
    ],
)
def test_the_trick_of_a_domain_is_named(domain: str, how: str) -> None:
    assert [(one.resembles, one.how) for one in famous().like_domain(domain)] == [("paypal.com", how)]


@pytest.mark.parametrize("name", ["Brіght Path", "Acmе", "ΑB Studio", "Вright"])
def test_a_word_of_several_scripts_is_suspicious_by_itself(name: str) -> None:
    assert "mixed-scripts" in {one.how for one in famous().like_name(name)}


@pytest.mark.parametrize("name", ["Яблоня Books", "東京パン工房", "Tシャツ屋", "서울 K-Pop", "Ελιά Café", "Müller Żak"])
def test_scripts_that_are_written_side_by_side_are_not(name: str) -> None:
    assert famous().like_name(name) == []


@pytest.mark.parametrize(
    "name", ["Acme Analytics", "ACME ANALYTICS LTD", "Acme Anаlytics", "Acme Analitycs", "AcmeAnalytics"]
)
def test_others_here_are_compared_with_as_well(name: str) -> None:
    assert [one.resembles for one in ACME.like_name(name, "evil.example") if one.how != "mixed-scripts"] == [
        "acme.example"
    ]


@pytest.mark.parametrize("name", ["Acme Pottery", "Analytics Plus", "Northwind", "A"])
def test_others_who_share_a_word_are_let_be(name: str) -> None:
    assert ACME.like_name(name, "pottery.example") == []


def test_a_name_that_counts_is_not_its_neighbour() -> None:
    index = Index([Company(("Company 12",), ("c12.example",), is_word=True)])
    assert index.like_name("Company 13", "c13.example") == []
    assert index.like_name("Company 12", "c13.example") != []


@pytest.mark.parametrize("text", ["", " ", "-", "\u200b", "xn--", "💼", "a" * 10_000, "www", "inc", "1"])
def test_odd_names_are_nobodys(text: str) -> None:
    assert famous().like_name(text) == []


@pytest.mark.parametrize(
    "domain", ["xn--.example", "xn--a.example", "xn--\u00e9.example", "com", "xn--99999999999.example"]
)
def test_odd_domains_break_nothing(domain: str) -> None:
    assert famous().like_domain(domain) == []


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    famous().like_name(text)


@given(st.from_regex(r"(?:[a-z0-9-]{1,20}\.){1,4}[a-z]{2,6}", fullmatch=True))
def test_no_domain_breaks_it(domain: str) -> None:
    famous().like_domain(domain)


def every_pair(compare: Callable[[str, str], object]) -> None:
    for name, domain in SOME:
        compare(name, domain)


def test_looking_takes_some_passes_over_the_list_and_not_hundreds() -> None:
    index = famous()

    def look(name: str, domain: str) -> None:
        index.like_name(name)
        index.like_domain(domain)

    def pass_twice(name: str, domain: str) -> None:
        for text in (name, domain):
            [key.text in text for key in index.keys]

    assert times_as_long(every_pair, pass_twice, look) < 150


def distance(one: str, other: str) -> int:
    """The same distance, the slow way: by its definition."""
    if not one or not other:
        return len(one) + len(other)
    costs = [
        distance(one[1:], other) + 1,
        distance(one, other[1:]) + 1,
        distance(one[1:], other[1:]) + (one[0] != other[0]),
    ]
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        costs.append(distance(one[2:], other[2:]) + 1)
    return min(costs)


@given(st.text("abc", max_size=5), st.text("abc", max_size=5), st.integers(0, 4))
def test_the_distance_is_what_it_says(one: str, other: str, most: int) -> None:
    assert within(one, other, most) == (distance(one, other) <= most)
