"""How a project's alerts tell, unless they say something else themselves: its admins' choice, as one JSON text."""

from typing import Annotated, Literal

import msgspec
from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

MAX_CHANNELS = 20
WINDOW = r"^[1-9][0-9]{0,3}[mhd]$"

ChannelType = Literal["email", "slack", "webhook", "in_app"]


class Channel(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """``target`` is an address or a URL; empty for e-mail means the rule's maker."""

    type: ChannelType
    target: str = ""


class AlertDefaults(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """``window`` is how far an alert looks back, such as ``5m``."""

    channels: Annotated[tuple[Channel, ...], msgspec.Meta(max_length=MAX_CHANNELS)] = (Channel("email"),)
    window: Annotated[str, msgspec.Meta(pattern=WINDOW)] = "5m"


class AlertDefaultsText(TypeDecorator[AlertDefaults]):
    """``AlertDefaults`` as JSON text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: AlertDefaults | None, dialect: Dialect) -> str:  # noqa: ARG002
        """Encodes it."""
        return msgspec.json.encode(value or AlertDefaults()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> AlertDefaults:  # noqa: ARG002
        """Decodes it."""
        return msgspec.json.decode(value or "{}", type=AlertDefaults)
