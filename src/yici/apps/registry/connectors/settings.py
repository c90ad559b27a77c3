"""What has to be known of a source to ask it, by kind; secrets are never part of it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from yici.rules.field_mapping import ColumnType, FieldMapping, Mappings
from yici.rules.refusals import Refusal

Name = Annotated[str, Meta(pattern=r"^[A-Za-z_][A-Za-z0-9_$]{0,62}(\.[A-Za-z_][A-Za-z0-9_$]{0,62})?\Z")]
Column = Annotated[str, Meta(min_length=1, max_length=64, pattern=r'^[^"`\x00-\x1f]+\Z')]
Address = Annotated[str, Meta(pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?\Z", max_length=300)]
Path = Annotated[str, Meta(pattern=r"^/[^\s?#]*\Z", max_length=300)]
Text = Annotated[str, Meta(max_length=300)]
Port = Annotated[int, Meta(ge=1, le=65535)]
XRoadId = Annotated[str, Meta(pattern=r"^[^/\s]+(/[^/\s]+){2,4}\Z", max_length=300)]


class CannotConnect(Refusal):
    """What was written about a source cannot be used; the sentence says where and why."""


class _Settings(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What all kinds share."""

    key: Column = "id_number"  # the column or field that holds the document number


class DatabaseSettings(_Settings, frozen=True, kw_only=True):
    """PostgreSQL and MariaDB. ``user`` may read one view of the owner's, and nothing else."""

    database: Text
    user: Text
    host: Text = ""
    port: Port | None = None
    socket: Text = ""  # a folder for PostgreSQL, a file for MariaDB
    table: Name | None = None
    statement: Annotated[str, Meta(max_length=4_000)] = ""  # a SELECT of the owner's, used as a table
    order_by: Column | None = None  # which row counts when several are agreed, the highest first
    tls: bool = True
    authority: bool = False  # trust only the certificates of YICI_SOURCE_<NAME>_AUTHORITY_FILE


class SignIn(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How we identify ourselves: nothing, a fixed token, an OAuth2 client secret or a signed statement (RFC 7523)."""

    kind: Literal["none", "token", "client_credentials", "private_key_jwt"] = "none"
    token_address: Address | None = None
    client_id: Text = ""
    scope: Text = ""
    audience: Text = ""
    algorithm: Literal["RS256", "PS256", "ES256", "ES384", "EdDSA"] = "ES256"
    key_id: Text = ""


class RestSettings(_Settings, frozen=True, kw_only=True):
    """A REST service. ``read`` with {id} is asked by GET for each person, without it by POST for all together.

    ``rows``: where the rows stand in the answer ("data.items"), "" for the answer itself. ``seen``: where presence is
    asked in bulk by POST; without it the rows are read, and dropped at once.
    """

    address: Address
    read: Path
    seen: Path | None = None
    rows: Text = ""
    sign_in: SignIn = SignIn()
    authority: bool = False  # trust only the certificates of YICI_SOURCE_<NAME>_AUTHORITY_FILE
    largest_bytes: Annotated[int, Meta(ge=100, le=10_000_000)] = 200_000


class XRoadSettings(_Settings, frozen=True, kw_only=True):
    """A service of another X-Road member, through our own security server at ``address``."""

    address: Address
    client: XRoadId
    service: XRoadId
    read: Path = "/records"
    seen: Path | None = "/seen"
    token: bool = False  # send YICI_SOURCE_<NAME>_TOKEN as well
    authority: bool = False
    largest_bytes: Annotated[int, Meta(ge=100, le=10_000_000)] = 200_000


class FileSettings(_Settings, frozen=True, kw_only=True):
    """A file the owner delivers into a folder, with its checksum in <file>.sha256 beside it."""

    folder: Text
    file: Annotated[str, Meta(pattern=r"^[^/\\\x00]+\.(csv|parquet)\Z", max_length=120)]
    columns: Annotated[dict[Column, Literal["text", "integer", "decimal", "boolean", "date"]], Meta(min_length=1)]
    largest_bytes: Annotated[int, Meta(ge=1)] = 2_000_000_000


Settings = DatabaseSettings | RestSettings | XRoadSettings | FileSettings
KINDS: dict[str, type[Settings]] = {
    "postgresql": DatabaseSettings,
    "mariadb": DatabaseSettings,
    "rest": RestSettings,
    "xroad": XRoadSettings,
    "files": FileSettings,
}


class _Mapping(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One field of the dataset, as the file of sources writes it."""

    column: Column
    type: ColumnType = ColumnType.TEXT
    codes: dict[str, str] = {}


def read_settings(kind: str, document: Any) -> Settings:
    """Return the settings of a kind. Raises CannotConnect naming the place and the fault."""
    wanted = KINDS.get(kind)
    if wanted is None:
        kinds = ", ".join(KINDS)
        raise CannotConnect(
            zh=f"不认识的来源类型“{kind}”。可用：{kinds}。", en=f"There is no kind of source '{kind}'; use {kinds}."
        )
    settings: Settings = converted(document, wanted, "settings")
    for fault in _faults(settings):
        raise fault
    return settings


def _faults(settings: Settings) -> list[CannotConnect]:
    if isinstance(settings, DatabaseSettings) and bool(settings.table) == bool(settings.statement.strip()):
        return [
            CannotConnect(
                zh="数据库来源须写明 table 或 statement 之一。请补上一个，或去掉一个。",
                en="A database is asked through a table or a statement: name exactly one of them.",
            )
        ]
    if isinstance(settings, DatabaseSettings) and bool(settings.host) == bool(settings.socket):
        return [
            CannotConnect(
                zh="数据库来源须写明 host 或 socket 之一。", en="A database has a host or a socket: name one."
            )
        ]
    if isinstance(settings, RestSettings) and not settings.address.startswith("https://") and not _is_here(settings):
        return [
            CannotConnect(
                zh=f"{settings.address} 不是 https 地址，个人信息会以明文传输。请使用 https。",
                en=f"{settings.address} is not an https address: personal data would travel in the open. Use https.",
            )
        ]
    return []


def _is_here(settings: RestSettings) -> bool:
    host = settings.address.removeprefix("http://").partition("/")[0].rpartition(":")[0] or settings.address[7:]
    return host in {"localhost", "127.0.0.1", "[::1]"}


def read_mapping(document: Any) -> Mappings:
    """Return the mapping of fields. Raises CannotConnect naming the place and the fault."""
    found = converted(document, dict[str, _Mapping], "mapping")
    if not found:
        raise CannotConnect(
            zh="没有字段对应关系（mapping）。请至少对应一个字段。", en="The mapping is empty: map one field at least."
        )
    for name, one in found.items():
        if (one.type is ColumnType.CODE) != bool(one.codes):
            raise CannotConnect(
                zh=f"字段“{name}”：类型 code 与代码表 codes 须一并填写。",
                en=f"Field '{name}': the type code and a table of codes go together.",
            )
    return {name: FieldMapping(one.column, one.type, one.codes) for name, one in found.items()}


def converted(document: Any, kind: Any, place: str) -> Any:
    """Return a document as a value of a type. Raises CannotConnect with the place of the fault."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        fault, _, where = str(error).partition(" - at `$")
        spot = f"{place}{where.rstrip('`')}"
        raise CannotConnect(
            zh=f"{spot} 处的写法不对（{fault}）。请对照 docs/how-to/connect-a-department.md 改正。",
            en=f"{spot} cannot be read: {fault}. See docs/how-to/connect-a-department.md.",
        ) from None


def documents_of(mapping: Mapping[str, FieldMapping]) -> dict[str, dict[str, object]]:
    """Return a mapping as it is stored."""
    return {
        name: {"column": one.column, "type": one.type.value, **({"codes": dict(one.codes)} if one.codes else {})}
        for name, one in mapping.items()
    }
