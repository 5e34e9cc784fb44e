#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# test_bundle.sh BUILD LIBTORCH: a bundle of a build's programs, moved elsewhere, proves this processor in its quick parts;
# a bundle without its engine does not.
set -euo pipefail

source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
fail_test() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}

SOURCE_DATE_EPOCH=1000000000 "$source/packaging/bundle" --cpu --from "$1" --out "$place/made" --no-archive
mkdir "$place/elsewhere"
mv "$place"/made/bandscope-* "$place/elsewhere/a bundle"
[ -z "$(ls -A "$place/made")" ] || fail_test "a bundle leaves something beside itself"
cd "$place/elsewhere/a bundle"
for program in bin/*; do
  case "$program" in bin/libbitsandbytes_*) continue ;; esac  # as it is published
  if readelf -d "$program" | grep -E 'R(UN)?PATH'; then fail_test "$program knows folders of this machine"; fi
done
for file in lib/libhdf5* golden/runs/neox-dpo-rc.json licences/Apache-2.0.txt; do [ -f "$file" ] || fail_test "no $file"; done
grep -q '"date": "2001-09-09"' bundle.json || fail_test "the date is not SOURCE_DATE_EPOCH's: $(cat bundle.json)"
glibc="$(sed -n 's/.*"glibc": "\([^"]*\)".*/\1/p' bundle.json)"
grep -q "^glibc ${glibc:-unknown} or later" README.txt || fail_test "README.txt names another glibc than \"$glibc\", which is needed"
if ls lib | grep -E '^lib(c|m|torch.*|c10)\.so'; then fail_test "a library of glibc or LibTorch"; fi

export LIBTORCH="$2"
./gpu-check --device cpu --minutes 9 --only load,golden,determinism,paths --report "$place/report" ||
  fail_test "$(cat "$place/report/report.txt")"
grep -q '"passed": true' "$place/report/report.json" || fail_test "exit code 0, but the report says otherwise"
[ "$(find . -newer "$place/report/report.txt" -type f | wc -l)" = 0 ] || fail_test "a check writes into the bundle"
LIBTORCH="$2" ./bandscope-engine --version | grep -q '[0-9]' || fail_test "the engine's own start"

rm bin/bandscope-engine
if ./gpu-check --device cpu --only load,golden --report "$place/broken" 2> /dev/null; then
  fail_test "a bundle without its engine passes"
fi
grep -q '"passed": false' "$place/broken/report.json" || fail_test "the report of a broken bundle"
