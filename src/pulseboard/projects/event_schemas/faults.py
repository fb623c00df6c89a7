"""A validator's findings in our words: short, and without the value that was sent, which may be large or private."""

import json
from collections.abc import Iterator, Sequence

from jsonschema_rs import ValidationError, ValidationErrorKind

from pulseboard.errors import FieldError

MAX_SHOWN = 100  # characters of what the schema says that a message repeats
MAX_NAME = 200  # characters of a name that a path repeats

_TYPES = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_SENTENCES: dict[str, str] = {
    "minimum": "must be at least {limit}",
    "maximum": "must be at most {limit}",
    "exclusiveMinimum": "must be more than {limit}",
    "exclusiveMaximum": "must be less than {limit}",
    "multipleOf": "must be a multiple of {multiple_of}",
    "minLength": "must have {limit} or more characters",
    "maxLength": "must have {limit} or fewer characters",
    "minItems": "must have {limit} or more items",
    "maxItems": "must have {limit} or fewer items",
    "minProperties": "must have {limit} or more properties",
    "maxProperties": "must have {limit} or fewer properties",
    "const": "must be {expected_value}",
    "pattern": "must match {pattern}",
    "format": "must have the format {format}",
    "uniqueItems": "must not have an item twice",
    "contains": "does not have the items that the schema asks for",
    "additionalItems": "has more items than the schema allows",
    "unevaluatedItems": "has items that the schema does not allow",
    "propertyNames": "has a property name that the schema does not allow",
    "falseSchema": "is more than the schema allows",
    "not": "is what the schema rules out",
    "anyOf": "fits none of the choices of the schema",
    "oneOf": "fits none of the choices of the schema, or more than one",
}


def tell(error: ValidationError, root: str) -> Iterator[FieldError]:
    """One finding as field errors; what is missing or too much is named in the path, each on its own."""
    path = ".".join((root, *(str(part)[:MAX_NAME] for part in error.instance_path)))
    match error.kind:
        case ValidationErrorKind.Required(name):
            yield FieldError(f"{path}.{name[:MAX_NAME]}", "is missing")
        case ValidationErrorKind.AdditionalProperties(names) | ValidationErrorKind.UnevaluatedProperties(names):
            for name in names:
                yield FieldError(f"{path}.{name[:MAX_NAME]}", "is not a property of the schema")
        case ValidationErrorKind.Type(types):
            yield FieldError(path, "must be " + " or ".join(_TYPES.get(each, each) for each in types))
        case ValidationErrorKind.Enum(options):
            yield FieldError(path, _one_of(options))
        case kind:
            yield FieldError(path, _sentence(kind))


def _one_of(options: Sequence[object]) -> str:
    listed = ", ".join(_shown(option) for option in options)
    return f"must be one of {listed}" if len(listed) <= MAX_SHOWN else f"must be one of {len(options)} values"


def _sentence(kind: ValidationErrorKind) -> str:
    sentence = _SENTENCES.get(kind.name, "does not fit the schema")
    if "{" not in sentence:
        return sentence
    return sentence.format_map({name: _shown(value) for name, value in kind.as_dict().items()})


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)  # a number beyond a float comes as a Decimal
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"
