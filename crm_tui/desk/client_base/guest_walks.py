"""Going through a list of guests in its order: how many there are, a page beyond an edge, the place of a row.

A short list is found in the full-text index and sorted. A long one is walked along the index of the names, each guest looked up
in the sets that the criteria make, until the page is full; so nothing is sorted that nobody reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from crm_tui.desk.client_base.guest_conditions import Asked, Members
from crm_tui.desk.client_base.guest_shared_words import answers_singly, spelled_out
from crm_tui.desk.common.views import Cursor

FEW = 3000
"""Up to how many guests a list is sorted anew for every page."""

FEW_MEMBERS = 10_000
"""Up to how many members of a set are looked at one by one, rather than all guests along their names."""

FEW_ROWS = 1000
"""Up to how many guests of a long list are looked up by themselves, rather than the sets of all made first."""

SHARED = 50_000
"""From so many guests on a word counts as shared, if one of :data:`EVERY` has it: each is looked up by itself."""

EVERY = 2.5

_LAST = "\U0010ffff"
_OFFERED = "merged_into IS NULL AND archived_at IS NULL"
_NOT_OFFERED = (
    "SELECT id FROM guest INDEXED BY ix_guest_archived WHERE merged_into IS NULL AND archived_at IS NOT NULL",
    "SELECT id FROM guest INDEXED BY ix_guest_merged WHERE merged_into IS NOT NULL",
)
Values = tuple[Any, ...]
_FOUND = "SELECT s.rowid FROM guest_search s WHERE s.guest_search MATCH ?"


@dataclass(frozen=True, slots=True)
class _Part:
    """Guests who stand together in a list: ``where`` they are; ``mark`` is what their keys begin with."""

    mark: str = ""
    where: str = ""
    values: Values = ()


@dataclass
class Walk:
    """A list of guests in the order of its keys.

    The key of a guest is the folded name, behind a mark for those whose surname begins as typed and whose name has all that
    was typed, who come first.
    """

    connection: Connection
    asked: Asked
    by_name: bool = True
    known: int | None = None
    """How long the list is, where that was found out before."""
    many: bool = False
    """It is known to be long."""

    def key(self, folded: str) -> str:
        """What a guest of that name is sorted by."""
        if not self.by_name:
            return ""
        names = self.asked.names
        if not names:
            return folded
        named = folded.startswith(names) and all(f" {one}" in f" {folded}" for one in names)
        return f"{'0' if named else '1'}{folded}"

    @cached_property
    def total(self) -> int:
        """How long the list is."""
        if self.asked.impossible:
            return 0
        if self.known is not None:
            return self.known
        if self._gathered:
            return len(self._whole)
        if self._matched is not None:
            return len(self._matched)
        if self.asked.members and not self.asked.match:
            return self._number_in_sets()
        source, where, values = self._source(sorting=bool(self.asked.match))
        return self._number(f"SELECT count(*) FROM {source} WHERE {where}", values)

    @property
    def short(self) -> bool:
        """How long the list is is known without counting those who are found one by one."""
        return not self.asked.match or self.asked.impossible or self._gathered or self._matched is not None

    @property
    def nobody(self) -> bool:
        """The list is empty."""
        return self.short and not self.total

    def has(self, guest_id: int) -> bool:
        """Whether a guest is in the list."""
        if self.asked.impossible:
            return False
        source, where, values = self._source(sorting=bool(self.asked.match), each=True)
        number = "s.rowid" if self.asked.match else "g.id"
        source = source.partition(" INDEXED BY")[0]
        return bool(self._number(f"SELECT count(*) FROM {source} WHERE {where} AND {number} = ?", (*values, guest_id)))

    def ids(self, kind: str, edge: Cursor | None, limit: int, offset: int) -> list[int]:
        """The numbers of a page; ``kind`` is first, last, after, before or at. A limit below zero is none."""
        if self.asked.impossible:
            return []
        backwards = kind in {"before", "last"}
        if kind in {"first", "last"} and self._gathered:
            whole = self._whole
            return whole[max(0, len(whole) - limit) :] if backwards else whole[: limit if limit >= 0 else None]
        if not self.by_name:
            found = self._newest(edge, backwards=backwards, limit=limit, offset=offset)
        elif self._few:
            found = self._sorted(edge, backwards=backwards, limit=limit, offset=offset)
        else:
            found = self._walked(edge, backwards=backwards, limit=limit, offset=offset)
        return found[::-1] if backwards else found

    def position(self, cursor: Cursor) -> int:
        """How many stand before the row of that key."""
        if self.asked.impossible:
            return 0
        source, where, values = self._source(sorting=self._few)
        if not self.by_name:
            number = "s.rowid" if source.startswith("guest_search") else "g.id"
            return self._number(f"SELECT count(*) FROM {source} WHERE {where} AND {number} > ?", (*values, cursor[1]))
        before = 0
        for part in self._parts():
            if part.mark > cursor[0][: len(part.mark)]:
                continue
            beyond, edge = _beyond(part, cursor, backwards=True)
            statement = f"SELECT count(*) FROM {self._joined(source)} WHERE {where}{part.where}{beyond}"
            before += self._number(statement, (*values, *part.values, *edge))
        return before

    # How the rows are found

    @property
    def _few(self) -> bool:
        """The list is sorted anew for a page, rather than all guests walked until the page is full."""
        if self.asked.match:
            return self._matched is not None
        return any(one.wanted for one in self.asked.members) and self.total <= FEW_MEMBERS

    @cached_property
    def _match(self) -> str:
        """What is asked of the full-text index, so that it answers soonest."""
        return spelled_out(self.connection, self.asked.match) if self.asked.match else ""

    @cached_property
    def _some(self) -> list[int]:
        """Whom the full-text index finds first, in the order of their numbers."""
        if not self.asked.match:
            return []
        source, where, values = self._source(sorting=True)
        return self._ids(f"SELECT s.rowid FROM {source} WHERE {where} LIMIT {FEW + 1}", values)

    @property
    def _matched(self) -> list[int] | None:
        """Whom the full-text index finds, in no order; None if they are many."""
        if not self.asked.match or self.many or (self.known is not None and self.known > FEW):
            return None
        return self._some if len(self._some) <= FEW else None

    @cached_property
    def _size(self) -> int:
        """About how long the list is, without counting what is long: as if those it has were spread evenly."""
        if self.known is not None or not self.asked.match or self._matched is not None:
            return self.total
        return len(self._some) * self._newest_guest // self._some[-1] if self._some else 0

    @cached_property
    def _newest_guest(self) -> int:
        return self._number("SELECT coalesce(max(id), 0) FROM guest", ())

    @cached_property
    def _shared(self) -> str:
        """What finds a guest who has the one word that is asked for, where nearly every other guest has it; else empty."""
        if not self.asked.one_word or self.asked.members or self._size < SHARED:
            return ""
        if self._size * EVERY < self._newest_guest:
            return ""
        asked = spelled_out(self.connection, self.asked.wanted)
        return asked if answers_singly(asked) else ""

    @property
    def _gathered(self) -> bool:
        """A small set is asked for: who of it is in the list is found out at once, not first how many."""
        return self.by_name and self.known is None and bool(self._small)

    @cached_property
    def _whole(self) -> list[int]:
        return self._sorted(None, backwards=False, limit=-1, offset=0)

    @cached_property
    def _small(self) -> tuple[Members, ...]:
        """The sets with few members, made once; a guest must be in all of them."""
        wanted = [one for one in self.asked.members if one.wanted]
        if self.known is not None and self.known > FEW_MEMBERS:
            return ()
        return tuple(small for one in wanted if (small := self._made(one)) is not None)

    def _made(self, members: Members) -> Members | None:
        """A set as the list of its members, if they are few."""
        statement = f"SELECT * FROM ({members.rows}) LIMIT {FEW_MEMBERS + 1}"
        found = self._ids(statement, members.values)
        if len(found) > FEW_MEMBERS:
            return None
        return Members("SELECT value AS guest_id FROM json_each(?)", (str(sorted(set(found))),))

    def _number_in_sets(self) -> int:
        """How many are in sets with many members, without looking at all guests."""
        wanted = [one for one in self.asked.members if one.wanted]
        unwanted = [one for one in self.asked.members if not one.wanted]
        if wanted:
            first, conditions = wanted[0].rows, [one.holds("guest_id") for one in (*wanted[1:], *unwanted)]
            values = _values((*wanted, *unwanted))
        else:
            first, conditions, values = " UNION ".join(one.rows for one in unwanted), [], _values(unwanted)
        offered, more = self._offered("guest_id")
        asked = " AND ".join((*conditions, offered))
        counted = f"SELECT count(*) FROM (SELECT DISTINCT guest_id FROM ({first})) WHERE {asked}"
        number = self._number(counted, (*values, *more))
        return number if wanted else Walk(self.connection, replace(self.asked, members=())).total - number

    def _offered(self, guest: str) -> tuple[str, Values]:
        """That a guest is among those that the list is about, whatever else is asked."""
        asked = self.asked
        if asked.archived or asked.kind == "company":
            alive, index, values = self._alive()
            return f"{guest} IN (SELECT g.id FROM guest g INDEXED BY ix_guest_{index} WHERE {alive})", values
        others = list(_NOT_OFFERED)
        if asked.kind:
            others.append("SELECT id FROM guest INDEXED BY ix_guest_kind WHERE kind <> ? AND " + _OFFERED)
        return f"{guest} NOT IN ({' UNION ALL '.join(others)})", (asked.kind,) if asked.kind else ()

    def _alive(self) -> tuple[str, str, Values]:
        """What the list is about, whatever else is asked; the index that has them by name; values."""
        asked = self.asked
        alive = f"g.merged_into IS NULL AND g.archived_at IS {'NOT NULL' if asked.archived else 'NULL'}"
        index = "archived" if asked.archived else "kind" if asked.kind else "offered"
        return (f"{alive} AND g.kind = ?", index, (asked.kind,)) if asked.kind else (alive, index, ())

    def _source(self, *, sorting: bool, by_text: bool = True, each: bool = False) -> tuple[str, str, Values]:
        """Where the rows come from, and all that is asked: the full-text index (``s``), or an index of names (``g``).

        Without ``by_text`` what is asked of the full-text index is left out. ``each``: guests are looked up in the large
        sets by themselves.
        """
        asked, small = self.asked, self._small if sorting else ()
        each = each or bool(small)
        members = asked.members
        if sorting and asked.match:
            # The plus: the index is gone through once, each guest found looked up in the sets, not the other way round.
            held = [one.holds("+s.rowid") for one in small] + [_held(one, "s.rowid", each) for one in members]
            values = (self._match, *_values(small), *_values(members))
            return "guest_search s", " AND ".join(("s.guest_search MATCH ?", *held)), values
        alive, index, values = self._alive()
        where = [alive]
        if asked.match and by_text:
            one = each and self._shared
            where.append(f"EXISTS ({_FOUND} AND s.rowid = g.id)" if one else f"g.id IN ({_FOUND})")
            values = (*values, one or self._match)
        where += [one.holds("g.id") for one in small] + [_held(one, "g.id", each) for one in members]
        by_index = self.by_name and not sorting
        source = f"guest g INDEXED BY ix_guest_{index}" if by_index else "guest g NOT INDEXED"
        return source, " AND ".join(where), (*values, *_values(small), *_values(members))

    def _joined(self, source: str) -> str:
        return f"{source} CROSS JOIN guest g ON g.id = s.rowid" if source.startswith("guest_search") else source

    def _parts(self) -> tuple[_Part, ...]:
        names = self.asked.names
        if not names:
            return (_Part(),)
        words, has = self._has_names("g.folded")
        # In the order of the index: a stretch of it for each beginning, unless that lies within another's.
        stretches = [one for one in sorted(names) if not any(one != other and one.startswith(other) for other in names)]
        first = [
            _Part("0", f" AND g.folded >= ? AND g.folded < ?{words}", (one, one + _LAST, *has)) for one in stretches
        ]
        named, values = self._named("+g.folded")  # the plus: along the index, the few who come first are passed over
        return (*first, _Part("1", f" AND NOT ({named})", values))

    def _named(self, column: str) -> tuple[str, Values]:
        """Who comes first: the surname begins with something that is asked, and the name has the rest."""
        begins = " OR ".join([f"({column} >= ? AND {column} < ?)"] * len(self.asked.names))
        words, has = self._has_names(column)
        edges = [edge for one in self.asked.names for edge in (one, one + _LAST)]
        return f"({begins}){words}", (*edges, *has)

    def _has_names(self, column: str) -> tuple[str, Values]:
        names = self.asked.names if len(self.asked.names) > 1 else ()
        return f" AND instr(' ' || {column}, ' ' || ?) > 0" * len(names), names

    def _newest(self, edge: Cursor | None, *, backwards: bool, limit: int, offset: int) -> list[int]:
        by_text = bool(self.asked.match)
        source, where, values = self._source(sorting=by_text, each=0 <= limit + offset <= FEW_ROWS)
        number = "s.rowid" if by_text else "g.id"
        if edge is not None:
            where, values = f"{where} AND {number} {'>' if backwards else '<'} ?", (*values, edge[1])
        way = "ASC" if backwards else "DESC"
        statement = f"SELECT {number} FROM {source} WHERE {where} ORDER BY {number} {way} LIMIT ? OFFSET ?"
        return self._ids(statement, (*values, limit, offset))

    def _sorted(self, edge: Cursor | None, *, backwards: bool, limit: int, offset: int) -> list[int]:
        source, where, values = self._source(sorting=True)
        if self._matched is not None:
            source, where = "json_each(?) s CROSS JOIN guest g ON g.id = s.value", "1"
            values = (str(self._matched),)
        key: str = "g.folded"
        begins: Values = ()
        if self.asked.names:
            named, begins = self._named("g.folded")
            key = f"(CASE WHEN {named} THEN '0' ELSE '1' END) || g.folded"
        inner = f"SELECT g.id AS id, {key} AS k FROM {self._joined(source)} WHERE {where}"
        values = (*begins, *values)
        beyond = ""
        if edge is not None:
            beyond, values = f"WHERE (k, id) {'<' if backwards else '>'} (?, ?)", (*values, *edge)
        way = "DESC" if backwards else "ASC"
        statement = f"SELECT id FROM ({inner}) {beyond} ORDER BY k {way}, id {way} LIMIT ? OFFSET ?"
        return self._ids(statement, (*values, limit, offset))

    def _walked(self, edge: Cursor | None, *, backwards: bool, limit: int, offset: int) -> list[int]:
        way = "DESC" if backwards else "ASC"
        parts = self._parts()
        found: list[int] = []
        for part in parts[::-1] if backwards else parts:
            # Whose surname begins with the one word that is asked for fits by that alone.
            by_text = not (self.asked.one_word and part.mark == "0")
            source, where, values = self._source(
                sorting=False, by_text=by_text, each=0 <= limit + offset <= FEW_ROWS and self._size > FEW_MEMBERS
            )
            if edge is not None and (part.mark > edge[0][:1] if backwards else part.mark < edge[0][:1]) and part.mark:
                continue
            beyond, at = _beyond(part, edge, backwards=backwards) if edge is not None else ("", ())
            statement = (
                f"SELECT g.id FROM {source} WHERE {where}{part.where}{beyond} "
                f"ORDER BY g.folded {way}, g.id {way} LIMIT ? OFFSET ?"
            )
            asked = (*values, *part.values, *at)
            skipped = 0
            if offset and len(parts) > 1 and not found:
                here = self._number(f"SELECT count(*) FROM {source} WHERE {where}{part.where}", asked)
                skipped, offset = min(offset, here), max(0, offset - here)
            else:
                skipped, offset = offset, 0
            found += self._ids(statement, (*asked, limit - len(found) if limit >= 0 else -1, skipped))
            if 0 <= limit <= len(found):
                break
        return found

    def _ids(self, statement: str, values: Values) -> list[int]:
        return list(self.connection.exec_driver_sql(statement, values).scalars())

    def _number(self, statement: str, values: Values) -> int:
        return int(self.connection.exec_driver_sql(statement, values).scalar_one())


def _beyond(part: _Part, edge: Cursor, *, backwards: bool) -> tuple[str, Values]:
    """Past the edge, within a part; nothing more is asked of a part that lies behind it as a whole."""
    mark, folded = edge[0][: len(part.mark)], edge[0][len(part.mark) :]
    if mark != part.mark:
        return "", ()
    return f" AND (g.folded, g.id) {'<' if backwards else '>'} (?, ?)", (folded, edge[1])


def _held(members: Members, guest: str, each: bool) -> str:
    if each:
        return members.probes(guest)
    return members.holds(f"+{guest}" if guest == "s.rowid" else guest)


def _values(members: Sequence[Members]) -> Values:
    return tuple(value for one in members for value in one.values)
