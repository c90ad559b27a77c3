"""Describes our GeoReport v2 endpoint as OpenAPI 3.0, for programs that write their client from it."""

from typing import Any

from yici.rules.ticket_categories import LEAVES

FORM = {"name": "form", "in": "path", "required": True, "schema": {"type": "string", "enum": ["json", "xml"]}}
_TEXT = {"type": "string"}
_SAID = {"type": "string", "pattern": r"^[^\u0000]*$"}
_PLACE = {"type": "string", "pattern": "^[0-9]{6}$", "description": "The code of a county, city or the province."}
_CODE = {"type": "string", "enum": [leaf.key for leaf in LEAVES]}
_STATUS = {"type": "string", "enum": ["open", "closed", "open,closed"]}
_REFERENCE = {"type": "string", "pattern": "^[A-Z0-9]{6,24}$"}
_MAYBE = {"type": "string", "nullable": True}
_NUMBER = {"type": "number", "nullable": True}
_MOMENT = {"type": "string", "format": "date-time"}
_SERVICE = {
    "service_code": _TEXT,
    "service_name": _TEXT,
    "description": _TEXT,
    "metadata": {"type": "boolean"},
    "type": {"type": "string", "enum": ["realtime"]},
    "keywords": _TEXT,
    "group": _TEXT,
}
_REQUEST = {
    "service_request_id": _TEXT,
    "status": {"type": "string", "enum": ["open", "closed"]},
    "status_notes": _MAYBE,
    "service_name": _TEXT,
    "service_code": _TEXT,
    "description": _MAYBE,
    "agency_responsible": _MAYBE,
    "service_notice": _MAYBE,
    "requested_datetime": _MOMENT,
    "updated_datetime": _MOMENT,
    "expected_datetime": _MOMENT,
    "address": _MAYBE,
    "address_id": _MAYBE,
    "zipcode": _MAYBE,
    "lat": _NUMBER,
    "long": _NUMBER,
    "media_url": _MAYBE,
}
_FILED = {"service_request_id": _TEXT, "service_notice": _MAYBE, "account_id": _MAYBE}
_ERROR = {"code": {"type": "integer"}, "description": _TEXT}
_SENT = (
    "api_key", "jurisdiction_id", "service_code", "description", "address_string", "address_id", "email", "phone",
    "first_name", "last_name", "device_id", "account_id", "media_url",
)  # fmt: skip


def _row(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": sorted(fields), "properties": fields, "additionalProperties": False}


def _rows(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _row(fields)}


def _said(schema: dict[str, Any], sentence: str) -> dict[str, Any]:
    forms = {"application/json": {"schema": schema}, "text/xml": {"schema": {"type": "string"}}}
    return {"description": sentence, "content": forms}


def _asks(name: str, schema: dict[str, Any], place: str = "query") -> dict[str, Any]:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def _act(sentence: str, schema: dict[str, Any], parameters: list[dict[str, Any]], *errors: str) -> dict[str, Any]:
    wrong = {code: _said(_rows(_ERROR), "What was wrong, in a sentence.") for code in errors}
    return {
        "summary": sentence,
        "parameters": [FORM, *parameters],
        "responses": {"200": _said(schema, sentence), **wrong},
    }


_JURISDICTION = _asks("jurisdiction_id", _PLACE)
_KEY = _asks("api_key", _SAID)


def _post() -> dict[str, Any]:
    fields = dict.fromkeys(_SENT, _TEXT) | {"lat": {"type": "number"}, "long": {"type": "number"}}
    form = {"type": "object", "required": ["api_key", "service_code"], "properties": fields}
    act = _act("File a request.", _rows(_FILED), [], "400", "403", "404")
    act["requestBody"] = {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}}
    return act


def described() -> dict[str, Any]:
    """Return the whole description."""
    asked = [_asks("service_request_id", _SAID), _asks("service_code", _CODE), _asks("status", _STATUS)]
    spans = [_asks(name, _MOMENT) for name in ("start_date", "end_date")]
    definition = _row({"service_code": _TEXT, "attributes": {"type": "array", "maxItems": 0, "items": {}}})
    return {
        "openapi": "3.0.3",
        "info": {"title": "Open311 GeoReport v2", "version": "2.0", "description": "Yici as a GeoReport v2 server."},
        "servers": [{"url": "/open311/v2"}],
        "paths": {
            "/services.{form}": {"get": _act("List the services.", _rows(_SERVICE), [_JURISDICTION], "400", "404")},
            "/services/{service_code}.{form}": {
                "get": _act("Describe a service.", definition, [_asks("service_code", _CODE, "path")], "404")
            },
            "/requests.{form}": {
                "get": _act(
                    "List requests.", _rows(_REQUEST), [_JURISDICTION, _KEY, *asked, *spans], "400", "403", "404"
                ),
                "post": _post(),
            },
            "/requests/{service_request_id}.{form}": {
                "get": _act(
                    "Follow a request.",
                    _rows(_REQUEST),
                    [_KEY, _asks("service_request_id", _REFERENCE, "path")],
                    "403",
                    "404",
                )
            },
        },
    }
