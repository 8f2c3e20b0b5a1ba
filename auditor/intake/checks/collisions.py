"""Sources of one table that get into each other's way: the same file twice, and ids that stand in two files.

Each row of such an id is quarantined for itself; here the two files are named, because it is the files that were cut
wrongly or sent twice. Ids that a profile's `precedence` settles are no collision.
"""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from auditor.core.result import ContractFinding
from auditor.core.schema import Table
from auditor.core.text import Text
from auditor.intake.checks.contract import Promise
from auditor.intake.checks.keys import key_of, key_text
from auditor.intake.checks.precedence import Ranks, ranks, superseded, unsettled
from auditor.intake.columns.mapping import SOURCE
from auditor.intake.store.staging import Staged

_Pair = tuple[int, int]


def collisions(
    con: Any, rows: Any, broken: Sequence[tuple[Promise, Any]], staged: Sequence[Staged], table: Table
) -> list[ContractFinding]:
    """Every pair of files with the same content, then every other pair that has ids in common, in their order."""
    same = {
        pair
        for pair in combinations(range(len(staged)), 2)
        if staged[pair[0]].source.path != staged[pair[1]].source.path
        and staged[pair[0]].sha256 == staged[pair[1]].sha256
    }
    twice = [_twice(table, staged[one], staged[other]) for one, other in sorted(same)]
    if len(staged) < 2 or all(promise.fault != "id_duplicate" for promise, _ in broken):
        return twice
    ids, shared = _shared(con, rows, key_of(table, frozenset(rows.columns)), ranks([each.source for each in staged]))
    return twice + [
        _collide(table, staged[one], staged[other], number, min(ids[one], ids[other]))
        for (one, other), number in sorted(shared.items())
        if (one, other) not in same
    ]


def _shared(con: Any, rows: Any, key: Sequence[str], order: Ranks) -> tuple[dict[int, int], dict[_Pair, int]]:
    """How many ids each source has, and how many each two of them have in common that no precedence settles."""
    named = rows.select(SOURCE, key=key_text(rows, key))
    named = named.filter(named.key.notnull()).distinct()
    counted = con.to_pyarrow(named.group_by(SOURCE).aggregate(n=named.count())).to_pylist()
    left = rows.filter(~superseded(rows, key, order)).select(SOURCE, key=key_text(rows, key)).distinct()
    twice = left.filter(left.key.isin(unsettled(rows, key, order).key))
    other = twice.view()
    pairs = twice.join(other, [twice.key == other.key, twice[SOURCE] < other[SOURCE]])
    pairs = pairs.select(one=twice[SOURCE], other=other[SOURCE])
    found = con.to_pyarrow(pairs.group_by("one", "other").aggregate(n=pairs.count())).to_pylist()
    return (
        {int(row[SOURCE]): int(row["n"]) for row in counted},
        {(int(row["one"]), int(row["other"])): int(row["n"]) for row in found},
    )


def _twice(table: Table, one: Staged, other: Staged) -> ContractFinding:
    names = (one.source.name, other.source.name)
    return ContractFinding(
        table_name=table.name,
        check="file_twice",
        text=Text(
            zh=f"{names[0]} 与 {names[1]} 内容完全相同（各 {one.read} 行），请删除其中一份",
            en=f"{names[0]} and {names[1]} hold exactly the same ({one.read} rows each); take one of them away",
        ),
        rows=names,
    )


def _collide(table: Table, one: Staged, other: Staged, ids: int, of: int) -> ContractFinding:
    names = (one.source.name, other.source.name)
    return ContractFinding(
        table_name=table.name,
        check="ids_collide",
        text=Text(
            zh=f"{names[0]} 与 {names[1]} 有 {ids} 个编号相同（较小一份共 {of} 个编号），"
            "所涉的行均已隔离，请核对两份文件是否重叠、编号是否重复使用",
            en=f"{names[0]} and {names[1]} have {ids} ids in common, of {of} in the smaller file; their rows are "
            "quarantined: check whether the files overlap or ids were used again",
        ),
        rows=names,
    )
