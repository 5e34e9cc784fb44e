# SPDX-License-Identifier: Apache-2.0
# What setup, model, demo and test share: where things are, how they speak, how they fetch. Sourced, never run.
# shellcheck shell=bash

set -euo pipefail

SOURCE="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# As the XDG Base Directory Specification has it, a relative XDG_CACHE_HOME is ignored.
case "${XDG_CACHE_HOME:-}" in
  /*) CACHE="$XDG_CACHE_HOME/bandscope" ;;
  *) CACHE="$HOME/.cache/bandscope" ;;
esac
# shellcheck disable=SC2034  # used by the scripts that source this file
REQUIREMENTS="$SOURCE/packaging/requirements"
TORCH_VERSION=2.11.0
ARROW_VERSION=26.0.1
BITSANDBYTES_VERSION=0.50.2
MODEL_NAME=SmolLM2-135M-Instruct
# shellcheck disable=SC2034  # used by the scripts that source this file
MODEL_DIR="$CACHE/models/$MODEL_NAME"

say() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; }

# fail SENTENCE [HINT]: the one line a user needs, then a way on.
fail() {
  printf '%s: error: %s\n' "$(basename "$0")" "$1" >&2
  if [ $# -gt 1 ]; then printf '  %s\n' "$2" >&2; fi
  exit 1
}

# The CPU and the CUDA build of LibTorch lie side by side, so that one can change between them without a download.
libtorch_folder() {
  if [ -n "${LIBTORCH:-}" ]; then
    printf '%s\n' "$LIBTORCH"
  elif [ "${1:-cpu}" = cuda ]; then
    printf '%s\n' "$CACHE/libtorch-$TORCH_VERSION-cuda"
  elif [ "$1" = cuda_build ]; then
    printf '%s\n' "$CACHE/libtorch-$TORCH_VERSION-cuda-build"
  else
    printf '%s\n' "$CACHE/libtorch-$TORCH_VERSION-cpu"
  fi
}

arrow_folder() { printf '%s\n' "$CACHE/arrow-$ARROW_VERSION"; }
bitsandbytes_folder() { printf '%s\n' "$CACHE/bitsandbytes-$BITSANDBYTES_VERSION"; }

# A folder made by these scripts is whole when it names the requirements it was made from.
is_current() { # FOLDER REQUIREMENTS_FILE
  [ -f "$1/.made-from" ] && [ "$(cat "$1/.made-from")" = "$(sha256sum < "$2")" ]
}
mark_current() { sha256sum < "$2" > "$1/.made-from"; }

# Python steps run in an environment of their own; the system's Python is left alone.
python_environment() {
  local venv="$CACHE/venv"
  if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version > /dev/null 2>&1; then
    say "making a Python environment in $venv"
    rm -rf "$venv"
    python3 -m venv "$venv" > /dev/null ||
      fail "python3 -m venv could not make $venv" "Install python3-venv, or free space in $CACHE."
  fi
  printf '%s\n' "$venv/bin/python"
}

# Every Linux wheel tag that Debian 12's glibc 2.36 can load and the pinned wheels use.
wheel_platforms() {
  local minor
  for minor in $(seq 28 -1 12); do printf -- '--platform\nmanylinux_2_%s_x86_64\n' "$minor"; done
  printf -- '--platform\nmanylinux%s_x86_64\n' 2014 2010 1
}

# fetch_wheels REQUIREMENTS_FILE SIZE: the pinned wheels into the cache. Wheels that are there are used again, also
# without a network; pip compares every one with its SHA-256.
fetch_wheels() {
  local requirements="$1" size="$2" python platforms common
  python="$(python_environment)"
  mkdir -p "$CACHE/wheels"
  mapfile -t platforms < <(wheel_platforms)
  common=(-m pip download --disable-pip-version-check --no-cache-dir --no-deps --require-hashes --only-binary=:all:
    --python-version 3.11 "${platforms[@]}" -d "$CACHE/wheels" -r "$requirements")
  if "$python" "${common[@]}" --no-index --find-links "$CACHE/wheels" > /dev/null 2>&1; then
    return
  fi
  say "downloading $(grep -cE '^[a-z].*==' "$requirements") wheel(s), about $size, into $CACHE/wheels"
  local said hint="Check the network (pip's lines above say what failed) and run this again; finished downloads are kept."
  said="$(mktemp)"
  if ! "$python" "${common[@]}" --find-links "$CACHE/wheels" 2>&1 | tee "$said" >&2; then
    if grep -q 'DO NOT MATCH THE HASHES' "$said"; then
      hint="A file is not the one whose SHA-256 $(basename "$requirements") names: nothing of it was used. What stands between here and PyPI (a mirror, a proxy) may have changed it."
    fi
    rm -f "$said"
    fail "the wheels of $requirements could not be fetched from PyPI" "$hint"
  fi
  rm -f "$said"
}

# wheel NAME VERSION: the path of a fetched wheel.
wheel() {
  local found
  found="$(find "$CACHE/wheels" -maxdepth 1 -name "${1//-/_}-$2-*.whl" -print -quit)"
  [ -n "$found" ] || fail "no wheel of $1 $2 is in $CACHE/wheels"
  printf '%s\n' "$found"
}

# WORK is a folder beside the final ones (so that moving is renaming), gone when the script ends, however it ends.
WORK=
trap '[ -z "$WORK" ] || rm -rf "$WORK"' EXIT
make_work_folder() { WORK="$(mktemp -d "$CACHE/unpack.XXXXXX")"; }

# One script at a time changes the cache: demo and test may well be started together.
lock_cache() {
  mkdir -p "$CACHE" 2> /dev/null || fail "$CACHE cannot be written" "Set XDG_CACHE_HOME to a folder that can."
  exec 9> "$CACHE/.lock"
  if ! flock -n 9; then
    say "waiting for another set-up to finish"
    flock 9
  fi
  # Left by a script that was killed: whoever still unpacks holds the lock, and so do the programs that it started.
  rm -rf "$CACHE"/unpack.*
}
unlock_cache() { exec 9>&-; }

# configure_arguments KIND: what CMake must know, as an array on lines. KIND is cpu, cuda or
# cuda_build.
configure_arguments() {
  printf '%s\n' -G Ninja "-DBANDSCOPE_LIBTORCH=$(libtorch_folder "$1")" "-DBANDSCOPE_ARROW_DIR=$(arrow_folder)" \
    "-DBANDSCOPE_BITSANDBYTES=$(bitsandbytes_folder)"
  if [ -n "${BANDSCOPE_FUZZ:-}" ]; then printf '%s\n' -DBANDSCOPE_FUZZ=ON; fi
  if [ "$1" != cpu ]; then
    printf '%s\n' -DBANDSCOPE_CUDA=ON
    if [ -z "${LIBTORCH:-}" ]; then
      printf '%s\n' "-DCMAKE_CUDA_COMPILER=$(libtorch_folder "$1")/cuda/bin/nvcc" "-DCUDAToolkit_ROOT=$(libtorch_folder "$1")/cuda"
    fi
  fi
}

# build_targets KIND FOLDER TARGET…: configures once and builds; ninja's own progress is the progress. PRESET names one of
# CMakePresets.json, OPTIONS holds more for CMake.
PRESET=
OPTIONS=()
build_targets() {
  local kind="$1" build="$2" arguments
  shift 2
  mapfile -t arguments < <(configure_arguments "$kind")
  if [ -n "$PRESET" ]; then arguments+=(--preset "$PRESET"); fi
  arguments+=("${OPTIONS[@]}")
  mkdir -p "$build" || fail "$build cannot be made" "Name another build folder, or work on a copy you may write."
  say "configuring in $build"
  cmake -S "$SOURCE" -B "$build" "${arguments[@]}" < /dev/null > "$build/configure.log" 2>&1 || {
    tail -n 30 "$build/configure.log" >&2
    fail "CMake could not configure $build" "The whole output is in $build/configure.log; a stale folder can be removed."
  }
  say "building ($*); the first time takes some minutes"
  cmake --build "$build" -j "$(nproc)" --target "$@" < /dev/null >&2 ||
    fail "the build failed" "The compiler's lines above say where."
}

# tell_what_was_skipped FOLDER: what the last ctest in a build folder left out, a line per test and reason.
tell_what_was_skipped() {
  local lines
  lines="$(awk '
    /^[0-9]+\/[0-9]+ Test: / { test = $3 }
    sub(/^SKIP +: [^)]*\) /, "") || sub(/^skipped: /, "") {
      line = test ": " $0
      if (!(line in count)) order[++n] = line
      ++count[line]
    }
    END {
      for (i = 1; i <= n; ++i) print "  " order[i] (count[order[i]] > 1 ? " (" count[order[i]] " times)" : "")
    }
  ' "$1/Testing/Temporary/LastTest.log")"
  if [ -z "$lines" ]; then
    say "no test was skipped"
  else
    say "skipped, neither passed nor failed:"
    printf '%s\n' "$lines" >&2
  fi
}

# tell_what_failed FOLDER: the last lines of every test that failed in the last ctest in a build folder, once more and together:
# its own place is hundreds of lines above the end, and a log that is cut keeps the end.
tell_what_failed() {
  awk '
    /^[0-9]+\/[0-9]+ Test: / { test = $3; n = 0 }
    /^<end of output>$/ { within = 0 }
    within && !/^(PASS|QWARN|QDEBUG|SKIP) / { line[n++] = $0 }
    /^Output:$/ { within = 1; n = 0 }
    /^Test Failed\.$/ {
      print "---- " test
      for (i = n > 40 ? n - 40 : 0; i < n; ++i) print line[i]
    }
  ' "$1/Testing/Temporary/LastTest.log" >&2
}

# tidy_core FOLDER: clang-tidy over the sources of core/, one by one and without precompiled headers, which are GCC's; what it
# finds is an error. FOLDER is made for it, since compiling several files as one leaves no command for each.
tidy_core() {
  local folder
  folder="$(realpath -m "$1")"
  cmake -S "$SOURCE" -B "$folder" -G Ninja --log-level=ERROR -DCMAKE_DISABLE_PRECOMPILE_HEADERS=ON -DBANDSCOPE_UNITY=OFF \
    -DBANDSCOPE_TRAINING=OFF -DBANDSCOPE_APP=OFF -DBANDSCOPE_TESTS=OFF -DBANDSCOPE_BENCHMARKS=OFF > /dev/null &&
    cmake --build "$folder" --target bandscope_build_commit > /dev/null || return
  (cd "$SOURCE" && git ls-files -z -- 'core/*.cpp' |
    xargs -0 -P "$(nproc)" -n 4 clang-tidy-14 -p "$folder" --quiet --warnings-as-errors='*' --extra-arg=-Wno-error 2> >(grep -v 'warnings\? generated' >&2))
}
