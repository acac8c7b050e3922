"""By which kinds of outlets a campaign's channel is carried; the others are carried by hand."""

from __future__ import annotations

from smarthd.channels.rules.outlets import Kind
from smarthd.rollout.rules.airings import Channel

KINDS: dict[Channel, tuple[Kind, ...]] = {
    Channel.COMMUNE_RADIO: (Kind.LOUDSPEAKER,),
    Channel.DISTRICT_RADIO: (Kind.RADIO,),
    Channel.PORTAL: (Kind.PORTAL,),
    Channel.SOCIAL: (Kind.ZALO, Kind.FACEBOOK),
    Channel.PRESS: (Kind.PRESS,),
}
