"""The life of a report: where it stands, by which named moves it goes on, and who may make each move.

A report that was sent is *received* by the agency the routing chose. Only who sent it, or neighbours, say that an answer is true:
an agency can answer but never close. What a move asks beside the right state (a proof, a reason) is asked in the services.
"""

from __future__ import annotations

from enum import StrEnum

from smarthd.kernel.moves import Move


class State(StrEnum):
    """Where a report stands."""

    RECEIVED = "received"  # đã nhận, chờ cơ quan xem
    ACCEPTED = "accepted"  # đã tiếp nhận
    ASSIGNED = "assigned"  # đã chuyển xử lý
    IN_PROGRESS = "in_progress"  # đang xử lý
    WAITING = "waiting"  # chờ người gửi bổ sung
    ANSWERED = "answered"  # đã trả lời, chờ xác nhận
    REOPENED = "reopened"  # mở lại, xử lý tiếp
    CONFIRMED = "confirmed"  # đã được xác nhận
    CLOSED = "closed"  # đã kết thúc
    DECLINED = "declined"  # không tiếp nhận
    CONTESTED = "contested"  # đang xem lại việc từ chối
    MERGED = "merged"  # đã gộp vào phản ánh khác
    WITHDRAWN = "withdrawn"  # người gửi đã rút


STATE_WORDS: dict[State, str] = {
    State.RECEIVED: "Đã nhận, chờ xem",
    State.ACCEPTED: "Đã tiếp nhận",
    State.ASSIGNED: "Đã chuyển xử lý",
    State.IN_PROGRESS: "Đang xử lý",
    State.WAITING: "Chờ người gửi bổ sung",
    State.ANSWERED: "Đã trả lời, chờ xác nhận",
    State.REOPENED: "Mở lại, xử lý tiếp",
    State.CONFIRMED: "Đã được xác nhận",
    State.CLOSED: "Đã kết thúc",
    State.DECLINED: "Không tiếp nhận",
    State.CONTESTED: "Đang xem lại việc từ chối",
    State.MERGED: "Đã gộp",
    State.WITHDRAWN: "Người gửi đã rút",
}

WORKING = frozenset({State.ACCEPTED, State.ASSIGNED, State.IN_PROGRESS, State.REOPENED})
"""Somebody is at work and the clock runs."""
OPEN = WORKING | {State.RECEIVED, State.WAITING, State.CONTESTED}
"""An agency still owes something, or waits for the sender."""
DONE = frozenset({State.ANSWERED, State.CONFIRMED, State.CLOSED})
"""It was answered."""
OVER = frozenset({State.CONFIRMED, State.CLOSED, State.DECLINED, State.MERGED, State.WITHDRAWN})
"""Nothing is owed any more."""


class Stand(StrEnum):
    """What the public filters by: four plain words for thirteen states."""

    NEW = "moi"  # mới gửi
    WORKING = "dang-xu-ly"  # đang xử lý
    DONE = "da-tra-loi"  # đã trả lời
    DECLINED = "khong-tiep-nhan"  # không tiếp nhận


STAND_WORDS: dict[Stand, str] = {
    Stand.NEW: "Mới gửi",
    Stand.WORKING: "Đang xử lý",
    Stand.DONE: "Đã trả lời",
    Stand.DECLINED: "Không tiếp nhận",
}
STANDS: dict[Stand, frozenset[State]] = {
    Stand.NEW: frozenset({State.RECEIVED}),
    Stand.WORKING: WORKING | {State.WAITING, State.CONTESTED},
    Stand.DONE: DONE,
    Stand.DECLINED: frozenset({State.DECLINED}),
}


def stand_of(state: State) -> Stand | None:
    """Return the public's word for a state; None for merged and withdrawn ones, which no public list shows by themselves."""
    return next((stand for stand, states in STANDS.items() if state in states), None)


class Part(StrEnum):
    """What somebody is to one report."""

    REPORTER = "reporter"  # người gửi (của phản ánh hoặc của phản ánh đã gộp vào)
    NEIGHBOUR = "neighbour"  # người theo dõi, người ở cùng xã, phường
    DISPATCHER = "dispatcher"  # cán bộ điều phối của nơi đang giữ
    CLERK = "clerk"  # cán bộ của nơi đang giữ
    CHIEF = "chief"  # thủ trưởng, người được ủy quyền của nơi đang giữ
    SUPERIOR = "superior"  # lãnh đạo, điều phối của cấp trên nơi đang giữ
    SUPPORT = "support"  # cán bộ của nơi phối hợp
    WATCHER = "watcher"  # người xem được mà không làm được (kiểm tra, giám sát; nơi từng giữ)
    SYSTEM = "system"  # hệ thống


HANDLERS = frozenset({Part.DISPATCHER, Part.CLERK, Part.CHIEF})
DIRECTORS = frozenset({Part.DISPATCHER, Part.CHIEF})

ACCEPT = Move(name="accept", sources=frozenset({State.RECEIVED}), target=State.ACCEPTED)
DECLINE = Move(name="decline", sources=frozenset({State.RECEIVED, State.ACCEPTED}), target=State.DECLINED)
REROUTE = Move(
    name="reroute", sources=frozenset({State.RECEIVED, State.ACCEPTED, State.DECLINED}), target=State.RECEIVED
)
CONTEST = Move(name="contest", sources=frozenset({State.DECLINED}), target=State.CONTESTED)
UPHOLD = Move(name="uphold", sources=frozenset({State.CONTESTED}), target=State.DECLINED)
OVERTURN = Move(name="overturn", sources=frozenset({State.CONTESTED}), target=State.ACCEPTED)
ASSIGN = Move(name="assign", sources=WORKING, target=State.ASSIGNED)
HAND_BACK = Move(
    name="hand_back", sources=frozenset({State.ASSIGNED, State.IN_PROGRESS, State.REOPENED}), target=State.ACCEPTED
)
START = Move(
    name="start", sources=frozenset({State.ACCEPTED, State.ASSIGNED, State.REOPENED}), target=State.IN_PROGRESS
)
ASK = Move(name="ask", sources=WORKING, target=State.WAITING)
REPLY = Move(name="reply", sources=frozenset({State.WAITING}), target=State.IN_PROGRESS)
GO_ON = Move(name="go_on", sources=frozenset({State.WAITING}), target=State.IN_PROGRESS)
ANSWER = Move(name="answer", sources=frozenset({State.IN_PROGRESS, State.REOPENED}), target=State.ANSWERED)
CONFIRM = Move(name="confirm", sources=frozenset({State.ANSWERED}), target=State.CONFIRMED)
REOPEN = Move(name="reopen", sources=frozenset({State.ANSWERED, State.CLOSED}), target=State.REOPENED)
CLOSE = Move(name="close", sources=frozenset({State.ANSWERED, State.CONFIRMED, State.DECLINED}), target=State.CLOSED)
MERGE = Move(name="merge", sources=WORKING | {State.RECEIVED, State.WAITING}, target=State.MERGED)
PART = Move(name="part", sources=frozenset({State.MERGED}), target=State.ACCEPTED)
WITHDRAW = Move(name="withdraw", sources=frozenset({State.RECEIVED, State.ACCEPTED}), target=State.WITHDRAWN)
MOVES = (
    ACCEPT, DECLINE, REROUTE, CONTEST, UPHOLD, OVERTURN, ASSIGN, HAND_BACK, START, ASK, REPLY, GO_ON, ANSWER, CONFIRM,
    REOPEN, CLOSE, MERGE, PART, WITHDRAW,
)  # fmt: skip

MAY: dict[str, frozenset[Part]] = {
    "accept": HANDLERS,
    "decline": DIRECTORS,
    "reroute": DIRECTORS | {Part.SUPERIOR, Part.REPORTER},  # the sender only after a refusal: see ``may``
    "contest": frozenset({Part.REPORTER}),
    "uphold": frozenset({Part.SUPERIOR}),
    "overturn": frozenset({Part.SUPERIOR}),
    "assign": DIRECTORS | {Part.SUPERIOR},
    "hand_back": HANDLERS,
    "start": HANDLERS,
    "ask": HANDLERS,
    "reply": frozenset({Part.REPORTER}),
    "go_on": HANDLERS,
    "answer": HANDLERS,
    "confirm": frozenset({Part.REPORTER, Part.NEIGHBOUR}),
    "reopen": frozenset({Part.REPORTER, Part.NEIGHBOUR, Part.SUPERIOR}),
    "close": frozenset(),  # no agency closes its own case: only time and the system do
    "merge": DIRECTORS | {Part.SUPERIOR},
    "part": DIRECTORS | {Part.SUPERIOR},
    "withdraw": frozenset({Part.REPORTER}),
}


def may(move: Move[State], parts: frozenset[Part], state: State) -> bool:
    """Say whether who has these parts in a report of this state may make the move (the state is asked apart, by the move)."""
    if Part.SYSTEM in parts:
        return True
    allowed = MAY[move.name]
    if move is REROUTE and state is not State.DECLINED:
        allowed -= {Part.REPORTER}
    if move is REOPEN and state is State.CLOSED:
        allowed -= {Part.NEIGHBOUR}  # neighbours speak of an answer while it waits for a word
    return bool(allowed & parts)


ACT_WORDS: dict[str, str] = {
    "received": "Gửi phản ánh",
    "accepted": "Tiếp nhận",
    "declined": "Không tiếp nhận",
    "rerouted": "Chuyển tới cơ quan có thẩm quyền",
    "contested": "Người gửi đề nghị xem lại việc từ chối",
    "upheld": "Cấp trên giữ nguyên việc từ chối",
    "overturned": "Cấp trên yêu cầu tiếp nhận",
    "assigned": "Chuyển xử lý",
    "handed_back": "Chuyển trả",
    "started": "Bắt đầu xử lý",
    "asked": "Hỏi thêm người gửi, tạm dừng tính hạn",
    "replied": "Người gửi bổ sung, tính hạn tiếp",
    "went_on": "Xử lý tiếp, tính hạn tiếp",
    "answered": "Trả lời",
    "confirmed": "Xác nhận đã xong",
    "judged": "Người dân quanh đó cho biết",
    "reopened": "Mở lại",
    "closed": "Kết thúc",
    "merged": "Gộp vào phản ánh khác",
    "received_merged": "Nhận gộp phản ánh trùng",
    "parted": "Tách ra, xử lý riêng",
    "split": "Tách thành nhiều việc",
    "withdrawn": "Người gửi rút lại",
    "extended": "Gia hạn",
    "support_asked": "Mời cơ quan phối hợp",
    "support_done": "Cơ quan phối hợp báo xong phần việc",
    "corrected": "Đính chính",
    "added": "Người gửi nói thêm",
    "noted": "Ghi chú nội bộ",
    "given": "Giao người phụ trách",
    "text_redacted": "Che một phần nội dung",
    "photo_hidden": "Ẩn ảnh",
    "photo_shown": "Hiện lại ảnh",
    "photo_blurred": "Che thêm trên ảnh",
    "hidden": "Ẩn phản ánh",
    "shown": "Hiện lại phản ánh",
    "warned": "Sắp đến hạn",
    "escalated": "Quá hạn, báo cấp trên",
    "rated": "Đánh giá",
}
ROAD_WORDS: dict[str, str] = {"mail": "Trả lời qua liên kết trong thư"}
"""What an answer that came by another way than the desk is called in the timeline, by the road its step notes."""
INTERNAL = frozenset({"noted", "given", "warned"})
"""Steps that are never shown outside the agencies that handle the report."""


SPOKEN = frozenset({"confirmed", "judged", "reopened", "contested", "withdrawn", "replied", "added", "rated"})
"""Steps whose words are people's own: nobody has read them, so the public learns that they spoke, not what they said."""


class DeclineReason(StrEnum):
    """Why a report is not accepted."""

    NOT_COMPETENT = "not_competent"  # không thuộc thẩm quyền
    NOT_ENOUGH = "not_enough"  # thiếu thông tin, không xác định được
    ALREADY_ANSWERED = "already_answered"  # việc này đã trả lời
    OTHER_PROCEDURE = "other_procedure"  # thuộc thủ tục khác (khiếu nại, tố cáo, hành chính)
    UNTRUE = "untrue"  # đã kiểm tra, không đúng thực tế
    ABUSE = "abuse"  # nội dung xúc phạm, quảng cáo


DECLINE_WORDS: dict[DeclineReason, str] = {
    DeclineReason.NOT_COMPETENT: "Không thuộc thẩm quyền của cơ quan này",
    DeclineReason.NOT_ENOUGH: "Chưa đủ thông tin để xác định sự việc",
    DeclineReason.ALREADY_ANSWERED: "Sự việc này đã được trả lời",
    DeclineReason.OTHER_PROCEDURE: "Thuộc thủ tục khác: khiếu nại, tố cáo, hồ sơ hành chính",
    DeclineReason.UNTRUE: "Đã kiểm tra, sự việc không như phản ánh",
    DeclineReason.ABUSE: "Nội dung xúc phạm hoặc quảng cáo",
}


class Outcome(StrEnum):
    """What an answer says was done."""

    FIXED = "fixed"  # đã khắc phục
    PLANNED = "planned"  # đã đưa vào kế hoạch, có thời hạn
    EXPLAINED = "explained"  # đã giải thích, cung cấp thông tin
    REFERRED = "referred"  # đã chuyển cơ quan khác, có văn bản


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.FIXED: "Đã khắc phục",
    Outcome.PLANNED: "Đã đưa vào kế hoạch, có thời hạn",
    Outcome.EXPLAINED: "Đã giải thích, cung cấp thông tin",
    Outcome.REFERRED: "Đã có văn bản chuyển cơ quan khác",
}


class Ending(StrEnum):
    """How a report came to its end."""

    REPORTER = "reporter"  # người gửi xác nhận
    NEIGHBOURS = "neighbours"  # người dân quanh đó xác nhận
    SILENCE = "silence"  # hết hạn xác nhận, không ai nói khác
    DECLINED = "declined"  # từ chối, không ai đề nghị xem lại


class Visibility(StrEnum):
    """Who may see a report."""

    PUBLIC = "public"  # công khai
    PRIVATE = "private"  # chỉ người gửi và cơ quan xử lý
    HIDDEN = "hidden"  # đã ẩn: chỉ người gửi và cơ quan xử lý, kèm lý do


CONFIRM_DAYS = 5
"""Working days after an answer within which its sender or neighbours speak; silence then ends the case, said as silence."""
CONTEST_DAYS = 10
"""Working days within which a refusal may be contested."""
REOPEN_DAYS = 30
"""Days within which a case that ended by silence may be opened again."""
NEIGHBOURS = 3
"""So many neighbours of one mind, nobody of the other, speak for a sender who is silent."""
MOST_EXTENSIONS = 2
