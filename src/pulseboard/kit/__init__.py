"""Small things that every room uses and that know no room: clock, ids, periods, paging."""
