"""Describes one of our X-Road services, so that a member's programs can be made from it."""

from collections.abc import Mapping

from yici.rules.words import Words


def document(code: str, name: Words, fields: Mapping[str, Words]) -> dict[str, object]:
    """Return the OpenAPI 3.1 description of a dataset's service."""
    return {
        "openapi": "3.1.0",
        "info": {"title": name.en, "description": name.zh, "version": "1.0"},
        "paths": {
            "/records": {
                "post": _operation(f"{code}_records", "The wanted fields of each known number", _records(fields))
            },
            "/seen": {
                "post": _operation(f"{code}_seen", "Which wanted fields have a value, without the values", _SEEN)
            },
        },
        "components": {"schemas": {"Asked": _asked(fields), "Error": _ERROR}},
    }


def _operation(name: str, summary: str, answer: Mapping[str, object]) -> dict[str, object]:
    failure = {"description": "X-Road error", "content": _json({"$ref": "#/components/schemas/Error"})}
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": _json({"$ref": "#/components/schemas/Asked"})},
        "responses": {
            "200": {"description": "Answer", "content": _json(answer)},
            **dict.fromkeys(("400", "403", "404", "503"), failure),
        },
    }


def _json(schema: Mapping[str, object]) -> dict[str, object]:
    return {"application/json": {"schema": schema}}


def _asked(fields: Mapping[str, Words]) -> dict[str, object]:
    return {
        "type": "object",
        "required": ["ids", "fields"],
        "additionalProperties": False,
        "properties": {
            "ids": {"type": "array", "minItems": 1, "maxItems": 100, "items": {"type": "string", "maxLength": 40}},
            "fields": {"type": "array", "minItems": 1, "items": {"enum": sorted(fields)}},
        },
    }


def _records(fields: Mapping[str, Words]) -> dict[str, object]:
    columns = {name: {"type": ["string", "null"], "description": f"{w.en} {w.zh}"} for name, w in fields.items()}
    row = {"type": "object", "required": ["id_number"], "properties": {"id_number": {"type": "string"}, **columns}}
    return {"type": "object", "properties": {"records": {"type": "array", "items": row}}}


_SEEN = {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}
_ERROR = {
    "type": "object",
    "required": ["type", "message", "detail"],
    "properties": {"type": {"type": "string"}, "message": {"type": "string"}, "detail": {"type": "string"}},
}
