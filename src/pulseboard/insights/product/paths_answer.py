"""Asks the store about paths and makes nodes and links of its rows."""

from pulseboard.insights.catalog import OTHER
from pulseboard.insights.product.paths import Paths
from pulseboard.insights.product.schemas import LinkOut, NodeOut, PathsOut
from pulseboard.insights.product.sql.paths import render_paths
from pulseboard.insights.schemas import MetaOut
from pulseboard.store import Store

Place = tuple[int, int]  # a level, and the place in it, from 1


def paths_answer(store: Store, asked: Paths, meta: MetaOut) -> PathsOut:
    """The nodes level by level, the most frequent first, and the links between them."""
    statement = render_paths(asked)
    rows = store.read(statement.sql, statement.params, asked.frame.scope)
    nodes: dict[Place, NodeOut] = {}
    for row in rows:
        place = (row["level"], row["here"])
        other = row["here"] > asked.limit
        label = OTHER if other else row["label"]
        node = nodes.setdefault(place, NodeOut(len(nodes), row["level"], label, other, 0))
        node.count += row["n"]
    links = [_link(asked, nodes, (row["level"], row["here"]), row["there"], row["n"]) for row in rows if row["there"]]
    return PathsOut(list(nodes.values()), links, meta)


def _link(asked: Paths, nodes: dict[Place, NodeOut], here: Place, there: int, count: int) -> LinkOut:
    near, far = nodes[here].id, nodes[here[0] + 1, there].id
    return LinkOut(near, far, count) if asked.end is None else LinkOut(far, near, count)
