#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What packaging/bundle refuses before it makes anything: a missing tool, a build without CUDA, a date that is none. The
# programs of the build are made up.
set -euo pipefail

source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
fail_test() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}

mkdir -p "$place/build/bin" "$place/tools"
for program in bandscope-engine record_values kernel_check kernel_benchmark engine_benchmark; do
  printf '#!/bin/sh\necho 1.2.3\n' > "$place/build/bin/$program"
  chmod +x "$place/build/bin/$program"
done

# refused WORDS ARGUMENT…: exit code not 0, WORDS said, nothing made.
refused() {
  local words="$1"
  shift
  if "$source/packaging/bundle" --from "$place/build" --out "$place/made" "$@" > "$place/said" 2>&1; then
    fail_test "accepted: $*"
  fi
  grep -qF -- "$words" "$place/said" || fail_test "no \"$words\" in: $(cat "$place/said")"
  if [ -e "$place/made" ]; then fail_test "$* left something in the folder"; fi
}

refused 'it was not built for CUDA'
refused 'Name --cpu' --no-archive
SOURCE_DATE_EPOCH=yesterday refused 'SOURCE_DATE_EPOCH is "yesterday"' --cpu
for tool in xz strip; do
  rm -rf "$place/tools"
  mkdir "$place/tools"
  for folder in /usr/bin /bin; do
    find "$folder/" -mindepth 1 -maxdepth 1 ! -name "$tool" -exec ln -sf -t "$place/tools" {} +
  done
  PATH="$place/tools" refused "there is no $tool" --cpu
done
