# SPDX-License-Identifier: Apache-2.0
"""A dict as TOML: what a record's /spec holds. The standard library reads TOML and does not write it."""

import json
import math
import re

from .errors import RecordError
from .texts import plain, utf8


def _key(name):
    if not isinstance(name, str):
        raise RecordError(f"a key of the spec is {name!r}; allowed: a text")
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _text(name)


def _text(value):
    # JSON's texts are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(utf8(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value, where):
    value = plain(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, int):
        # Of a class of its own (an IntEnum) the number counts, not how the class shows itself.
        if not -(1 << 63) <= value < 1 << 63:
            raise RecordError(f"{where} of the spec is {int(value)}; allowed: whole numbers of 64 bits")
        return int.__repr__(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return "nan" if math.isnan(value) else ("inf" if value > 0 else "-inf")
        return float.__repr__(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item, where) for item in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v, where)}" for k, v in value.items() if v is not None) + " }"
    raise RecordError(
        f"{where} of the spec is a {type(value).__name__}; allowed: texts, numbers, booleans, lists, dicts"
    )


def to_toml(spec):
    """`spec`: a dict of tables and values. None stands for a key that is not there."""
    lines = [f"{_key(k)} = {_value(v, k)}" for k, v in spec.items() if v is not None and not isinstance(v, dict)]
    for name, table in spec.items():
        if isinstance(table, dict):
            lines.append(f"\n[{_key(name)}]" if lines else f"[{_key(name)}]")
            lines += [f"{_key(k)} = {_value(v, f'{name}.{k}')}" for k, v in table.items() if v is not None]
    return "\n".join(lines) + "\n"


def spec_text(spec):
    """`spec` as TOML: a dict, or the text itself."""
    if isinstance(spec, dict):
        return to_toml(spec)
    if not isinstance(spec, str):
        raise RecordError(f"the spec is a {type(spec).__name__}; allowed: a dict, or TOML as a text")
    spec = utf8(spec)
    try:
        import tomllib
    except ImportError:  # Python 3.10
        return spec
    try:
        tomllib.loads(spec)
    except tomllib.TOMLDecodeError as problem:
        raise RecordError(f"the spec is no TOML: {problem}") from None
    return spec
