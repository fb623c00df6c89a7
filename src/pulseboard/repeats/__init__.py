"""Requests that may be sent twice: the answer to the first is kept for a day, and given to the second."""

from pulseboard.repeats.service import MOST, Answer, Request, begin, finish, forget, tidy

__all__ = ["MOST", "Answer", "Request", "begin", "finish", "forget", "tidy"]
