# SPDX-License-Identifier: Apache-2.0
"""The checksum of a row of /steps, as core/record/row_checksum.h has it."""

import struct

_MASK = (1 << 64) - 1


def _name_hash(name):
    x = 0xCBF29CE484222325  # FNV-1a
    for byte in name.encode():
        x = ((x ^ byte) * 0x100000001B3) & _MASK
    return x


def _spread(x):
    """splitmix64 (Steele, Lea and Flood 2014), a bijection."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & _MASK
    return x ^ (x >> 31)


class RowChecksum:
    """For rows of the float64 columns `names`, in any order."""

    def __init__(self, names):
        self._hashes = [_name_hash(name) for name in names]
        self._step = _name_hash("step")

    def __call__(self, step, values):
        total = _spread((self._step + step) & _MASK)
        bits = struct.unpack(f"<{len(values)}Q", struct.pack(f"<{len(values)}d", *values))
        for name, cell in zip(self._hashes, bits, strict=True):
            total += _spread((name + cell) & _MASK)
        total &= _MASK
        total = total or 1  # 0 stands for a row without one
        return total - (1 << 64) if total >> 63 else total
