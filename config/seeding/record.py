"""What is written down about a planting, readable without setting Django up: the next ``make run`` must not wait for it."""

from __future__ import annotations

from config import postgres
from config.env import Env

DEMO, LOAD = "demo.planted", "load.planted"  # keys of kernel.models.SystemRecord
DEMO_CHAPTERS = (
    "places", "villages", "agencies-2024", "spring-2024", "december-2024", "july-2025", "stayers", "running", "roles", "lists", "content", "figures",
    "order-2024", "order-now", "troubles", "broadcasts", "teams", "reporting", "doubts", "fieldreports",
    "warnings", "bulletins", "datasets", "pages", "ideas", "open-data", "finding",
)  # fmt: skip


def read(env: Env, key: str) -> dict[str, object]:
    """Return the record of a planting; empty where there is none, no table or no answering server."""
    import psycopg

    try:
        with psycopg.connect(**postgres.connection_of(env), connect_timeout=5) as connection:
            row = connection.execute("SELECT value FROM kernel_systemrecord WHERE key = %s", [key]).fetchone()
    except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
        return {}
    return dict(row[0]) if row else {}


def demo_is_whole(env: Env) -> bool:
    """Say whether every chapter of the demonstration is written down."""
    done = read(env, DEMO).get("chapters", [])
    return isinstance(done, list) and set(done) >= set(DEMO_CHAPTERS)
