#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts of packaging/ share: where the cache is, and what a killed script leaves in it.
# shellcheck source-path=SCRIPTDIR source=../../packaging/common.sh
set -euo pipefail

common="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../packaging" && pwd)/common.sh"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
fail_test() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}
# within XDG_CACHE_HOME SCRIPT: runs it with common.sh in a shell of its own.
within() { HOME="$place/home" XDG_CACHE_HOME="$1" bash -c ". '$common'; $2"; }

[ "$(within "$place/cache" 'printf %s "$CACHE"')" = "$place/cache/bandscope" ] || fail_test "an absolute XDG_CACHE_HOME is used"
[ "$(within relative 'printf %s "$CACHE"')" = "$place/home/.cache/bandscope" ] || fail_test "a relative XDG_CACHE_HOME is ignored"
[ "$(within '' 'printf %s "$CACHE"')" = "$place/home/.cache/bandscope" ] || fail_test "an empty XDG_CACHE_HOME is none"

# A script that is killed while it unpacks, by a program that it started, leaves its folder.
within "$place/cache" 'lock_cache; make_work_folder; touch "$WORK/file"; kill -KILL $$' 2> /dev/null || true
left=("$place"/cache/bandscope/unpack.*)
[ -d "${left[0]}" ] || fail_test "a killed script leaves its folder"
mkdir "$place/cache/bandscope/wheels"
within "$place/cache" 'lock_cache'
[ ! -e "${left[0]}" ] || fail_test "the next script removes the folder that a killed one left"
[ -d "$place/cache/bandscope/wheels" ] || fail_test "all else stays"

# One that goes on holds the lock, so that its folder is not touched.
within "$place/cache" 'lock_cache; make_work_folder; touch "$CACHE/begun"; sleep 2; [ -d "$WORK" ] && touch "$CACHE/kept"' &
while [ ! -e "$place/cache/bandscope/begun" ]; do sleep 0.05; done
within "$place/cache" 'lock_cache' 2> /dev/null
wait
[ -e "$place/cache/bandscope/kept" ] || fail_test "the folder of a script that goes on stays"

# Of a wheel with another hash, the network is not what is to be looked at.
mkdir -p "$place/cache/bandscope/venv/bin"
pip_says() { printf '#!/bin/sh\ncase "$*" in *--version*) exit 0;; *--no-index*) exit 1;; esac\necho "%s" >&2\nexit 1\n' "$1" > "$place/cache/bandscope/venv/bin/python" && chmod +x "$place/cache/bandscope/venv/bin/python"; }
printf 'torch==1\n' > "$place/pins.txt"
pip_says "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."
told="$(within "$place/cache" "fetch_wheels '$place/pins.txt' '1 MB'" 2>&1 || true)"
[[ "$told" == *"not the one whose SHA-256 pins.txt names"* && "$told" != *"Check the network"* ]] || fail_test "a wrong hash is told: $told"
pip_says "ERROR: Could not find a version that satisfies the requirement torch"
told="$(within "$place/cache" "fetch_wheels '$place/pins.txt' '1 MB'" 2>&1 || true)"
[[ "$told" == *"Check the network"* && "$told" == *"could not be fetched"* ]] || fail_test "a lost network is told: $told"

# What ctest left out is told by test and reason, whatever came of the rest.
mkdir -p "$place/built/Testing/Temporary"
cat > "$place/built/Testing/Temporary/LastTest.log" << 'TEXT'
1/3 Testing: core_golden
1/3 Test: core_golden
Output:
PASS   : TestGolden::runs(a)
SKIP   : TestGolden::runs(b) no objective (of this name)
SKIP   : TestGolden::runs(c) no objective (of this name)
2/3 Test: style
skipped: clang-format 14 is not installed
3/3 Test: core_band
PASS   : TestBand::edges()
TEXT
told="$(within "$place/cache" "tell_what_was_skipped '$place/built'" 2>&1)"
[ "$told" = "bash: skipped, neither passed nor failed:
  core_golden: no objective (of this name) (2 times)
  style: clang-format 14 is not installed" ] || fail_test "what was skipped is told: $told"
sed -i '/SKIP\|skipped/d' "$place/built/Testing/Temporary/LastTest.log"
told="$(within "$place/cache" "tell_what_was_skipped '$place/built'" 2>&1)"
[ "$told" = "bash: no test was skipped" ] || fail_test "nothing skipped is told: $told"

# What failed, once more: no passed rows, at most forty lines.
{
  for test in core_band:Passed core_plan:Failed; do
    printf '%s\n' "1/2 Testing: ${test%:*}" "1/2 Test: ${test%:*}" Output: ---- "PASS   : T::a()" "$(seq 50)" \
      "FAIL!  : T::b() of ${test%:*}" "<end of output>" "Test ${test#*:}."
  done
} > "$place/built/Testing/Temporary/LastTest.log"
told="$(within "$place/cache" "tell_what_failed '$place/built'" 2>&1)"
[ "$told" = "---- core_plan
$(seq 12 50)
FAIL!  : T::b() of core_plan" ] || fail_test "what failed is told: $told"

# Of a Qt Test program: a failure stays one, a skipped row makes it "skipped".
program() { printf '#!/bin/sh\nfor o; do case $o in /*,txt) echo "%s" > "${o%%,txt}";; esac; done\nexit %s\n' "$1" "$2" > "$place/program" && chmod +x "$place/program"; }
code_of() { "$(dirname "$common")/../tests/run_qt_test.sh" "$place/program" > /dev/null 2>&1 && echo 0 || echo $?; }
program 'PASS   : T::a()' 0
[ "$(code_of)" = 0 ] || fail_test "a good program is good"
program 'SKIP   : T::a() no GPU' 0
[ "$(code_of)" = 77 ] || fail_test "a program with a skipped function is skipped"
program 'SKIP   : T::a() no GPU' 3
[ "$(code_of)" = 3 ] || fail_test "a program that fails beside it fails"
