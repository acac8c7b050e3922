"""Where reports go: the most exact rule, dated, at its hours; and why each other rule was passed over."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthd.fieldreports.errors import CategoryFaulty, CategoryUnknown, FieldReportFaulty, RuleClash, RuleFaulty
from smarthd.fieldreports.rules import attributes, routing
from smarthd.fieldreports.rules.routing import Hours, Question, Rule, Target, Verdict
from smarthd.fieldreports.selectors import categories
from smarthd.fieldreports.selectors import routing as selectors
from smarthd.fieldreports.services import categories as editing
from smarthd.fieldreports.services import routing as services
from smarthd.fieldreports.services.routing import NewRule
from smarthd.fieldreports.tests import make
from smarthd.fieldreports.tests.make import NOW, TODAY, hours
from smarthd.kernel.errors import NotAllowed


def where(land, category="den-duong", at=NOW, **place):
    place = place or {"commune_id": land.place.id}
    return selectors.where_would_this_go(actor=land.clerk.actor, category_key=category, at=at, **place)


def add(land, name="Quy tắc thử", **changes):
    new = NewRule(**{"name": name, "valid_from": TODAY, "agency_id": land.department, **changes})
    return services.add_rule(new, actor=land.administrator.actor, now=NOW)


def test_without_rules_the_fallback_is_named(land):
    found = where(land)
    assert found.agency.id == land.commune
    assert found.rule is None
    assert "xã, phường" in found.fallback


def test_where_a_commune_has_no_committee_the_province_answers(land):
    found = where(land, commune_id=land.units["c4"].id)
    assert found.agency.id == land.province
    assert found.fallback


def test_a_rule_for_a_category_goes_before_one_for_a_place(land):
    add(land, "Mọi việc ở c0 về xã c1", place_id=land.place.id, agency_id=land.other)
    lamps = add(land, "Chiếu sáng về Sở", category_key="chieu-sang")
    found = where(land)
    assert found.rule.uid == lamps.uid
    verdicts = {one.rule.name: one.verdict for one in found.considered}
    assert verdicts == {"Chiếu sáng về Sở": Verdict.TAKEN, "Mọi việc ở c0 về xã c1": Verdict.LESS_EXACT}
    assert where(land, category="o-ga-mat-duong").agency.id == land.other


def test_place_and_category_together_are_the_most_exact(land):
    add(land, "Chiếu sáng về Sở", category_key="chieu-sang")
    add(
        land,
        "Riêng c0 thì xã làm",
        category_key="chieu-sang",
        place_id=land.place.id,
        target=Target.COMMUNE,
        agency_id=None,
    )
    assert where(land).agency.id == land.commune
    assert where(land, commune_id=land.units["c1"].id).agency.id == land.department


def test_a_rule_of_a_province_covers_its_communes(land):
    add(land, "Cả tỉnh", place_id=land.units["p"].id)
    assert where(land).agency.id == land.department


def test_rules_hold_in_their_time_alone(land):
    add(land, "Từ mai", valid_from=TODAY + timedelta(days=1), valid_to=TODAY + timedelta(days=3))
    assert where(land).rule is None
    assert where(land, at=NOW + timedelta(days=1)).agency.id == land.department
    assert where(land, at=NOW + timedelta(days=3)).rule is None


def test_at_night_another_may_answer(land):
    add(land, "Trực đêm", hours=Hours.AFTER_HOURS)
    assert where(land).rule is None
    assert where(land, at=NOW + hours(10)).agency.id == land.department


def test_two_rules_of_one_place_category_and_hours_clash_by_name(land):
    first = add(land, "Quy tắc cũ", category_key="chieu-sang")
    with pytest.raises(RuleClash) as refused:
        add(land, "Quy tắc mới", category_key="chieu-sang", agency_id=land.other)
    assert refused.value.facts["name"] == "Quy tắc cũ"
    services.end_rule(first.uid, on=TODAY + timedelta(days=2), actor=land.administrator.actor, now=NOW)
    assert add(
        land, "Quy tắc mới", category_key="chieu-sang", agency_id=land.other, valid_from=TODAY + timedelta(days=2)
    )


def test_a_report_goes_where_the_test_bench_says(land):
    rule = add(land, "Chiếu sáng về Sở", category_key="chieu-sang")
    report = make.sent(land)
    assert (report.holder_id, report.route_uid) == (land.department, rule.uid)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "a"},
        {"valid_to": TODAY},
        {"agency_id": None},
        {"target": Target.COMMUNE},
        {"category_key": "khong-co"},
        {"agency_id": 999_999},
    ],
)
def test_a_faulty_rule_is_refused(land, changes):
    with pytest.raises(RuleFaulty):
        add(land, **{"name": "Quy tắc thử", **changes})


def test_rules_are_edited_by_administrators_with_a_second_factor(land):
    from dataclasses import replace

    weak = replace(land.administrator.actor, second_factor=False)
    for actor in (land.clerk.actor, land.chief.actor, weak):
        with pytest.raises(NotAllowed):
            services.add_rule(NewRule("Thử", TODAY, agency_id=land.department), actor=actor, now=NOW)
    with pytest.raises(NotAllowed):
        selectors.where_would_this_go(actor=make.citizen().actor, category_key="den-duong", at=NOW, commune_id=1)


def test_the_past_is_not_rewritten(land):
    rule = add(land, valid_from=TODAY - timedelta(days=30))
    with pytest.raises(RuleFaulty):
        services.end_rule(rule.uid, on=TODAY - timedelta(days=1), actor=land.administrator.actor, now=NOW)


# --- as functions of values ------------------------------------------------------------------------------------------
ids = st.one_of(st.none(), st.integers(1, 4))
rules = st.builds(
    Rule,
    uid=st.uuids(),
    name=st.just("r"),
    place_id=ids,
    category_id=ids,
    hours=st.sampled_from(Hours),
    target=st.just(Target.AGENCY),
    agency_id=st.integers(1, 3),
    valid_from=st.dates(date(2024, 1, 1), date(2024, 6, 1)),
    valid_to=st.one_of(st.none(), st.dates(date(2024, 6, 2), date(2024, 12, 1))),
)
ASKED = Question(places=[1, 2], categories=[1, 3], on=date(2024, 4, 8), office_open=True)


@given(st.lists(rules, max_size=8, unique_by=lambda rule: rule.uid), st.randoms())
def test_the_order_of_rules_decides_nothing_and_each_is_told_once(given_rules, random):
    leads = {rule.uid: rule.agency_id for rule in given_rules}
    told = routing.consider(given_rules, ASKED, leads)
    shuffled = list(given_rules)
    random.shuffle(shuffled)
    again = routing.consider(shuffled, ASKED, leads)
    assert {one.rule.uid for one in told} == {rule.uid for rule in given_rules}
    taken = [one for one in told if one.verdict is Verdict.TAKEN]
    assert len(taken) == (1 if any(routing.fits(rule, ASKED) is None for rule in given_rules) else 0)
    assert [one.rule.uid for one in told if one.verdict is Verdict.TAKEN] == [
        one.rule.uid for one in again if one.verdict is Verdict.TAKEN
    ]
    for one in taken:
        best = routing.exactness(one.rule, ASKED)
        assert all(routing.exactness(rule, ASKED) <= best for rule in given_rules if routing.fits(rule, ASKED) is None)


def test_a_rule_whose_agency_is_gone_is_passed_over():
    rule = Rule(UUID(int=1), "r", None, None, Hours.ALWAYS, Target.AGENCY, 7, date(2024, 1, 1), None)
    [told] = routing.consider([rule], ASKED, {rule.uid: None})
    assert told.verdict is Verdict.NOBODY_THERE


# --- categories ------------------------------------------------------------------------------------------------------
def test_the_shipped_tree_has_two_levels_and_comes_once(land):
    roots = categories.tree()
    assert len(roots) >= 8
    assert all(root.children for root in roots)
    assert editing.seed_categories(actor=make.SYSTEM.actor, now=NOW) == 0


def test_a_root_takes_no_reports(land):
    with pytest.raises(CategoryUnknown):
        categories.leaf("duong-xa")


def test_changed_hours_hold_for_what_comes_next(land):
    before = make.sent(land)
    editing.change_category("den-duong", {"working_hours": 16}, actor=land.administrator.actor, now=NOW)
    assert make.sent(land).due_at < before.due_at
    with pytest.raises(CategoryFaulty):
        editing.change_category("den-duong", {"working_hours": 0}, actor=land.administrator.actor, now=NOW)
    with pytest.raises(CategoryFaulty):
        editing.end_category("den-duong", actor=land.administrator.actor, now=NOW)


def test_every_datatype_of_a_question_is_checked():
    asked = [
        attributes.Question("so", attributes.Datatype.NUMBER, "Sâu bao nhiêu cm", required=True),
        attributes.Question("luc", attributes.Datatype.DATETIME, "Từ lúc nào"),
        attributes.Question("mot", attributes.Datatype.SINGLE, "Loại", values=(("a", "A"), ("b", "B"))),
        attributes.Question("nhieu", attributes.Datatype.MULTI, "Loại", values=(("a", "A"), ("b", "B"))),
        attributes.Question("dong", attributes.Datatype.STRING, "Ghi"),
        attributes.Question("doan", attributes.Datatype.TEXT, "Ghi", variable=False),
    ]
    good = {
        "so": "12,5",
        "luc": "2024-04-08T08:00:00+07:00",
        "mot": "a",
        "nhieu": ["a", "b"],
        "dong": " x ",
        "doan": "y",
        "la": 1,
    }
    kept, wrong = attributes.checked(asked, good)
    assert wrong == {}
    assert kept == {"so": 12.5, "luc": "2024-04-08T08:00:00+07:00", "mot": "a", "nhieu": ["a", "b"], "dong": "x"}
    bad = {"so": "NaN", "luc": "hôm qua", "mot": "c", "nhieu": ["c"], "dong": "x" * 301}
    assert set(attributes.checked(asked, bad)[1]) == {"so", "luc", "mot", "nhieu", "dong"}
    assert set(attributes.checked(asked, {})[1]) == {"so"}


def test_a_category_asks_its_questions_at_intake(land):
    question = attributes.Question("cot", attributes.Datatype.STRING, "Số cột đèn", required=True)
    editing.set_questions("den-duong", [question], actor=land.administrator.actor, now=NOW)
    with pytest.raises(FieldReportFaulty) as refused:
        make.sent(land)
    assert "answers.cot" in refused.value.facts["fields"]
    assert make.sent(land, answers={"cot": "Đ12"}, client_id=uuid4()).answers_given == {"cot": "Đ12"}
