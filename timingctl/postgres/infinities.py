"""PostgreSQL's ``infinity`` and ``-infinity``, which the driver gives as years before all."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

_GREATEST = 2**63 - 1
#: Microseconds from 1970 to 2000, from where PostgreSQL counts. The driver adds them to the two
#: ends of 64 bits, which stand for the infinities; what overflows comes out as the least numbers.
_EPOCH = 946_684_800_000_000
#: What the driver gives, and what Parquet has for DuckDB's infinities.
_INFINITIES = ((-_GREATEST - 1 + _EPOCH - 1, _GREATEST), (-_GREATEST - 1 + _EPOCH, -_GREATEST))


def with_infinities(rows: pa.Table) -> pa.Table:
    """The rows, with ``infinity`` where PostgreSQL has it: `build` says so of such a value."""
    for place, field in enumerate(rows.schema):
        if not pa.types.is_timestamp(field.type) or field.type.unit != "us":
            continue
        numbers = rows.column(place).cast(pa.int64())
        least = pc.min(numbers).as_py()
        if least is None or least > _INFINITIES[1][0]:
            continue
        for given, meant in _INFINITIES:
            is_it = pc.fill_null(pc.equal(numbers, given), fill_value=False)
            numbers = pc.if_else(is_it, pa.scalar(meant, pa.int64()), numbers)
        rows = rows.set_column(place, field, numbers.cast(field.type))
    return rows
