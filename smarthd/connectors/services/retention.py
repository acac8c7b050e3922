"""Files that were read are kept no longer than they are needed: thirty days, the newest and the one behind what is public for as long as they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from smarthd.connectors.models import Run, Version
from smarthd.connectors.rules.states import VersionState
from smarthd.kernel import files

FILES = timedelta(days=30)
SAMPLES = timedelta(days=1)


def apply_retention(*, now: datetime) -> int:
    """Destroy kept files and samples that have outlived their purpose; running twice destroys nothing more. Return how many."""
    return _files(now) + _samples(now)


@transaction.atomic
def _files(now: datetime) -> int:
    with_file = Run.objects.exclude(kept_sha256="")
    newest = with_file.values("source").annotate(last=Max("id")).values_list("last", flat=True)
    behind = Version.objects.filter(
        state__in=[VersionState.PUBLISHED, VersionState.CHECKED, VersionState.HELD], run__isnull=False
    ).values_list("run_id", flat=True)
    over = with_file.filter(began_at__lt=now - FILES).exclude(pk__in=newest).exclude(pk__in=behind)
    runs = list(over.select_for_update().values_list("pk", "kept_sha256")[:5_000])
    Run.objects.filter(pk__in=[pk for pk, _sha in runs]).update(kept_sha256="")
    gone = {sha for _pk, sha in runs}
    gone -= set(Run.objects.filter(kept_sha256__in=gone).values_list("kept_sha256", flat=True))
    return _destroy(gone)


@transaction.atomic
def _samples(now: datetime) -> int:
    old = list(Run.objects.select_for_update().filter(began_at__lt=now - SAMPLES, counts__has_key="sample")[:5_000])
    gone = {str(run.counts.pop("sample")) for run in old}
    Run.objects.bulk_update(old, ["counts"])
    return _destroy(gone - {""})


def _destroy(hashes: set[str]) -> int:
    transaction.on_commit(lambda: [files.forget(sha) for sha in hashes])
    return len(hashes)
