"""Every list of the campaign as CSV: how long, and how much the memory grows, because rows are to be passed on and not gathered."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from guatu.console.bench.measuring import forget_peak, peak_mb
from guatu.console.bench.operations import Bench
from guatu.exchange.csv_out import write_csv
from guatu.exchange.list_table import list_sheets
from guatu.queries.pages import ItemFilters
from guatu.records.packs import pack_of


def csv_of_all(at: Bench) -> dict[str, Any]:
    """Write the list of each register whole. `growth_mb`: of this process, None where the system does not say."""
    actor, keys = at.actor, tuple(pack_of(at.campaign).registers)
    size = lines = 0
    with TemporaryDirectory(prefix="guatu-bench-") as folder:
        forget_peak()
        before, clear = peak_mb(), time.perf_counter()
        for key in keys:
            path = Path(folder) / f"{key}.csv"
            for sheet in list_sheets(actor, at.campaign, key, ItemFilters(), (), at.day):
                write_csv(path, sheet)
            size += path.stat().st_size
            lines += path.read_bytes().count(b"\n") - 1
        seconds, after = time.perf_counter() - clear, peak_mb()
    return {
        "registers": len(keys),
        "lines": lines,
        "bytes": size,
        "seconds": round(seconds, 2),
        "growth_mb": None if before is None or after is None else after - before,
    }
