#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Which LibTorch the installed engine's starter takes, and what it says where there is none. Engine and LibTorch are made up.
set -euo pipefail

packaging="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../packaging" && pwd)"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
fail_test() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}

prefix="$place/usr"
mkdir -p "$prefix/bin" "$prefix/lib/bandscope" "$prefix/share/bandscope/packaging" "$place/home"
cp "$packaging"/installed/* "$prefix/bin/"
cp "$packaging/common.sh" "$packaging/libtorch.sh" "$prefix/share/bandscope/packaging/"
printf '#!/bin/sh\necho "$LD_LIBRARY_PATH|${BANDSCOPE_BITSANDBYTES:-}|$*"\n' > "$prefix/lib/bandscope/bandscope-engine"
chmod +x "$prefix/lib/bandscope/bandscope-engine"
version="$(sed -n 's/^TORCH_VERSION=//p' "$packaging/common.sh")"
libtorch() { mkdir -p "$1/lib" && touch "$1/lib/libtorch_cpu.so"; }
engine() { env -u LIBTORCH -u LD_LIBRARY_PATH -u XDG_CACHE_HOME -u XDG_CONFIG_HOME -u BANDSCOPE_BITSANDBYTES HOME="$place/home" "$@"; }
# expect WORDS COMMAND…: its whole output.
expect() {
  local words="$1" told
  shift
  told="$(engine "$@")" || fail_test "$*: exit code $?"
  [ "$told" = "$words" ] || fail_test "$*: \"$told\", not \"$words\""
}
# refused WORDS COMMAND…
refused() {
  local words="$1"
  shift
  if engine "$@" > "$place/said" 2>&1; then fail_test "accepted: $*"; fi
  grep -qF -- "$words" "$place/said" || fail_test "$*: no \"$words\" in: $(cat "$place/said")"
}
run="$prefix/bin/bandscope-engine"

if [ ! -d /var/lib/bandscope ] && [ ! -f /etc/bandscope/engine.conf ]; then
  refused 'bandscope-fetch-libtorch fetches one' "$run" --version
  refused "there is no LibTorch $version" "$run" --version
fi
libtorch "$place/home/.cache/bandscope/libtorch-$version-cpu"
cpu="$place/home/.cache/bandscope/libtorch-$version-cpu/lib"
expect "$cpu||spec.toml --set a=b c" "$run" spec.toml --set 'a=b c'
ln -s "$run" "$place/engine"
expect "$cpu||x" "$place/engine" x
expect "$cpu:/opt/driver||x" env LD_LIBRARY_PATH=/opt/driver "$run" x
mkdir -p "$place/home/.cache/bandscope/bitsandbytes-$(sed -n 's/^BITSANDBYTES_VERSION=//p' "$packaging/common.sh")"
expect "$cpu|$(echo "$place"/home/.cache/bandscope/bitsandbytes-*)|x" "$run" x
expect "$cpu|/mine|x" env BANDSCOPE_BITSANDBYTES=/mine "$run" x
rmdir "$place"/home/.cache/bandscope/bitsandbytes-*
libtorch "$place/home/.cache/bandscope/libtorch-$version-cuda"
expect "${cpu%-cpu/lib}-cuda/lib||x" "$run" x

# A configuration file's goes before what was fetched, the variable before both; a wheel's torch brings NVIDIA's wheels.
libtorch "$place/site/torch"
mkdir -p "$place/site/nvidia/cudnn/lib" "$place/home/.config/bandscope"
printf '# mine\nLIBTORCH=%s\n' "$place/site/torch" > "$place/home/.config/bandscope/engine.conf"
expect "$place/site/torch/lib:$place/site/torch/../nvidia/cudnn/lib||x" "$run" x
libtorch "$place/own"
expect "$place/own/lib||x" env LIBTORCH="$place/own" "$run" x
refused 'LIBTORCH names /nowhere, which has no lib/libtorch_cpu.so' env LIBTORCH=/nowhere "$run" x
printf 'LIBTORCH=/gone\n' > "$place/home/.config/bandscope/engine.conf"
refused 'engine.conf names /gone' "$run" x

refused 'unknown option --all' "$prefix/bin/bandscope-fetch-libtorch" --all
engine "$prefix/bin/bandscope-fetch-libtorch" --help | grep -q -- '--cuda ' || fail_test "its help"
