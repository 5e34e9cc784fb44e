# SPDX-License-Identifier: Apache-2.0
"""What this package raises of its own."""


class RecordError(Exception):
    """A record cannot be written, or what was given for it does not fit."""
