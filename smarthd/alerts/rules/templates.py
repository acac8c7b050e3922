"""Words to begin with, for each hazard, in Vietnamese and English. What stands in [square brackets] is for the duty officer to fill in:

a warning with a bracket left in it is not sent (rules.linting). The wording is ours; instructions follow common advice of disaster
prevention: where to go, what to turn off, whom to call, what not to do.
"""

from __future__ import annotations

from dataclasses import dataclass

from smarthd.alerts.rules.hazards import Hazard

CALL_VI = "Cần cứu giúp gọi 112; cháy nổ gọi 114; cấp cứu gọi 115."
CALL_EN = "For rescue call 112; fire 114; ambulance 115."


@dataclass(frozen=True, slots=True)
class Words:
    """A warning's three texts in one language."""

    headline: str
    description: str
    instruction: str


@dataclass(frozen=True, slots=True)
class Template:
    """A hazard's words in both languages."""

    vi: Words
    en: Words


TEMPLATES: dict[Hazard, Template] = {
    Hazard.STORM: Template(
        Words(
            "Bão [tên] sắp vào: ở trong nhà chắc chắn từ [giờ]",
            "Bão [tên] gây gió mạnh cấp [cấp], giật cấp [cấp], mưa to từ [giờ] đến [giờ]. Cây đổ, mái tôn bay, mất điện có thể xảy ra ở nhiều nơi.",
            f"Ở trong nhà xây chắc chắn, tránh xa cửa kính và cây to. Không ra đường khi gió mạnh. Nhà tạm, nhà yếu chuyển sang nhà kiên cố trước [giờ]. Sạc điện thoại, để sẵn nước uống, thuốc, đèn pin. Tắt điện khi nước vào nhà. {CALL_VI}",
        ),
        Words(
            "Storm [name] approaching: stay in a solid building from [time]",
            "Storm [name] brings winds of force [force], gusting [force], and heavy rain from [time] to [time]. Falling trees, flying roof sheets and power cuts are likely in many places.",
            f"Stay inside a solid building, away from windows and large trees. Do not go out in strong wind. Leave temporary or weak houses before [time]. Charge phones; keep water, medicine and a torch at hand. Switch off electricity if water enters the house. {CALL_EN}",
        ),
    ),
    Hazard.RIVER_FLOOD: Template(
        Words(
            "Lũ sông [tên sông] lên nhanh: rời bãi ngoài đê ngay",
            "Mực nước sông [tên sông] tại [trạm] lúc [giờ] là [số] m, trên báo động [số], còn tiếp tục lên. Vùng bãi ngoài đê và ven sông có thể ngập sâu trong [số] giờ tới.",
            f"Rời vùng bãi ngoài đê, nhà ven sông đến nơi cao hoặc điểm sơ tán của xã, phường. Đưa người già, trẻ em, người khuyết tật đi trước. Không đi qua ngầm tràn, không vớt củi, không bơi qua sông. {CALL_VI}",
        ),
        Words(
            "River [river] rising fast: leave land outside the dikes now",
            "The [river] at [station] stood at [number] m at [time], above alarm level [number], and is still rising. Land outside the dikes and along the river may be deeply flooded within [number] hours.",
            f"Leave land outside the dikes and riverside houses for high ground or your commune's shelter. Take old people, children and people with disabilities first. Do not cross fords, collect driftwood or swim. {CALL_EN}",
        ),
    ),
    Hazard.INUNDATION: Template(
        Words(
            "Ngập lụt: tránh các đường đang ngập, kê cao đồ đạc",
            "Mưa [số] mm làm ngập [nơi ngập], sâu khoảng [số] cm, có thể kéo dài đến [giờ].",
            f"Không đi vào đường ngập, không lội qua chỗ nước chảy xiết. Ngắt điện các ổ cắm thấp, kê cao đồ đạc, đưa xe lên chỗ cao. Trông giữ trẻ em. {CALL_VI}",
        ),
        Words(
            "Flooding: avoid flooded roads, raise your belongings",
            "[Number] mm of rain have flooded [places], about [number] cm deep, possibly until [time].",
            f"Do not enter flooded roads or wade through fast water. Switch off low sockets, raise belongings, move vehicles to high ground. Watch children. {CALL_EN}",
        ),
    ),
    Hazard.THUNDERSTORM: Template(
        Words(
            "Dông, sét đang đến: vào nhà ngay",
            "Mây dông từ [hướng] di chuyển tới, gây mưa dông, lốc, sét, có thể có mưa đá từ [giờ] đến [giờ].",
            f"Vào trong nhà, tránh xa cây to, cột điện, mặt nước, đồng trống. Rút phích cắm thiết bị điện. Đang ngoài đồng thì ngồi thấp, không nằm, không đứng dưới cây. {CALL_VI}",
        ),
        Words(
            "Thunderstorm coming: go indoors now",
            "Thunderclouds from the [direction] bring rain, squalls, lightning and possibly hail from [time] to [time].",
            f"Go indoors; keep away from large trees, poles, water and open fields. Unplug appliances. In the open, crouch low; do not lie down or stand under a tree. {CALL_EN}",
        ),
    ),
    Hazard.HEAT: Template(
        Words(
            "Nắng nóng: hạn chế ra ngoài từ 11 đến 16 giờ",
            "Nhiệt độ cao nhất [số] độ từ ngày [ngày] đến ngày [ngày], nóng nhất từ 11 đến 16 giờ. Dễ say nắng, đột quỵ; dễ cháy do quá tải điện.",
            f"Hạn chế ra ngoài từ 11 đến 16 giờ. Uống nước thường xuyên. Để ý người già, trẻ nhỏ, người bệnh. Có người say nắng: đưa vào chỗ mát, cởi bớt áo, chườm mát và gọi 115. {CALL_VI}",
        ),
        Words(
            "Heat: avoid going out from 11:00 to 16:00",
            "Highs of [number] °C from [date] to [date], hottest from 11:00 to 16:00. Risk of heatstroke and of fires from overloaded wiring.",
            f"Avoid going out from 11:00 to 16:00. Drink water often. Look after old people, small children and the sick. For heatstroke: move to shade, loosen clothes, cool the body and call 115. {CALL_EN}",
        ),
    ),
    Hazard.COLD: Template(
        Words(
            "Rét hại: giữ ấm, không đốt than trong phòng kín",
            "Nhiệt độ thấp nhất [số] độ từ đêm [ngày] đến ngày [ngày].",
            f"Giữ ấm cho người già, trẻ em, người bệnh. Không đốt than, củi trong phòng kín: khí than làm chết người. Che chắn chuồng trại, giữ ấm gia súc, mạ. {CALL_VI}",
        ),
        Words(
            "Severe cold: keep warm, never burn coal in a closed room",
            "Lows of [number] °C from the night of [date] to [date].",
            f"Keep old people, children and the sick warm. Never burn coal or wood in a closed room: the gas kills. Shelter livestock and seedlings. {CALL_EN}",
        ),
    ),
    Hazard.WILDFIRE: Template(
        Words(
            "Cháy rừng tại [nơi cháy]: tránh xa, chuẩn bị sơ tán",
            "Rừng đang cháy tại [nơi cháy] từ [giờ], gió hướng [hướng] đưa lửa và khói về phía [nơi].",
            f"Tránh xa khu vực cháy, nhường đường cho xe chữa cháy. Đóng cửa, che mũi bằng khăn ẩm khi có khói. Nhà sát bìa rừng chuẩn bị giấy tờ, thuốc để sơ tán khi có lệnh. {CALL_VI}",
        ),
        Words(
            "Wildfire at [place]: keep away, prepare to leave",
            "Forest has been burning at [place] since [time]; wind from the [direction] drives fire and smoke towards [place].",
            f"Keep away and let fire engines pass. Close windows; cover your nose with a damp cloth in smoke. Near the forest edge, have papers and medicine ready to leave when told. {CALL_EN}",
        ),
    ),
    Hazard.DIKE: Template(
        Words(
            "Sự cố đê [tên đê]: sơ tán ngay đến nơi cao",
            "Đê [tên đê] tại [vị trí] bị [sự cố] lúc [giờ]. Nước có thể tràn vào [nơi] trong [số] phút tới.",
            f"Đi ngay đến nơi cao, nhà tầng hoặc điểm sơ tán gần nhất, theo hướng dẫn của tổ dân phố. Chỉ mang giấy tờ, thuốc, điện thoại. Ngắt cầu dao điện. Không quay lại lấy đồ. Không ra xem đê. {CALL_VI}",
        ),
        Words(
            "Dike failure at [dike]: move to high ground now",
            "The [dike] at [place] has [failure] at [time]. Water may reach [place] within [number] minutes.",
            f"Go now to high ground, an upper floor or the nearest shelter, as your neighbourhood leaders direct. Take only papers, medicine and phone. Switch off the mains. Do not go back. Do not go to look at the dike. {CALL_EN}",
        ),
    ),
    Hazard.CHEMICAL: Template(
        Words(
            "Sự cố hóa chất tại [nơi]: ở trong nhà, đóng kín cửa",
            "Lúc [giờ] xảy ra rò rỉ [hóa chất] tại [nơi]. Gió hướng [hướng] đưa khí về phía [nơi].",
            f"Vào trong nhà, đóng kín cửa, tắt quạt hút và điều hòa. Bịt khe cửa bằng khăn ẩm. Đang ở ngoài thì đi vuông góc với hướng gió. Không bật lửa. Chờ thông báo an toàn. {CALL_VI}",
        ),
        Words(
            "Chemical incident at [place]: stay indoors, close everything",
            "At [time] [chemical] leaked at [place]. Wind from the [direction] carries the gas towards [place].",
            f"Go indoors, close doors and windows, switch off fans and air conditioners. Seal gaps with damp cloth. Outdoors, walk at a right angle to the wind. Light no fire. Wait for the all-clear. {CALL_EN}",
        ),
    ),
    Hazard.OUTAGE: Template(
        Words(
            "Mất [điện/nước] diện rộng đến khoảng [giờ]",
            "Do [nguyên nhân], [nơi] mất [điện/nước] từ [giờ], dự kiến có lại lúc [giờ].",
            "Rút phích cắm thiết bị điện. Chạy máy phát thì để ngoài trời, không để trong nhà. Dùng nước tiết kiệm. Nhà có người dùng máy thở, máy y tế gọi ngay trạm y tế hoặc 115.",
        ),
        Words(
            "[Power/Water] cut over a wide area until about [time]",
            "Because of [cause], [places] have been without [power/water] since [time]; expected back at [time].",
            "Unplug appliances. Run generators outdoors only. Save water. If someone depends on a breathing machine or other medical device, call the health station or 115 now.",
        ),
    ),
    Hazard.EPIDEMIC: Template(
        Words(
            "Dịch [tên bệnh] tại [nơi]: làm theo hướng dẫn của y tế",
            "Ngành y tế ghi nhận [số] ca [tên bệnh] tại [nơi] từ ngày [ngày].",
            "Rửa tay bằng xà phòng, đeo khẩu trang nơi đông người, ăn chín uống sôi, diệt bọ gậy quanh nhà. Có [triệu chứng] thì gọi trạm y tế trước khi đến khám. Trường hợp nặng gọi 115.",
        ),
        Words(
            "Outbreak of [disease] at [place]: follow health advice",
            "Health authorities have recorded [number] cases of [disease] at [place] since [date].",
            "Wash hands with soap, wear a mask in crowds, eat and drink only what is cooked or boiled, clear mosquito larvae around the house. With [symptoms] call the health station before going. In severe cases call 115.",
        ),
    ),
}
ALL_CLEAR = Template(
    Words(
        "Đã an toàn: [việc gì] đã qua",
        "Nguy hiểm đã được nêu trong cảnh báo trước nay đã qua.",
        "Có thể trở lại sinh hoạt bình thường. Kiểm tra điện, mái nhà, nguồn nước trước khi dùng.",
    ),
    Words(
        "All clear: [what] is over",
        "The danger described in the earlier warning is over.",
        "You may return to normal life. Check wiring, roof and water before use.",
    ),
)
