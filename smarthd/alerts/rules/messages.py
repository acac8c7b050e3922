"""The vocabulary of CAP 1.2 (OASIS, section 3.2), with the Vietnamese word beside each value; the values are CAP's own."""

from __future__ import annotations

from enum import StrEnum

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"


class Status(StrEnum):
    """Whether it is the real thing. A drill and a test must never be taken for it."""

    ACTUAL = "Actual"  # thật
    EXERCISE = "Exercise"  # diễn tập
    TEST = "Test"  # gửi thử, chỉ người được nêu tên


class Kind(StrEnum):
    """What the message does (CAP msgType)."""

    ALERT = "Alert"  # cảnh báo mới
    UPDATE = "Update"  # cập nhật
    CANCEL = "Cancel"  # hủy


class Category(StrEnum):
    """What the event belongs to."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Response(StrEnum):
    """What people are asked to do."""

    SHELTER = "Shelter"  # trú ẩn tại chỗ
    EVACUATE = "Evacuate"  # sơ tán
    PREPARE = "Prepare"  # chuẩn bị
    EXECUTE = "Execute"  # làm theo kế hoạch đã định
    AVOID = "Avoid"  # tránh xa
    MONITOR = "Monitor"  # theo dõi
    ALL_CLEAR = "AllClear"  # đã an toàn


class Urgency(StrEnum):
    """How soon people must act."""

    IMMEDIATE = "Immediate"  # làm ngay
    EXPECTED = "Expected"  # trong một giờ tới
    FUTURE = "Future"  # sắp tới
    PAST = "Past"  # đã qua
    UNKNOWN = "Unknown"  # chưa rõ


class Severity(StrEnum):
    """How bad it may be."""

    EXTREME = "Extreme"  # đặc biệt nguy hiểm
    SEVERE = "Severe"  # nguy hiểm
    MODERATE = "Moderate"  # đáng kể
    MINOR = "Minor"  # nhỏ
    UNKNOWN = "Unknown"  # chưa rõ


class Certainty(StrEnum):
    """How sure it is."""

    OBSERVED = "Observed"  # đang xảy ra
    LIKELY = "Likely"  # nhiều khả năng
    POSSIBLE = "Possible"  # có thể
    UNLIKELY = "Unlikely"  # ít khả năng
    UNKNOWN = "Unknown"  # chưa rõ


class Channel(StrEnum):
    """The roads a warning takes; the approval binds them."""

    APP = "app"  # ứng dụng, thông báo đẩy
    FEEDS = "feeds"  # nguồn tin CAP, Atom, RSS
    LOUDSPEAKER = "loudspeaker"  # loa truyền thanh
    RADIO = "radio"  # phát thanh
    PRESS = "press"  # báo chí
    SOCIAL = "social"  # mạng xã hội


class Lane(StrEnum):
    """How a message stands in the queue of messaging."""

    LIFE = "life"  # cứu người: vượt giờ yên tĩnh
    URGENT = "urgent"  # khẩn


STATUS_WORDS = {Status.ACTUAL: "Thật", Status.EXERCISE: "Diễn tập", Status.TEST: "Gửi thử"}
KIND_WORDS = {Kind.ALERT: "Cảnh báo mới", Kind.UPDATE: "Cập nhật", Kind.CANCEL: "Hủy cảnh báo"}
URGENCY_WORDS = {
    Urgency.IMMEDIATE: "Làm ngay",
    Urgency.EXPECTED: "Trong khoảng một giờ tới",
    Urgency.FUTURE: "Sắp tới, còn thời gian chuẩn bị",
    Urgency.PAST: "Đã qua",
    Urgency.UNKNOWN: "Chưa rõ",
}
SEVERITY_WORDS = {
    Severity.EXTREME: "Đặc biệt nguy hiểm",
    Severity.SEVERE: "Nguy hiểm",
    Severity.MODERATE: "Đáng kể",
    Severity.MINOR: "Nhỏ",
    Severity.UNKNOWN: "Chưa rõ",
}
CERTAINTY_WORDS = {
    Certainty.OBSERVED: "Đang xảy ra",
    Certainty.LIKELY: "Nhiều khả năng (trên 50%)",
    Certainty.POSSIBLE: "Có thể",
    Certainty.UNLIKELY: "Ít khả năng",
    Certainty.UNKNOWN: "Chưa rõ",
}
CHANNEL_WORDS = {
    Channel.APP: "Ứng dụng và thông báo đẩy",
    Channel.FEEDS: "Nguồn tin cho báo, cổng thông tin (CAP, Atom, RSS)",
    Channel.LOUDSPEAKER: "Loa truyền thanh xã, phường",
    Channel.RADIO: "Đài phát thanh",
    Channel.PRESS: "Thư gửi báo chí",
    Channel.SOCIAL: "Mạng xã hội",
}


def is_life(severity: Severity, urgency: Urgency) -> bool:
    """Say whether lives hang on it: severe or worse, and to be acted on now or within the hour. It breaks through quiet hours."""
    return severity in {Severity.EXTREME, Severity.SEVERE} and urgency in {Urgency.IMMEDIATE, Urgency.EXPECTED}


def lane_of(severity: Severity, urgency: Urgency) -> Lane:
    """Return how a warning stands in the queue."""
    return Lane.LIFE if is_life(severity, urgency) else Lane.URGENT
