"""What the people of the demo's story write and hand over. All of it is made up, and is the same on every run."""

from __future__ import annotations

from typing import Final

from credentials.cli.demo_story.afterwards import Asker
from credentials.cli.demo_story.play import Person, Play
from credentials.console.award_form import AwardForm, TypedDeliverable
from credentials.projects.following.offering import TypedJob
from credentials.projects.posting.project_form import ProjectForm, TypedSkill
from credentials.projects.reviewing.assessment_form import AssessmentForm, SkillRating
from credentials.projects.terms import TermsDeliverable

DANA: Final = Person("Dana Whitfield", "dana@northwind.example")
RUTH: Final = Person("Ruth Adeyemi", "ruth@northwind.example")
YUKI: Final = Person("Yuki Sato", "yuki@harbour.example")
INGRID: Final = Person("Ingrid Solheim", "ingrid@fjordfoods.example")
ROBIN: Final = Person("Robin Vale", "robin.vale@example.org")
ZOE: Final = Person("Zoë Brännström", "zoe.brannstrom@example.org")
AMARA: Final = Person("Amara Okafor", "amara.okafor@example.org")
SOREN: Final = Person("Søren Kjærgaard", "soren.kjaergaard@example.org")

WEEKLY: Final = (
    "A call of half an hour each Monday, the rest in writing. You get an answer within one working day. What the tills "
    "say stays between us."
)
SHOPS: Final = ("Harbour Street", "Mill Lane", "Old Market", "Station", "St Anne", "Riverside")


def _skills(*names: str) -> tuple[TypedSkill, ...]:
    return tuple(map(TypedSkill, names))


def rainy_saturdays(play: Play) -> ProjectForm:
    """The project that is finished: posted 36 days before the first run."""
    return ProjectForm(
        title="What we should bake on rainy Saturdays",
        brief="Your forecast is good on weekdays and poor on rainy Saturdays. Find out what rain changes in our "
        "six shops, and turn it into a rule that a shop manager can use on Friday evening.\n\nYou get the till data of "
        "two years without names, and the weather of the same days.",
        deliverables=(
            TermsDeliverable("Rule for Friday evening", "One page that a shop manager understands.", "public"),
            TermsDeliverable("Table by shop", "As CSV: what rain changes in each shop.", "link"),
            TermsDeliverable(
                "Notebook", "From the till data to each figure.", "confidential", "An analysis of till data"
            ),
        ),
        skills=_skills("Data analysis", "Statistics", "Explaining results"),
        hours="24",
        starts_on=play.day(-31),
        ends_on=play.day(-18),
        compensation="EUR 480",
        budget="Up to EUR 600",
        expectations=WEEKLY,
        may_be_shown="described",
    )


RULE: Final = (
    "# What to bake when it rains on a Saturday\n\n"
    "Look at the forecast on Friday at 17:00. More than 2 mm between 7:00 and 13:00 counts as rain.\n\n"
    "- Bake 15 % fewer rolls. At the station bake as always: people change trains there.\n"
    "- Bake 20 % more cakes by the slice. People stay in, and buy for the afternoon.\n"
    "- Leave bread as it is. Rain changes it by less than 2 %.\n"
)
RULE_WITH_SOURCE: Final = (
    RULE + "\nFrom 98 Saturdays in six shops, 31 of them with rain. Per cent of the median of dry Saturdays.\n"
)
NOTEBOOK: Final = (
    "# Rain and Saturdays: from the till data to the table\n"
    "sales = read('tills.csv'); weather = read('weather.csv')\n"
    "saturdays = sales.where(weekday='Saturday').join(weather, on='day')\n"
    "table = saturdays.group_by('shop', 'wet').median('rolls', 'cake', 'bread')\n"
)


def table_by_shop() -> str:
    """What rain changes in each shop, in per cent, as CSV."""
    rows = [(-17, 22, -1), (-14, 19, 0), (-15, 24, -2), (1, 3, 0), (-16, 18, -1), (-15, 21, -1)]
    lines = [f"{shop},{rolls},{cake},{bread},31" for shop, (rolls, cake, bread) in zip(SHOPS, rows, strict=True)]
    return "\n".join(["shop,rolls %,cake %,bread %,rainy days", *lines, ""])


ASSESSMENT: Final = AssessmentForm(
    ratings=(
        SkillRating("Data analysis", "3", "Found that the station shop is different, and showed why."),
        SkillRating("Statistics", "3", "Said of each figure how many days it rests on."),
        SkillRating("Explaining results", "4", "Our managers had questions about rain, and none about her page."),
    ),
    words="The rule hangs beside the oven in all six shops. Nobody needed it explained.",
    private_comment="Ask her first when we do the same for holidays.",
    summary="Compared 98 Saturdays in six shops with the weather, and turned what rain changes into a rule of three "
    "lines for shop managers.",
)
DESCRIPTION: Final = (
    "Compared 98 Saturdays in six shops with the weather of the same days, and wrote a rule of three lines that a shop "
    "manager can use on Friday evening."
)
PAID_UNDER: Final = "Rainy Saturdays, invoice 0031"
SATURDAY_JOB: Final = TypedJob(
    title="Forecasts for our shops, one day a week",
    place="Northwind, or from home",
    words="You would own the forecast that the managers use on Friday. It begins in the new year. Shall we talk?",
)
LENA: Final = Asker(
    Person("Lena Hartmann", "lena.hartmann@coasthotels.example"),
    "Coast Hotels",
    "We need somebody who explains figures to people in a hurry. How did she find out what your managers needed?",
)
DANAS_ANSWER: Final = (
    "She stood behind the counter on a Saturday before she opened the till data, and asked each manager what they "
    "decide on a Friday. Then she left out whatever does not change that decision."
)


def counter_questions(play: Play) -> ProjectForm:
    """The project that Zoë works on now."""
    return ProjectForm(
        title="What people ask at the counter",
        brief="Our staff answer the same questions all day. Listen in two shops for a week, count what is asked, and "
        "write the answers for a small sign at the counter.",
        deliverables=(
            TermsDeliverable("Count of questions", "As CSV, by shop and hour.", "link"),
            TermsDeliverable("Text of the sign", "At most 80 words.", "public"),
        ),
        skills=_skills("Interviewing", "Data collection", "Writing"),
        hours="20",
        starts_on=play.day(-6),
        ends_on=play.day(9),
        remote="no",
        place="Two shops of ours, by tram",
        compensation="EUR 400",
        expectations=WEEKLY,
    )


def winter_allergens(play: Play) -> ProjectForm:
    """The project whose work waits for a review."""
    return ProjectForm(
        title="Allergen sheet for the winter range",
        brief="Check the recipes of 19 winter products, and make the sheet that each shop prints.",
        deliverables=(
            TermsDeliverable("Allergen sheet", "One page, for print.", "public"),
            TermsDeliverable(
                "List of recipes checked", "With the day and what was found.", "confidential", "Check notes"
            ),
        ),
        skills=_skills("Research", "Attention to detail"),
        hours="12",
        starts_on=play.day(-16),
        ends_on=play.day(2),
        compensation="EUR 240",
        expectations=WEEKLY,
    )


SHEET: Final = (
    "Allergens, winter range\n"
    "Almond stollen: gluten, egg, milk, almond\n"
    "Poppy-seed slice: gluten, egg, milk\n"
    "Chestnut roll: gluten, chestnut, may contain hazelnut\n"
)


def christmas_orders(play: Play) -> ProjectForm:
    """The project that is open on the board, with people who applied."""
    return ProjectForm(
        title="Why Christmas orders come so late",
        brief="Most of our Christmas orders come in the last three days. Ask 15 customers why, look at the orders "
        "of three years, and propose what we could do earlier.\n\nYou get the orders without names, and the addresses "
        "of customers who agreed to be asked.",
        deliverables=(
            TermsDeliverable("Report", "5 to 8 pages with three proposals and what each costs.", "public"),
            TermsDeliverable("Notes of the conversations", "Without names.", "confidential", "Notes of interviews"),
        ),
        skills=_skills("Market research", "Data analysis", "Writing"),
        hours="30",
        starts_on=play.day(10),
        ends_on=play.day(31),
        compensation="EUR 600",
        budget="Up to EUR 750",
        expectations=WEEKLY,
        may_be_shown="described",
    )


FROM_ZOE: Final = (
    "I spoke to eight trial users for Harbour Software and know how to let people talk. I would begin with the orders, "
    "so that I know whom to ask what."
)
FROM_AMARA: Final = "I checked your summer recipes, so I know your range. I have time from the second week on."
FROM_SOREN: Final = "I write well and ask politely. I would call customers in the evening, when they have time."


def restaurant_list() -> AwardForm:
    """An award for work that was agreed elsewhere: Dana wrote it, and somebody else is to sign."""
    return AwardForm(
        recipient_name="Ivo Petrov",
        recipient_email="ivo.petrov@example.org",
        project_title="Bread list for three restaurants",
        summary="Tasted, described and priced 14 breads for three restaurants, with one sheet that their kitchens use.",
        deliverables=(TypedDeliverable("Bread list, two pages", "https://work.example.org/ivo/bread-list.pdf"),),
        hours="16",
        skills="Product description\nPricing",
        supervisor_name=DANA.name,
        supervisor_words="All three restaurants ordered from it the same week.",
    )
