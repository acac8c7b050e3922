"""Background work of this context."""

from __future__ import annotations

from smarthd.agencies import services
from smarthd.kernel import clock
from smarthd.kernel.tasks import app, daily


@app.periodic(cron=daily(2, 40))
@app.task(queue="agencies", queueing_lock="agencies.clear_old_uploads")
def clear_old_uploads(timestamp: int) -> None:
    """Clear uploaded rosters that outlived their use."""
    services.clear_old_uploads(now=clock.now())
