"""dlt with pydantic, as its documents show it: a resource of the same file's lines, a model of its columns, rows that do not fit discarded.

Run by a Python that has ``dlt[postgres]`` and pydantic: arguments are the file, the folder of the server's socket, a folder to work in.
Prints, as JSON, the seconds by the clock and of processor (its own and its helpers'), and the rows that were loaded.
"""
# mypy: ignore-errors

from __future__ import annotations

import csv
import json
import os
import sys
import time
from datetime import date, datetime
from typing import Annotated

import dlt
from pydantic import AfterValidator, BaseModel, BeforeValidator, HttpUrl, StringConstraints, TypeAdapter

Name = Annotated[str, StringConstraints(min_length=1, max_length=4_000)]
number = BeforeValidator(lambda cell: cell.replace(".", "").replace(",", "."))
day = BeforeValidator(lambda cell: datetime.strptime(cell, "%d/%m/%Y").date())  # noqa: DTZ007 - a day has no zone
moment = BeforeValidator(lambda cell: datetime.strptime(cell, "%d/%m/%Y %H:%M"))  # noqa: DTZ007 - as it is written
ADDRESS = TypeAdapter(HttpUrl)
digits = BeforeValidator(lambda cell: cell.replace(" ", ""))


def within(least: float, most: float) -> AfterValidator:
    """Return what refuses numbers beyond a range."""

    def check(value: float) -> float:
        if not least <= value <= most:
            msg = "beyond"
            raise ValueError(msg)
        return value

    return AfterValidator(check)


class Shop(BaseModel):
    """One line."""

    ma: Name
    ten: Name
    dia_chi: str
    loai: Annotated[str, StringConstraints(max_length=80)]
    gia: Annotated[int, number, within(0, 1e15)]
    dien_tich: Annotated[float, number]
    ngay_cap: Annotated[date, day]
    cap_nhat: Annotated[datetime, moment]
    dien_thoai: Annotated[str, digits, StringConstraints(pattern=r"^0\d{9,10}$")]
    lat: Annotated[float, within(8, 24)]
    lon: Annotated[float, within(102, 118)]
    web: Annotated[str, AfterValidator(lambda cell: str(ADDRESS.validate_python(cell)))]


@dlt.resource(
    name="shops",
    columns=Shop,
    schema_contract={"data_type": "discard_row", "columns": "freeze"},
    primary_key="ma",
    write_disposition="merge",
)
def lines(path: str):
    """Yield the lines a thousand at a time."""
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        names = list(Shop.model_fields)
        page = []
        for row in reader:
            page.append(dict(zip(names, row, strict=True)))
            if len(page) == 1_000:
                yield page
                page = []
        if page:
            yield page


def main(path: str, socket: str, work: str) -> None:
    """Load the file and tell what it took."""
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    from dlt.destinations import postgres

    credentials = {
        "drivername": "postgresql", "username": "postgres", "password": "-", "host": "localhost", "database": "smarthd", "query": {"host": socket},
    }  # fmt: skip
    pipeline = dlt.pipeline("peer", destination=postgres(credentials), dataset_name="dlt_peer", pipelines_dir=work)
    started, before = time.perf_counter(), os.times()
    pipeline.run(lines(path))
    seconds, after = time.perf_counter() - started, os.times()
    cpu = sum(after[:4]) - sum(before[:4])  # its helpers' too
    with pipeline.sql_client() as client:
        [[loaded]] = client.execute_sql("SELECT count(*) FROM shops")
    print(json.dumps({"dlt_s": seconds, "dlt_cpu": cpu, "dlt_rows": loaded}))


if __name__ == "__main__":
    main(*sys.argv[1:])
