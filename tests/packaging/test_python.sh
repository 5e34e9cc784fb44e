#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# test_python.sh PROGRAM MODULE…: tests of the Python package, whose records PROGRAM (bandscope) reads back. MODULE test_trl
# wants a Python with torch and trl, which BANDSCOPE_TRL_PYTHON names; the others Debian's with python3-h5py, or
# BANDSCOPE_PYTHON.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../../packaging/python"
program="$1"
shift
skip() { # as CMakeLists.txt tells ctest
  printf 'skipped: %s\n' "$1"
  exit 77
}
python="${BANDSCOPE_PYTHON:-/usr/bin/python3}"
needs=(numpy h5py)
missing='Debian package python3-h5py, or BANDSCOPE_PYTHON names another Python'
case " $* " in *' test_trl '*)
  python="${BANDSCOPE_TRL_PYTHON:-python3}"
  needs+=(torch trl)
  missing='BANDSCOPE_TRL_PYTHON names a Python that has it'
  ;;
esac
for module in "${needs[@]}"; do
  "$python" -c "import importlib.util as u, sys; sys.exit(u.find_spec('$module') is None)" 2> /dev/null ||
    skip "no Python package $module ($missing)"
done
[ -x "$program" ] || program=
BANDSCOPE="$program" PYTHONDONTWRITEBYTECODE=1 "$python" -W error::ResourceWarning -m unittest "${@/#/tests.}"
