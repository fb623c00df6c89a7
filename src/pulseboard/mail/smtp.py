"""One letter to an SMTP server."""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, parseaddr

import idna

from pulseboard.kit.emails import is_email
from pulseboard.mail.models import OutboxLetter
from pulseboard.settings import Mail

TIMEOUT = 30  # seconds, for each answer of the server
_PERMANENT = 500


class Refused(Exception):
    """The letter did not leave. ``lasting``: trying again cannot help."""

    def __init__(self, reason: str, *, lasting: bool) -> None:
        super().__init__(reason)
        self.lasting = lasting


def send(settings: Mail, letter: OutboxLetter) -> None:
    """Hands the letter to the server.

    Raises:
        Refused: the server or the network did not take it.
    """
    try:
        message = _message(settings, letter)
        with _connected(settings) as server:
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
            server.send_message(message, _bare(settings.sender), [_wire_address(letter.recipient)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, why = next(iter(refused.recipients.values()))
        raise Refused(f"{code} {_words(why)}", lasting=code >= _PERMANENT) from refused
    except smtplib.SMTPNotSupportedError as refused:
        raise Refused(str(refused), lasting=True) from refused
    except smtplib.SMTPAuthenticationError as refused:  # the operator mends the settings, and the letter leaves
        raise Refused(f"{refused.smtp_code} the mail server refuses the user or the password", lasting=False) from None
    except smtplib.SMTPResponseException as refused:
        reason = f"{refused.smtp_code} {_words(refused.smtp_error)}"
        raise Refused(reason, lasting=refused.smtp_code >= _PERMANENT) from refused
    except (smtplib.SMTPException, OSError) as broken:
        raise Refused(str(broken) or type(broken).__name__, lasting=False) from broken
    except ValueError as wrong:  # an address or a header that no mail can have
        raise Refused(str(wrong), lasting=True) from wrong


def _connected(settings: Mail) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_tls == "tls":
        return smtplib.SMTP_SSL(host, port, timeout=TIMEOUT, context=ssl.create_default_context())
    server = smtplib.SMTP(host, port, timeout=TIMEOUT)
    if settings.smtp_tls == "starttls":
        try:
            server.starttls(context=ssl.create_default_context())
        except BaseException:
            server.close()
            raise
    return server


def _message(settings: Mail, letter: OutboxLetter) -> EmailMessage:
    """
    Raises:
        ValueError: a header would have a line break in it, or an address is none; the library refuses to write it.
    """
    if not is_email(letter.recipient):
        raise ValueError("the recipient is no e-mail address")
    recipient = _wire_address(letter.recipient)
    message = EmailMessage(policy=SMTP if recipient.isascii() else SMTPUTF8)
    name, address = parseaddr(settings.sender)
    message["From"] = _header(address, name)
    message["To"] = _header(letter.recipient)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.created_at)
    # The same at every attempt, so that a server that took the letter and could not say so shows it once.
    message["Message-ID"] = f"<{letter.id}@{_wire_address(address).rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def _header(address: str, name: str = "") -> Address:
    local, _, domain = _wire_address(address).rpartition("@")
    return Address(name, local, domain)


def _bare(sender: str) -> str:
    return _wire_address(parseaddr(sender)[1])


def _wire_address(address: str) -> str:
    """The address with its domain in the letters that DNS has.

    Raises:
        ValueError: the domain cannot be one.
    """
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local}@{idna.encode(domain, uts46=True).decode()}"


def _words(reason: bytes | str) -> str:
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
