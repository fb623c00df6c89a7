"""What is done about accounts without anybody asking."""

from datetime import timedelta

from pulseboard.accounts import forgotten, leaving, queries, throttle
from pulseboard.accounts.desk import Desk

SESSIONS_KEPT = timedelta(days=7)  # after their end


def answer_letters(desk: Desk) -> None:
    """Writes the letters that were asked for at public doors."""
    forgotten.answer_asked(desk)


def tidy(desk: Desk) -> None:
    """Signs with fresh keys, removes what is over, and deletes the accounts of those who left."""
    now = desk.clock()
    desk.keyring.keep_fresh(now)
    with desk.db.write() as session:
        queries.forget_old(session, now, failures_before=now - throttle.FORGOTTEN, sessions_before=now - SESSIONS_KEPT)
    leaving.finish(desk)
