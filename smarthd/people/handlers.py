"""What people does when the process is ready."""

from __future__ import annotations

from smarthd.people import exports, own_data

exports.register("people", own_data.sections)
