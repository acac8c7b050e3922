"""Making a version public, whole or not at all; going back to an older one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from smarthd.connectors import events, policies
from smarthd.connectors.errors import OwnHandIn, ReleaseReasonMissing, VersionOutdated, VersionUnknown
from smarthd.connectors.models import Change, Run, Source, Version
from smarthd.connectors.rules import states
from smarthd.connectors.rules.states import RunState, VersionState
from smarthd.connectors.services import checking, earlier, indexes, manifests, partitions, sources, words
from smarthd.kernel import audit, text
from smarthd.kernel.actor import Actor
from smarthd.kernel.events import announce
from smarthd.kernel.policies import require

_ROW = "source_id, key, code, digest, since, until, sort, values, unit_id, lat, lon"


def publish(*, uid: UUID, number: int, actor: Actor, now: datetime, reason: str = "") -> Version:
    """Make a waiting version public. One that was held needs the head, the delegate or an administrator, and a reason.

    Where two persons publish, it is not the one who handed it in.

    Raises VersionUnknown, IllegalMove, VersionOutdated, NotAllowed, ReleaseReasonMissing, OwnHandIn.
    """
    staged = Version.objects.filter(source__uid=uid, number=number, staged=True).select_related("source").first()
    if staged is not None and policies.can_feed(actor, staged.source.agency_id):
        partitions.index_beside(staged.source_id)
    return _publish(uid=uid, number=number, actor=actor, now=now, reason=reason)


@transaction.atomic
def _publish(*, uid: UUID, number: int, actor: Actor, now: datetime, reason: str) -> Version:
    source = sources.locked(uid, actor)
    version = _version(source, number)
    if source.two_persons and version.run is not None and actor.account_id is not None:
        _require_another(actor.account_id, version.run.account_id)
    if version.state == VersionState.HELD:
        require(policies.can_release(actor, source.agency_id))
        version.state = states.RELEASE.apply(VersionState(version.state))
        version.release_reason = text.nfc(reason)[:300]
        if len(version.release_reason) < 5:
            raise ReleaseReasonMissing(fields={"reason": "Ghi vì sao vẫn công bố, ít nhất một câu."})
    else:
        require(policies.can_feed(actor, source.agency_id))
        version.state = states.PUBLISH.apply(VersionState(version.state))
    if version.base != source.version:
        raise VersionOutdated(number=number)
    if version.staged:
        partitions.join_own_table(source.pk)
        source.row_count = version.added
    else:
        source.row_count = _merge(source, version)
    version.staged = False
    Change.objects.filter(version=version).delete()
    manifests.forget_before(source.pk, number)
    confirmed = version.run.began_at if version.run else now
    _make_public(source, version, actor=actor, now=now, confirmed_at=confirmed)
    if version.run is not None:
        Run.objects.filter(pk=version.run.pk).update(state=RunState.PUBLISHED)
    audit.record(actor, "connectors.version_published", source, at=now, number=number, reason=version.release_reason)
    return version


def _require_another(publisher: int, handed_in: int | None) -> None:
    if publisher == handed_in:
        raise OwnHandIn


def _version(source: Source, number: int) -> Version:
    version = (
        Version.objects.select_for_update(of=("self",))
        .select_related("run")
        .filter(source=source, number=number)
        .first()
    )
    if version is None:
        raise VersionUnknown(number=number)
    return version


def _merge(source: Source, version: Version) -> int:
    """End the rows that go or change, begin those that come; return how many rows are public then."""
    told = {"source": source.pk, "version": version.pk, "number": version.number}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connectors_datarow AS r SET until = %(number)s FROM connectors_change AS c "
            "WHERE c.version_id = %(version)s AND c.act IN ('c', 'r') "
            "AND r.source_id = %(source)s AND r.code = c.code AND r.key = c.key AND r.until IS NULL",
            told,
        )
        ended = cursor.rowcount
        cursor.execute(
            f"INSERT INTO connectors_datarow ({_ROW}) SELECT %(source)s, key, code, digest, %(number)s, NULL, sort, "
            "values, unit_id, lat, lon FROM connectors_change WHERE version_id = %(version)s AND act IN ('a', 'c') ORDER BY id",
            told,
        )
        return int(source.row_count - ended + cursor.rowcount)


def _make_public(source: Source, version: Version, *, actor: Actor, now: datetime, confirmed_at: datetime) -> None:
    Version.objects.filter(source=source, state=VersionState.PUBLISHED).update(state=states.REPLACE.target)
    version.published_at, version.published_by = now, actor.account_id
    version.save()
    before, source.version = source.version, version.number
    source.changed_at, source.confirmed_at, source.reminded_on = now, confirmed_at, None
    source.save(update_fields=["version", "row_count", "changed_at", "confirmed_at", "reminded_on"])
    indexes.keep_up(source)
    words.keep_up(source, before=before, changes=version.added + version.changed + version.removed)
    announce(
        events.DatasetPublished(
            source_uid=source.uid,
            key=source.key,
            number=version.number,
            added=version.added,
            changed=version.changed,
            removed=version.removed,
            at=now,
        )
    )


@transaction.atomic
def drop(*, uid: UUID, number: int, actor: Actor, now: datetime) -> None:
    """Drop a version that waits; what is public stays."""
    source = sources.locked(uid, actor)
    require(policies.can_feed(actor, source.agency_id))
    version = _version(source, number)
    states.WITHDRAW.apply(VersionState(version.state))
    checking.drop_waiting(source)
    audit.record(actor, "connectors.version_dropped", source, at=now, number=number)


@transaction.atomic
def go_back(*, uid: UUID, number: int, actor: Actor, now: datetime) -> Version:
    """Make the rows of an older version public again, as a new version; a schedule stands still until somebody lets it go on.

    The versions between are recalled: whatever its owner says of earlier ones, nobody may take them away.

    Raises VersionUnknown where the version never was public, or is public now.
    """
    source = sources.locked(uid, actor)
    require(policies.can_feed(actor, source.agency_id))
    old = _version(source, number)
    if old.published_at is None or old.number == source.version:
        raise VersionUnknown(number=number)
    checking.drop_waiting(source)
    again = Version.objects.create(
        source=source,
        number=checking.next_number(source),
        base=source.version,
        run=old.run,
        state=VersionState.PUBLISHED if not source.version else VersionState.CHECKED,
        mapping=old.mapping,
        columns=old.columns,
        rows=old.rows,
        added=0,
        changed=0,
        removed=0,
        restores=old.number,
        made_at=now,
    )
    again.added, again.changed, again.removed = _restore(source, old.number, again.number)
    again.state, again.rows = VersionState.PUBLISHED, source.row_count
    source.mapping = old.mapping
    source.paused = source.paused or source.every_minutes is not None
    source.save(update_fields=["mapping", "paused"])
    _make_public(source, again, actor=actor, now=now, confirmed_at=old.run.began_at if old.run else now)
    earlier.recall_between(source, old.number, again.number, now=now)
    audit.record(actor, "connectors.version_restored", source, at=now, number=again.number, restores=old.number)
    return again


def _restore(source: Source, old: int, number: int) -> tuple[int, int, int]:
    """End the rows that came after a version and bring back those that ended since. Return added, changed, removed."""
    told = {"source": source.pk, "old": old, "number": number}
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE connectors_datarow SET until = %(number)s WHERE source_id = %(source)s AND until IS NULL AND since > %(old)s "
            "RETURNING key",
            told,
        )
        ended = {key for (key,) in cursor.fetchall()}
        cursor.execute(
            f"INSERT INTO connectors_datarow ({_ROW}) SELECT source_id, key, code, digest, %(number)s, NULL, sort, values, "
            "unit_id, lat, lon FROM connectors_datarow WHERE source_id = %(source)s AND since <= %(old)s AND until > %(old)s "
            "ORDER BY id RETURNING key",
            told,
        )
        back = {key for (key,) in cursor.fetchall()}
    source.row_count += len(back) - len(ended)
    return len(back - ended), len(back & ended), len(ended - back)
