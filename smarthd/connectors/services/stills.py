"""Still pictures of cameras and sights: fetched by us, so that no citizen's phone calls another server; ours by encoding; kept a minute."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from django.conf import settings

from smarthd.connectors.adapters.web import Web
from smarthd.connectors.errors import StillMissing
from smarthd.connectors.ports import SourceRefused, SourceUnavailable
from smarthd.connectors.selectors import public
from smarthd.connectors.selectors.public import Dataset
from smarthd.kernel import pictures

LASTS = timedelta(minutes=1)
MOST_BYTES = 4 << 20
CAPACITY = 100


class Stills:
    """The newest pictures of this process, and the places that just failed: nobody's server is asked more than once a minute for one."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[datetime, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, address: str, *, now: datetime) -> bytes:
        """Return the picture at an address as our own JPEG. Raises StillMissing."""
        with self._lock:
            kept = self._kept.get(address)
        if kept is None or not timedelta() <= now - kept[0] < LASTS:
            kept = (now, _fetched(address))
            with self._lock:
                self._kept[address] = kept
                self._kept.move_to_end(address)
                while len(self._kept) > CAPACITY:
                    self._kept.popitem(last=False)
        if not kept[1]:
            raise StillMissing
        return kept[1]


_stills = Stills()


def still(shown: Dataset, code: str, *, now: datetime) -> bytes:
    """Return the still picture of a row. Raises RowUnknown, StillMissing."""
    row = public.row(shown, code)
    address = row.values.get(shown.publication.picture) if shown.publication.picture else None
    if not isinstance(address, str):
        raise StillMissing(code=code)
    return _stills.get(address, now=now)


def _fetched(address: str) -> bytes:
    try:
        raw = Web(inside=settings.CONNECTOR_INSIDE_HOSTS, most=MOST_BYTES).get(address).body
        made, suffix = pictures.reencode(io.BytesIO(raw))
    except (SourceRefused, SourceUnavailable, pictures.NotAPicture, pictures.PictureTooLarge):
        return b""
    return made if suffix == ".jpg" else b""
