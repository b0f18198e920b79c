"""What became of every row that was read: counts that add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from timingctl.schemas import MESSAGE, TABLES
from timingctl.sql_text import quoted
from timingctl.staging.rejects import CONFLICT, REJECT_SCHEMA, rejects_sql
from timingctl.warehouse import SOURCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from timingctl.exports.export import Export
    from timingctl.exports.source import Source
    from timingctl.schemas import Table
    from timingctl.warehouse import Relations


@dataclass
class Account:
    """What became of the rows of one table: read = used + rejected + exact duplicates."""

    files: list[str] = field(default_factory=list)
    read: int = 0
    used: int = 0
    rejected: dict[str, int] = field(default_factory=dict)
    duplicates: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether no row was lost or counted twice."""
        return self.read == self.used + sum(self.rejected.values()) + self.duplicates


def accounts_of(
    warehouse: Relations, exports: Mapping[Table, Sequence[Export]]
) -> dict[Table, Account]:
    """What became of every row of every table that was given; the counts add up."""
    accounts = {table: account(warehouse, table, files) for table, files in exports.items()}
    orphans = warehouse.execute(
        "select reason, count(*) from orphan_message group by reason order by reason"
    )
    for reason, count in orphans:
        accounts[MESSAGE].rejected[reason] = count
        accounts[MESSAGE].used -= count
    for table, found in accounts.items():
        found.rejected = dict(sorted(found.rejected.items()))
        if not found.adds_up:
            raise RuntimeError(f"{table.name}: rows are lost or counted twice: {found}")
    return {table: accounts[table] for table in TABLES if table in accounts}


def all_accounts(source: Source, accounts: Mapping[Table, Account]) -> Mapping[Table, Account]:
    """The accounts with what became of the rows that an inbox, if one is read, was built from."""
    if source.inbox is None:
        return accounts
    return {
        table: _with_before(account, source.inbox.tables[table.name])
        if table.name in source.inbox.tables
        else account
        for table, account in accounts.items()
    }


def _with_before(account: Account, before: Mapping[str, Any]) -> Account:
    """An account of an inbox's rows with that of the rows which they were then."""
    rejected = Counter(before["rejected"]) + Counter(account.rejected)
    return Account(
        files=before["files"],
        read=before["rowsRead"] - before["used"] + account.read,
        used=account.used,
        rejected=dict(sorted(rejected.items())),
        duplicates=before["exactDuplicates"] + account.duplicates,
    )


def rejects_queries(source: Source, accounts: Mapping[Table, Account]) -> list[str]:
    """The queries for the unusable rows, in the order of table, file and row.

    Those that an inbox has that is read come first.
    """
    told = source.inbox.tables.values() if source.inbox else ()
    before = [f"select {', '.join(map(quoted, REJECT_SCHEMA))} from {SOURCE}.main.Reject"]
    return (before if any(table["rejected"] for table in told) else []) + [
        rejects_sql(table, account.files) for table, account in accounts.items() if account.rejected
    ]


def account(warehouse: Relations, table: Table, exports: Sequence[Export]) -> Account:
    """Count what became of the table's rows, each kind by its own query.

    Rows that only the other tables make unusable still count as used here.
    """
    source, duplicate = f"import_{table.relation}", f"duplicate_{table.relation}"
    [(read,)] = warehouse.execute(f"select count(*) from {source}")
    [(used,)] = warehouse.execute(f"select count(*) from {table.relation}")
    rejected = dict(
        warehouse.execute(
            f"select problem.reason, count(*) from {source} where problem is not null "
            "group by problem.reason order by problem.reason"
        )
    )
    [(conflicts, copies)] = warehouse.execute(
        f"select coalesce(sum(copies) filter (where versions > 1), 0)::bigint, "
        f"coalesce(sum(copies - 1) filter (where versions = 1), 0)::bigint from {duplicate}"
    )
    if conflicts:
        rejected[CONFLICT] = conflicts
    return Account([export.label for export in exports], read, used, rejected, copies)
