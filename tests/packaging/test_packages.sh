#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# test_packages.sh BUILD LIBTORCH: packages of a build's programs satisfy lintian, install in a fresh Debian 12, follow and
# train there, and leave nothing when they are purged. Needs root, debootstrap and Debian's servers.
set -euo pipefail

build="$1" libtorch="$2"
source="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
fail_test() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}
skip() { # as CMakeLists.txt tells ctest
  printf 'skipped: %s\n' "$1"
  exit 77
}

[ "$(id -u)" = 0 ] || skip "a Debian root is made by root alone"
command -v debootstrap > /dev/null || skip "there is no debootstrap"
# Mounts and processes of the root are this test's own and end with it.
if [ -z "${BANDSCOPE_UNSHARED:-}" ]; then
  unshare -m -p -f true 2> /dev/null || skip "mounts and processes of its own are not allowed here"
  BANDSCOPE_UNSHARED=1 exec unshare -m -p -f --kill-child --propagation private "$0" "$@"
fi

place="$(mktemp -d)"
root="$place/root"
# Nothing of this machine is mounted into the root but proc, and nothing is removed while that is.
clean_up() {
  local mounts
  umount "$root/proc" 2> /dev/null || true
  mounts="$(cat /proc/self/mounts)" || mounts=" $root"
  case "$mounts" in
    *" $root"*) printf 'left, since something may be mounted in it: %s\n' "$place" >&2 ;;
    *) rm -rf --one-file-system "$place" ;;
  esac
}
trap clean_up EXIT

(cd "$build" && cpack -B "$place/packages") > "$place/cpack.log" 2>&1 || fail_test "$(tail -n 20 "$place/cpack.log")"
cd "$place/packages"
[ "$(ls ./*.deb | wc -l)" = 2 ] || fail_test "there should be two packages: $(ls)"
if command -v lintian > /dev/null; then
  lintian --allow-root --fail-on error,warning ./*.deb || fail_test "lintian"
fi

mirror="$(apt-cache policy | grep -oE 'https?://[^ ]+ bookworm/main' | head -n 1 | cut -d ' ' -f 1 || true)"
mirror="${mirror:-http://deb.debian.org/debian}"
debootstrap --variant=minbase bookworm "$root" "$mirror" > "$place/debootstrap.log" 2>&1 ||
  skip "debootstrap could not make a root: $(tail -n 1 "$place/debootstrap.log")"
cp /etc/resolv.conf "$root/etc/"
cp ./*.deb "$root/tmp/"
mkdir "$root/mnt/golden" && cp -r "$source/tests/fixtures/golden/." "$root/mnt/golden/"
mount -t proc proc "$root/proc"
inside() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen "$@"; }
printf '#!/bin/sh\nexit 101\n' > "$root/usr/sbin/policy-rc.d" && chmod 755 "$root/usr/sbin/policy-rc.d"

inside apt-get update -q > "$place/apt.log" 2>&1
inside sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends /tmp/*.deb' >> "$place/apt.log" 2>&1 ||
  fail_test "$(tail -n 20 "$place/apt.log")"

# Without a LibTorch it says in a sentence what to do.
if inside bandscope-engine --version > "$place/said" 2>&1; then fail_test "an engine without LibTorch"; fi
grep -q 'bandscope-fetch-libtorch fetches one' "$place/said" || fail_test "$(cat "$place/said")"
inside env LIBTORCH=/nowhere bandscope-engine --version > "$place/said" 2>&1 && fail_test "a LibTorch that is not there"
grep -q 'LIBTORCH names /nowhere' "$place/said" || fail_test "$(cat "$place/said")"

# As bandscope-fetch-libtorch --system leaves it: the one for processors, where set-up has it, whatever the build's own.
for_cpu="$(. "$source/packaging/common.sh" > /dev/null; LIBTORCH='' libtorch_folder cpu)"
if [ -d "$for_cpu/lib" ]; then libtorch="$for_cpu"; fi
fetched="$root/var/lib/bandscope/$(basename "$for_cpu")"
mkdir -p "$fetched"
cp -r --reflink=auto "$libtorch/lib" "$fetched/"
inside bandscope-engine --version | grep -q '^bandscope-engine [0-9]' || fail_test "the engine's version"
spec=/mnt/golden/runs/neox-dpo-rc.toml
inside bandscope-engine $spec --runs /tmp/runs --set training.steps=2 --json > "$place/run.json" || fail_test "a golden run"
grep -q '"state":"done"' "$place/run.json" || fail_test "$(cat "$place/run.json")"
inside bandscope inspect /tmp/runs/neox-dpo-rc/run.h5 --json | grep -q '"steps"' || fail_test "inspect"
inside bandscope export /tmp/runs/neox-dpo-rc/run.h5 --figure band --out /tmp/band.pdf || fail_test "a figure"
inside bandscope --batch $spec --runs /tmp/batch --set training.steps=1 > "$place/said" 2>&1 || fail_test "$(cat "$place/said")"
for file in share/man/man1/bandscope.1.gz share/bash-completion/completions/bandscope-engine share/applications/bandscope.desktop; do
  [ -s "$root/usr/$file" ] || fail_test "no /usr/$file"
done

inside sh -c 'DEBIAN_FRONTEND=noninteractive apt-get purge -q -y bandscope bandscope-engine' >> "$place/apt.log" 2>&1 ||
  fail_test "$(tail -n 20 "$place/apt.log")"
if find "$root" -xdev -path '*bandscope*' ! -path "$root/tmp/*" ! -path "$root/mnt/*" ! -path "$root/root/.cache*" | grep .; then
  fail_test "a purged package leaves that"
fi
