"""The web app's cookies: both tokens out of scripts' reach, and the CSRF token within it."""

from litestar.datastructures import Cookie

from pulseboard.accounts.keyring import ACCESS_LIFE, REFRESH_LIFE

ACCESS = "pb_access"
REFRESH = "pb_refresh"
CSRF = "pb_csrf"
CSRF_HEADER = "x-csrf-token"
REFRESH_PATH = "/api/v1/auth"  # the refresh token travels nowhere else


def session_cookies(access: str, refresh: str, csrf: str, *, secure: bool) -> list[Cookie]:
    """What a sign-in sets. ``secure`` is off only when the public base URL is http."""
    short, long = int(ACCESS_LIFE.total_seconds()), int(REFRESH_LIFE.total_seconds())
    return [
        _cookie(ACCESS, access, "/", short, secure),
        _cookie(REFRESH, refresh, REFRESH_PATH, long, secure),
        _cookie(CSRF, csrf, "/", long, secure, httponly=False),
    ]


def access_cookie(access: str, *, secure: bool) -> Cookie:
    """The access token alone; an empty one takes it away."""
    return _cookie(ACCESS, access, "/", int(ACCESS_LIFE.total_seconds()) if access else 0, secure)


def ended_cookies(*, secure: bool) -> list[Cookie]:
    """What a sign-out sets."""
    return [
        _cookie(ACCESS, "", "/", 0, secure),
        _cookie(REFRESH, "", REFRESH_PATH, 0, secure),
        _cookie(CSRF, "", "/", 0, secure, httponly=False),
    ]


def _cookie(key: str, value: str, path: str, max_age: int, secure: bool, httponly: bool = True) -> Cookie:
    return Cookie(key=key, value=value, path=path, max_age=max_age, secure=secure, httponly=httponly, samesite="lax")
