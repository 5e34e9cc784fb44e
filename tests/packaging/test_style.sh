#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every tracked source is as clang-format 14 (Debian 12's; others break lines elsewhere) leaves it by .clang-format.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
skip() { # as CMakeLists.txt tells ctest
  printf 'skipped: %s\n' "$1"
  exit 77
}
format=
for program in clang-format-14 clang-format; do
  case "$("$program" --version 2> /dev/null)" in *' version 14.'*) format="$program" && break ;; esac
done
[ -n "$format" ] || skip 'clang-format 14 is not installed (Debian package clang-format-14)'
git rev-parse --is-inside-work-tree > /dev/null 2>&1 || skip 'not a git checkout, so there is no list of sources'

mapfile -t sources < <(git ls-files -- '*.cpp' '*.h' '*.cu')
[ ${#sources[@]} -gt 0 ] || { printf 'FAILED: git names no sources\n' >&2 && exit 1; }
"$format" --dry-run -Werror "${sources[@]}" || {
  printf 'FAILED: not formatted; run: git ls-files -- "*.cpp" "*.h" "*.cu" | xargs %s -i\n' "$format" >&2
  exit 1
}
