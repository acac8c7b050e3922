"""What sort of body an agency is."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Kinds of agencies, with the Vietnamese word beside."""

    PROVINCE_COMMITTEE = "province_committee"  # Ủy ban nhân dân tỉnh, thành phố trực thuộc Trung ương
    DISTRICT_COMMITTEE = "district_committee"  # Ủy ban nhân dân huyện, thị xã, thành phố (đến 30/6/2025)
    COMMUNE_COMMITTEE = "commune_committee"  # Ủy ban nhân dân xã, phường, thị trấn
    DEPARTMENT = "department"  # sở, ban, ngành
    MASS_ORGANISATION = "mass_organisation"  # Mặt trận và đoàn thể
    PARTY_BODY = "party_body"  # cơ quan Đảng
    FORCE = "force"  # công an, quân sự
    PRESS = "press"  # báo, đài
    SCHOOL = "school"  # trường học
    CLINIC = "clinic"  # trạm y tế, trung tâm y tế, bệnh viện
    ENTERPRISE = "enterprise"  # doanh nghiệp nhà nước, điện lực, viễn thông
    SUB_UNIT = "sub_unit"  # phòng, ban, trung tâm trực thuộc


WORDS: dict[Kind, str] = {
    Kind.PROVINCE_COMMITTEE: "Ủy ban nhân dân cấp tỉnh",
    Kind.DISTRICT_COMMITTEE: "Ủy ban nhân dân cấp huyện",
    Kind.COMMUNE_COMMITTEE: "Ủy ban nhân dân cấp xã",
    Kind.DEPARTMENT: "Sở, ban, ngành",
    Kind.MASS_ORGANISATION: "Mặt trận, đoàn thể",
    Kind.PARTY_BODY: "Cơ quan Đảng",
    Kind.FORCE: "Công an, quân sự",
    Kind.PRESS: "Cơ quan báo chí",
    Kind.SCHOOL: "Trường học",
    Kind.CLINIC: "Cơ sở y tế",
    Kind.ENTERPRISE: "Doanh nghiệp",
    Kind.SUB_UNIT: "Đơn vị trực thuộc",
}

COMMITTEE_OF: dict[str, Kind] = {
    "province": Kind.PROVINCE_COMMITTEE,
    "district": Kind.DISTRICT_COMMITTEE,
    "commune": Kind.COMMUNE_COMMITTEE,
}
