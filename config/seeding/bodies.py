"""The agencies of the demonstration: departments, mass organisations, their parts, and the posts on their rosters.

Names of public bodies are facts (Hải Dương's departments in April 2024; those of Hải Phòng after 1/7/2025 as far as the demonstration
needs them). Numbers of staff are drawn for the demonstration and are nobody's statistics.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Body:
    """One agency: a stable code, its name and short name, its kind (agencies.rules.Kind), its parts, the persons on each roster."""

    code: str
    name: str
    short_name: str
    kind: str
    staff: int
    parts: tuple[str, ...] = ()


_OFFICE = ("Văn phòng", "Thanh tra")

DEPARTMENTS_2024 = (
    Body("vp-ubnd", "Văn phòng Ủy ban nhân dân tỉnh Hải Dương", "VP UBND tỉnh", "department", 18),
    Body("stttt", "Sở Thông tin và Truyền thông tỉnh Hải Dương", "Sở TT&TT", "department", 12,
         (*_OFFICE, "Phòng Công nghệ thông tin và Chuyển đổi số", "Trung tâm Công nghệ thông tin và Truyền thông")),
    Body("skhcn", "Sở Khoa học và Công nghệ tỉnh Hải Dương", "Sở KH&CN", "department", 14, _OFFICE),
    Body("snv", "Sở Nội vụ tỉnh Hải Dương", "Sở Nội vụ", "department", 16, _OFFICE),
    Body("stp", "Sở Tư pháp tỉnh Hải Dương", "Sở Tư pháp", "department", 12, _OFFICE),
    Body("stc", "Sở Tài chính tỉnh Hải Dương", "Sở Tài chính", "department", 16, _OFFICE),
    Body("skhdt", "Sở Kế hoạch và Đầu tư tỉnh Hải Dương", "Sở KH&ĐT", "department", 14, _OFFICE),
    Body("sct", "Sở Công Thương tỉnh Hải Dương", "Sở Công Thương", "department", 12, _OFFICE),
    Body("snnptnt", "Sở Nông nghiệp và Phát triển nông thôn tỉnh Hải Dương", "Sở NN&PTNT", "department", 18,
         (*_OFFICE, "Chi cục Thủy lợi", "Chi cục Trồng trọt và Bảo vệ thực vật")),
    Body("sgtvt", "Sở Giao thông vận tải tỉnh Hải Dương", "Sở GTVT", "department", 14, _OFFICE),
    Body("sxd", "Sở Xây dựng tỉnh Hải Dương", "Sở Xây dựng", "department", 12, _OFFICE),
    Body("stnmt", "Sở Tài nguyên và Môi trường tỉnh Hải Dương", "Sở TN&MT", "department", 16, _OFFICE),
    Body("sldtbxh", "Sở Lao động - Thương binh và Xã hội tỉnh Hải Dương", "Sở LĐTBXH", "department", 14, _OFFICE),
    Body("svhttdl", "Sở Văn hóa, Thể thao và Du lịch tỉnh Hải Dương", "Sở VHTTDL", "department", 14, (*_OFFICE, "Thư viện tỉnh")),
    Body("sgddt", "Sở Giáo dục và Đào tạo tỉnh Hải Dương", "Sở GD&ĐT", "department", 16, _OFFICE),
    Body("syt", "Sở Y tế tỉnh Hải Dương", "Sở Y tế", "department", 16, (*_OFFICE, "Trung tâm Kiểm soát bệnh tật")),
    Body("ttr", "Thanh tra tỉnh Hải Dương", "Thanh tra tỉnh", "department", 10),
    Body("bqlkcn", "Ban Quản lý các khu công nghiệp tỉnh Hải Dương", "BQL các KCN", "department", 10),
    Body("bao-hd", "Báo Hải Dương", "Báo Hải Dương", "press", 12),
    Body("dpt-hd", "Đài Phát thanh và Truyền hình Hải Dương", "Đài PT-TH", "press", 14),
)  # fmt: skip

MASS_ORGANISATIONS_2024 = (
    Body("mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Hải Dương", "MTTQ tỉnh", "mass_organisation", 8),
    Body("ldld", "Liên đoàn Lao động tỉnh Hải Dương", "LĐLĐ tỉnh", "mass_organisation", 8),
    Body("hlhpn", "Hội Liên hiệp Phụ nữ tỉnh Hải Dương", "Hội LHPN tỉnh", "mass_organisation", 8),
    Body("hnd", "Hội Nông dân tỉnh Hải Dương", "Hội Nông dân tỉnh", "mass_organisation", 7),
    Body("tinhdoan", "Tỉnh đoàn Hải Dương", "Tỉnh đoàn", "mass_organisation", 9),
    Body("hccb", "Hội Cựu chiến binh tỉnh Hải Dương", "Hội CCB tỉnh", "mass_organisation", 5),
)

# After 1/7/2025: enough of the merged city's bodies for the running campaign to have its chain.
BODIES_NOW = (
    Body("hp-vp-ubnd", "Văn phòng Ủy ban nhân dân thành phố Hải Phòng", "VP UBND thành phố", "department", 16),
    Body("hp-skhcn", "Sở Khoa học và Công nghệ thành phố Hải Phòng", "Sở KH&CN", "department", 18,
         (*_OFFICE, "Phòng Chuyển đổi số", "Trung tâm Công nghệ thông tin và Truyền thông")),
    Body("hp-snv", "Sở Nội vụ thành phố Hải Phòng", "Sở Nội vụ", "department", 16, _OFFICE),
    Body("hp-stp", "Sở Tư pháp thành phố Hải Phòng", "Sở Tư pháp", "department", 12, _OFFICE),
    Body("hp-stc", "Sở Tài chính thành phố Hải Phòng", "Sở Tài chính", "department", 18, _OFFICE),
    Body("hp-sct", "Sở Công Thương thành phố Hải Phòng", "Sở Công Thương", "department", 12, _OFFICE),
    Body("hp-snnmt", "Sở Nông nghiệp và Môi trường thành phố Hải Phòng", "Sở NN&MT", "department", 20,
         (*_OFFICE, "Chi cục Thủy lợi và Phòng, chống thiên tai")),
    Body("hp-sxd", "Sở Xây dựng thành phố Hải Phòng", "Sở Xây dựng", "department", 16, _OFFICE),
    Body("hp-svhttdl", "Sở Văn hóa, Thể thao và Du lịch thành phố Hải Phòng", "Sở VHTTDL", "department", 14, _OFFICE),
    Body("hp-sgddt", "Sở Giáo dục và Đào tạo thành phố Hải Phòng", "Sở GD&ĐT", "department", 16, _OFFICE),
    Body("hp-syt", "Sở Y tế thành phố Hải Phòng", "Sở Y tế", "department", 16, _OFFICE),
    Body("hp-ttr", "Thanh tra thành phố Hải Phòng", "Thanh tra thành phố", "department", 10),
    Body("hp-mttq", "Ủy ban Mặt trận Tổ quốc Việt Nam thành phố Hải Phòng", "MTTQ thành phố", "mass_organisation", 12),
)  # fmt: skip

# Which body of 2024 the staff of each present body came from; all others of 2024 went to hp-mttq or hp-vp-ubnd by kind.
CAME_FROM = {
    "hp-vp-ubnd": ("vp-ubnd", "bqlkcn"),
    "hp-skhcn": ("skhcn", "stttt"),
    "hp-snv": ("snv", "sldtbxh"),
    "hp-stp": ("stp",),
    "hp-stc": ("stc", "skhdt"),
    "hp-sct": ("sct",),
    "hp-snnmt": ("snnptnt", "stnmt"),
    "hp-sxd": ("sxd", "sgtvt"),
    "hp-svhttdl": ("svhttdl", "bao-hd", "dpt-hd"),
    "hp-sgddt": ("sgddt",),
    "hp-syt": ("syt",),
    "hp-ttr": ("ttr",),
    "hp-mttq": ("mttq", "ldld", "hlhpn", "hnd", "tinhdoan", "hccb"),
}

POSTS: dict[str, tuple[str, ...]] = {
    "province_committee": ("Chủ tịch", "Phó Chủ tịch", "Phó Chủ tịch", "Phó Chủ tịch", "Ủy viên"),
    "district_committee": ("Chủ tịch", "Phó Chủ tịch", "Phó Chủ tịch", "Chánh Văn phòng", "Trưởng phòng Văn hóa và Thông tin",
                           "Trưởng phòng Nội vụ", "Chuyên viên"),
    "commune_committee": ("Chủ tịch", "Phó Chủ tịch", "Công chức Văn phòng - thống kê", "Công chức Tư pháp - hộ tịch",
                          "Công chức Tài chính - kế toán", "Công chức Địa chính", "Công chức Văn hóa - xã hội",
                          "Chỉ huy trưởng Ban Chỉ huy quân sự", "Người hoạt động không chuyên trách"),
    "department": ("Giám đốc", "Phó Giám đốc", "Phó Giám đốc", "Chánh Văn phòng", "Trưởng phòng", "Phó Trưởng phòng", "Chuyên viên"),
    "mass_organisation": ("Chủ tịch", "Phó Chủ tịch", "Trưởng ban", "Chuyên viên"),
    "press": ("Tổng Biên tập", "Phó Tổng Biên tập", "Trưởng phòng", "Phóng viên", "Biên tập viên"),
    "school": ("Hiệu trưởng", "Phó Hiệu trưởng", "Kế toán", "Giáo viên"),
    "clinic": ("Trưởng trạm", "Bác sĩ", "Điều dưỡng"),
    "sub_unit": ("Trưởng phòng", "Phó Trưởng phòng", "Chuyên viên"),
}  # fmt: skip


def post(kind: str, place: int) -> str:
    """Return the post of the ``place``-th person (0 …) on a roster; the last post is everyone else's."""
    posts = POSTS[kind]
    return posts[min(place, len(posts) - 1)]
