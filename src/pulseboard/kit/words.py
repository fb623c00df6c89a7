"""A validator's messages in plain words."""

import re

_WORDS = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
    "datetime": "a time",
}
_TYPES = re.compile(rf"`((?:{'|'.join(_WORDS)})(?: \| (?:{'|'.join(_WORDS)}))*)`")


def plain_words(message: str) -> str:
    """A validator's message without its type names: ``Expected text or null, got a whole number``."""
    message = message.partition(" - at ")[0].replace("`str` matching regex '\\\\S'", "text that is not blank")
    return _TYPES.sub(lambda found: " or ".join(_WORDS[word] for word in found[1].split(" | ")), message)
