"""The board of ideas of the demonstration: a round, ideas in every state people meet, supporters who live there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from config.seeding import accounts, content_demo, staff_survey_demo, survey_demo
from smarthd.agencies import selectors as agencies
from smarthd.agencies.rules import Kind
from smarthd.content.rules.ideas import State
from smarthd.content.rules.opinions import Stand
from smarthd.content.selectors import ideas as reads
from smarthd.content.services import idea_desk, idea_rounds, ideas, opinions, surveys
from smarthd.kernel import actor, clock
from smarthd.people import selectors as people
from smarthd.people.services import phone_index

SEEDER = actor.system("seeding")


@dataclass(frozen=True)
class Written:
    """An idea: how many days ago it came, how many support it, what was answered; ``joined`` goes into the one before it."""

    title: str
    words: str
    spot: str = ""
    days_ago: int = 10
    supporters: int = 0
    answer: State | None = None
    said: str = ""
    in_round: bool = False
    published: bool = True
    joined: bool = False


IDEAS = (
    Written(
        "Đặt thùng phân loại rác ở chợ",
        "Rác chợ mỗi ngày để lẫn nên bốc mùi. Nếu có hai thùng, rác hữu cơ đem ủ phân cho vườn hoa của phường thì bớt được một chuyến xe chở.",
        "Cổng chợ", 24, 31, State.CONSIDERING,
        "Phường đang khảo sát lượng rác của ba chợ, làm việc với Hợp tác xã vệ sinh môi trường về nơi ủ.", in_round=True,
    ),
    Written(
        "Thùng rác hai ngăn ở các chợ trong phường",
        "Tiểu thương sẵn lòng phân loại nếu có chỗ bỏ riêng.", "", 20, 6, in_round=True, joined=True,
    ),
    Written(
        "Đổi pin cũ lấy cây xanh",
        "Pin hỏng hay bị vứt chung rác nhà. Mỗi tháng một ngày đổi pin lấy cây giống ở nhà văn hóa, trẻ con rất thích.",
        "Nhà văn hóa khu dân cư", 6, 18, in_round=True,
    ),
    Written(
        "Mở lớp dạy bơi mùa hè cho trẻ em",
        "Mỗi năm đều nghe có trẻ đuối nước. Bể bơi trường học để không trong hè, thuê thầy dạy thì trẻ học được.",
        "", 52, 37, State.DONE, "Phường phối hợp với Đoàn Thanh niên mở ba lớp, 84 trẻ đã học xong tháng trước.",
    ),
    Written(
        "Kéo dài giờ mở cửa thư viện đến 21 giờ",
        "Học sinh cuối cấp cần chỗ học buổi tối, ở nhà chật và ồn.",
        "", 40, 12, State.DECLINED,
        "Thư viện hiện có một nhân viên nên chưa mở buổi tối được. Phường đã mở phòng đọc ở nhà văn hóa các tối thứ Ba, thứ Năm.",
    ),
    Written(
        "Trồng bóng mát dọc đường tới trường tiểu học",
        "Mùa nắng các cháu đi bộ hơn một cây số không có bóng cây.",
        "Đường vào trường tiểu học", 33, 22, State.PLANNED,
        "Phường trồng 60 cây bàng đài loan trong Tết trồng cây, giao Hội Cựu chiến binh chăm sóc.",
    ),
    Written(
        "Góc sách cũ trao tặng ở nhà văn hóa",
        "Sách giáo khoa cũ còn dùng được, nhà có thì bỏ, nhà thiếu lại phải mua.", "Nhà văn hóa", 1, published=False,
    ),
)  # fmt: skip


def plant(*, today: date, now: datetime) -> str:
    """Plant the board once. Returns what to say."""
    on = next((one for one in content_demo.communes_with_committees(today) if one[0].name == accounts.HOME), None)
    if on is None or reads.board(reads.Wanted(), now=now)[0]:
        return "đã có hoặc chưa có phường để gieo"
    unit, agency_id = on
    committee = next(iter(agencies.agencies_on(today, kinds=[Kind.PROVINCE_COMMITTEE.value])))
    _open(
        committee.id,
        "Hiến kế về nước sạch, vệ sinh môi trường nông thôn",
        today - timedelta(days=90),
        today - timedelta(days=40),
        today,
    )
    round_slug = _open(agency_id, "Hiến kế về rác thải", today - timedelta(days=28), today + timedelta(days=31), today)
    citizen = people.account_id_by_phone_index(phone_index(accounts.ACCOUNTS[0].phone))
    roles = {people.account_id_by_phone_index(phone_index(account.phone)) for account in accounts.ACCOUNTS}
    living = [one for one in people.accounts_living_in([unit.id]) if one not in roles]
    last = ""
    for number, one in enumerate(IDEAS):
        author = citizen if number == 2 and citizen is not None else living[number % len(living)]
        code = _propose(one, author, unit.id, round_slug, today)
        if one.published:
            _live(one, code, last, living, today)
        last = code if not one.joined else last
    _explain(agency_id, unit.id, living, today)
    asked = survey_demo.plant(agency_id=agency_id, unit_id=unit.id, living=living, now=now)
    officials = staff_survey_demo.plant(agency_id=agency_id, now=now)
    return f"{len(IDEAS)} ý tưởng, 2 đợt hiến kế, 1 bảng tiếp thu, {asked}, {officials}"


DRAFT = "Điều 1. Sân chơi mở cửa từ 5 giờ đến 21 giờ.\nĐiều 2. Xe máy để ở bãi gửi ngoài cổng, phí 3.000 đồng một lượt."
SAID = ("Mùa hè nên mở đến 22 giờ.", "Xin miễn phí gửi xe cho người già, học sinh.")


def _explain(agency_id: int, unit_id: int, living: list[int], today: date) -> None:
    """Plant a consultation that is over, with opinions and the published table of answers."""
    opens, closes = clock.at_local(today - timedelta(days=30), 8), clock.at_local(today - timedelta(days=9), 17)
    new = surveys.NewSurvey(
        agency_id=agency_id,
        title="Góp ý nội quy sân chơi công cộng",
        intro="Dự thảo nội quy để bà con góp ý từng đoạn.",
        draft_text=DRAFT,
        opens_at=opens,
        closes_at=closes,
        unit_ids=[unit_id],
        sample=True,
    )
    survey = surveys.draft_survey(new, actor=SEEDER, now=opens)
    surveys.open_survey(survey.pk, actor=SEEDER, now=opens)
    for number, account_id in enumerate(living[:26]):
        part = 1 if number % 3 == 0 else 2
        at = opens + timedelta(days=1 + number % 15)
        surveys.answer_survey(survey.slug, given={}, comments={part: SAID[part - 1]}, account_id=account_id, now=at)
    surveys.close_survey(survey.pk, actor=SEEDER, now=closes)
    for group in (
        opinions.NewGroup(1, "Mùa hè mở cửa muộn hơn, đến 22 giờ.", 9, Stand.PARTLY, "Từ tháng 5 đến tháng 8 mở đến 21 giờ 30, để bà con quanh sân được nghỉ."),
        opinions.NewGroup(2, "Miễn phí gửi xe cho người già, học sinh.", 17, Stand.TAKEN, "Đã thêm: người từ 60 tuổi và học sinh không phải trả phí."),
    ):  # fmt: skip
        opinions.add_group(survey.pk, group, actor=SEEDER, now=closes + timedelta(days=2))
    opinions.publish_explanation(survey.pk, actor=SEEDER, now=closes + timedelta(days=4))


def _open(agency_id: int, title: str, opens_on: date, closes_on: date, today: date) -> str:
    intro = "Mỗi nhà một cách làm hay. Ý tưởng được nhiều người ủng hộ sẽ được đưa vào kế hoạch năm tới; mọi ý tưởng đều được trả lời."
    new = idea_rounds.NewRound(agency_id, title, intro, opens_on, closes_on, sample=True)
    at = clock.at_local(min(opens_on, today), 8)
    held = idea_rounds.draft_round(new, actor=SEEDER, now=at)
    idea_rounds.open_round(held.uid, actor=SEEDER, now=at)
    return held.slug


def _propose(one: Written, author: int, unit_id: int, round_slug: str, today: date) -> str:
    new = ideas.NewIdea(
        unit_id=unit_id,
        title=one.title,
        words=one.words,
        spot=one.spot,
        round_slug=round_slug if one.in_round else "",
        sample=True,
    )
    at = clock.at_local(today - timedelta(days=one.days_ago), 9)
    return ideas.propose_idea(new, actor=actor.Actor(account_id=author), now=at).code


def _live(one: Written, code: str, before: str, living: list[int], today: date) -> None:
    day = today - timedelta(days=one.days_ago)
    idea_desk.publish_idea(code, looked=True, actor=SEEDER, now=clock.at_local(day, 15))
    for account_id in living[: one.supporters]:
        ideas.support_idea(code, actor=actor.Actor(account_id=account_id), now=clock.at_local(day, 20))
    if one.joined:
        idea_desk.merge_idea(code, into=before, actor=SEEDER, now=clock.at_local(day + timedelta(days=1), 9))
    if one.answer is not None:
        promised = {State.CONSIDERING: today + timedelta(days=20), State.PLANNED: today + timedelta(days=90)}
        idea_desk.answer_idea(
            code,
            state=one.answer,
            words=one.said,
            until=promised.get(one.answer),
            actor=SEEDER,
            now=clock.at_local(day + timedelta(days=min(one.days_ago - 1, 14)), 10),
        )
