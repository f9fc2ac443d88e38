"""Read a TOML file of ours into its model; whatever is wrong is told with file, line and the nearest name."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from queries.errors import BadFile
from queries.toml_lines import Loc, line_of


class Strict(BaseModel):
    """What stands in a file: frozen, and an unknown field is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


Model = TypeVar("Model", bound=BaseModel)


def read_toml(path: Path | str, model: type[Model]) -> Model:
    """The file as its model; raises BadFile with the line of the first thing that is wrong."""
    return parse_toml(toml_text(path), model, path=path)


def parse_toml(text: str, model: type[Model], *, path: Path | str) -> Model:
    """As ``read_toml``, where the text is already there; ``path`` is what errors name."""
    try:
        return model.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadFile(path, _syntax_line(str(error), text), f"this is not TOML: {error}") from error
    except ValidationError as error:
        detail = min(error.errors(), key=lambda each: _first(text, each))
        raise BadFile(path, _line(text, detail), _sentence(detail, model)) from error


def nearest(name: str, known: Sequence[str]) -> str:
    """``; did you mean "x"?``, or all that is known where nothing is near."""
    close = get_close_matches(name, known, n=1)
    if close:
        return f'; did you mean "{close[0]}"?'
    return "; known: " + ", ".join(known) if known else ""


def toml_text(path: Path | str) -> str:
    """The file as it stands; raises BadFile where it can't be read."""
    try:
        return Path(path).read_text("utf-8")
    except OSError as error:
        raise BadFile(path, 0, f"it can't be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise BadFile(path, 0, f"it is not UTF-8 (byte {error.start}).") from error


def _syntax_line(message: str, text: str) -> int:
    match = re.search(r"at line (\d+)", message)
    return int(match[1]) if match else text.count("\n", 0, len(text.rstrip())) + 1


def _first(text: str, detail: ErrorDetails) -> tuple[bool, int]:
    """By line; what is missing last, as a misspelt field is missing too."""
    return detail["type"] == "missing", _line(text, detail)


def _line(text: str, detail: ErrorDetails) -> int:
    loc = detail["loc"]
    return line_of(text, (*loc, "kind") if detail["type"] == "union_tag_invalid" else loc) if loc else 1


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    loc, kind, context = detail["loc"], detail["type"], detail.get("ctx", {})
    field, place = str(loc[-1]) if loc else "", _place(loc)
    if kind == "extra_forbidden":
        return f'"{field}" is not a field of {place}{nearest(field, _fields(model, loc))}'
    if kind == "missing":
        return f'{place} needs "{field}".'
    if kind == "value_error":
        return str(context["error"])
    if kind in ("enum", "literal_error", "union_tag_invalid"):
        known = re.findall(r"'([^']*)'|(?<![\w'])(\d+)", context.get("expected") or context["expected_tags"])
        given = context.get("tag", detail["input"])
        name = "kind" if kind == "union_tag_invalid" else field
        return f'{name} = "{given}" is not known{nearest(str(given), [a or b for a, b in known])}'
    return f"{field}: {detail['msg'][0].lower()}{detail['msg'][1:]}."


def _place(loc: Loc) -> str:
    """The table that a field stands in, as a person writes its head."""
    names = [part for part in loc[:-1] if isinstance(part, str)]
    if not names:
        return "the file"
    return f"[[{names[0]}]]" if any(isinstance(part, int) for part in loc[:-1]) else f"[{names[0]}]"


def _fields(model: type[BaseModel], loc: Loc) -> tuple[str, ...]:
    """The fields that are known where an unknown one stands."""
    here: Any = model
    for part in loc[:-1]:
        here = _inside(here, part)
    return tuple(here.model_fields) if isinstance(here, type) and issubclass(here, BaseModel) else ()


def _inside(annotation: Any, part: int | str) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _bare(annotation.model_fields[str(part)].annotation)
    if isinstance(part, int):
        return _bare(get_args(annotation)[0])
    tagged = (member for member in get_args(annotation) if _tag(member) == part)
    return next(tagged, None)


def _bare(annotation: Any) -> Any:
    """Without ``Annotated`` around it and without ``| None``."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    rest = [member for member in get_args(annotation) if member is not NoneType]
    return rest[0] if NoneType in get_args(annotation) and len(rest) == 1 else annotation


def _tag(member: Any) -> object:
    fields = getattr(member, "model_fields", {})
    return fields["kind"].default if "kind" in fields else None
