#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# run_qt_test.sh PROGRAM [FUNCTION…]: runs a Qt Test program and ends with 77, which ctest calls "Skipped", where any of its
# functions or rows was skipped: Qt Test itself counts them as good. A failure stays a failure.
set -euo pipefail

said="$(mktemp)"
trap 'rm -f "$said"' EXIT
code=0
"$@" -o -,txt -o "$said",txt || code=$?
[ "$code" -eq 0 ] || exit "$code"
if grep -q '^SKIP ' "$said"; then exit 77; fi
