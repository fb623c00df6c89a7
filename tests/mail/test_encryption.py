"""The way to the mail server is encrypted, and only to the server that it claims to be."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

import pytest
from aiosmtpd.controller import Controller
from bench.served import free_port
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.mail.test_delivery import Postbox

from pulseboard.mail.models import OutboxLetter
from pulseboard.mail.smtp import Refused, send
from pulseboard.settings import Mail

LETTER = OutboxLetter(
    id="1", recipient="alice@example.com", subject="Hello", text="Hello", html="<p>Hello", created_at=datetime.now(UTC)
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of 127.0.0.1 that nobody has signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail of these tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


@pytest.fixture(params=["starttls", "tls"])
def encrypted(request: pytest.FixtureRequest, certificate: Path) -> Iterator[tuple[Mail, Postbox]]:
    """A server that takes letters over an encrypted connection alone."""
    how: Literal["starttls", "tls"] = request.param
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    options = {"ssl_context": context} if how == "tls" else {"tls_context": context, "require_starttls": True}
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), **options)  # type: ignore[arg-type]
    with pytest.MonkeyPatch.context() as trusting:
        trusting.setenv("SSL_CERT_FILE", str(certificate))  # it visits itself at the start
        controller.start()
    sender = "Pulseboard <pulse@example.com>"
    yield Mail(smtp_host="127.0.0.1", smtp_port=controller.port, smtp_tls=how, sender=sender), box
    controller.stop()


def test_a_letter_goes_to_a_server_whose_certificate_is_trusted(
    encrypted: tuple[Mail, Postbox], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    settings, box = encrypted
    send(settings, LETTER)
    assert box.letter()["to"] == "alice@example.com"


def test_no_letter_goes_to_a_server_that_anybody_could_be(encrypted: tuple[Mail, Postbox]) -> None:
    settings, box = encrypted
    with pytest.raises(Refused, match="certificate") as refused:
        send(settings, LETTER)
    assert not refused.value.lasting and box.got == []
