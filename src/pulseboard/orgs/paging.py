"""The parameters of every list."""

from typing import Annotated

from litestar.params import QueryParameter

Limit = Annotated[int, QueryParameter(ge=1, le=200, description="How many to return at most.")]
Cursor = Annotated[str | None, QueryParameter(max_length=100, description="`nextCursor` of the page before.")]
