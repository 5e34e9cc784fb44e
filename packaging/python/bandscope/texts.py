# SPDX-License-Identifier: Apache-2.0
"""Texts and metadata in the form that a record holds: UTF-8, and JSON without numbers of its own making."""

import json
import math
import re

from .errors import RecordError


def utf8(text):
    """`text` with U+FFFD for what UTF-8 has no bytes for: halves of surrogate pairs, as Python makes them of file names
    and arguments that are not UTF-8."""
    return re.sub("[\ud800-\udfff]", "\ufffd", str(text))


def fitting(text, size):
    """`text` in at most `size` bytes, cut where a character ends."""
    return utf8(text).replace("\0", " ").encode()[:size].decode(errors="ignore").encode()


def plain(value):
    """What numpy or torch made (a scalar, an array) as Python's own numbers and lists; anything else as it is."""
    made = value.tolist() if hasattr(value, "tolist") else value
    if type(made) is type(value) and hasattr(value, "dtype"):  # a long double has no number of Python's
        return float(value)
    return made


def json_text(value, what):
    """JSON that any reader takes: NaN, which JSON has no word for, is null. RecordError, beginning with `what`, for
    what JSON cannot say."""
    try:
        return utf8(json.dumps(_finite(value, what), ensure_ascii=False, allow_nan=False))
    except (TypeError, ValueError, RecursionError) as problem:
        raise RecordError(f"{what} is no JSON: {problem}") from None


def _finite(value, where):
    value = plain(value)
    if isinstance(value, dict):
        return {key: _finite(item, f"{where}, {key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item, where) for item in value]
    if isinstance(value, float) and math.isinf(value):
        raise RecordError(f"{where} is {value}; allowed: a finite number, or NaN where there is none")
    return None if isinstance(value, float) and math.isnan(value) else value
