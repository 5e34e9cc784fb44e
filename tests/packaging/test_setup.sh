#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What packaging/setup makes of CUDA's wheels: all that nvcc, CMake and the loader look for, where they look. Made-up wheels
# with the real ones' names and layout stand in for 2.5 GB.
# shellcheck source-path=SCRIPTDIR source=../../packaging/common.sh
set -euo pipefail

packaging="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../packaging" && pwd)"
place="$(mktemp -d)"
trap 'rm -rf "$place"' EXIT
fail_test() {
  printf 'FAILED: %s\n' "$1" >&2
  exit 1
}

# wheels REQUIREMENTS: one for each pin.
wheels() {
  python3 - "$1" "$place/cache/bandscope/wheels" <<'PYTHON'
import pathlib, re, sys, zipfile
folder = pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
FILES = {
    "torch": ["torch/include/ATen/ATen.h", "torch/share/cmake/Torch/TorchConfig.cmake", "torch/version.py"]
             + [f"torch/lib/lib{name}" for name in ("torch_cpu.so", "c10.so", "gomp.so.1", "shm.so", "torch_global_deps.so",
                                                     "torch_cuda.so", "c10_cuda.so", "torch_python.so")],
    "nvidia-cuda-runtime": ["nvidia/cu13/include/cuda_runtime.h"]
                           + [f"nvidia/cu13/lib/{name}" for name in ("libcudart.so.13", "libcudart_static.a", "libcudadevrt.a")],
    "nvidia-cuda-nvcc": ["nvidia/cu13/bin/nvcc"],
    "nvidia-nvvm": ["nvidia/cu13/nvvm/bin/cicc", "nvidia/cu13/lib/libnvvm.so.4"],
    "nvidia-nccl-cu13": ["nvidia/nccl/include/nccl.h", "nvidia/nccl/lib/libnccl.so.2"],
    "nvidia-cuda-cupti": ["nvidia/cu13/lib/libcupti.so.13"],
    "nvidia-cublas": ["nvidia/cu13/lib/libcublas.so.13", "nvidia/cu13/lib/libcublas_static.a"],
}
for line in open(sys.argv[1], encoding="utf-8"):
    pin = re.match(r"([a-z0-9-]+)==([0-9.]+)", line)
    if not pin:
        continue
    name, version = pin.groups()
    with zipfile.ZipFile(folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl", "w") as wheel:
        for file in FILES.get(name, [f"nvidia/cu13/include/{name}.h"]):
            wheel.writestr(file, file)
PYTHON
}
# unpacked KIND: the folder that setup makes, from wheels that are there.
unpacked() {
  XDG_CACHE_HOME="$place/cache" bash -c '. "$1/common.sh"; . "$1/libtorch.sh"; eval "$(sed -e "/^\. /d" -e "\$d" "$1/setup")"
    fetch_wheels() { :; }
    unpack_libtorch_$2 >&2 && libtorch_folder $2' setup "$packaging" "$1" 2> "$place/said" || {
    cat "$place/said" >&2
    fail_test "unpacking for $1"
  }
}

for kind in cuda cuda_build; do
  wheels "$packaging/requirements/libtorch-${kind/_/-}.txt"
  folder="$(unpacked $kind)"
  for file in include/ATen/ATen.h lib/libtorch_cpu.so lib/libtorch_cuda.so lib/libc10_cuda.so lib/libcudart.so.13 \
    lib/libcupti.so.13 cuda/bin/nvcc cuda/nvvm/bin/cicc cuda/include/cuda_runtime.h cuda/lib64/libcudart.so.13 \
    cuda/lib64/libcudart.so cuda/lib64/libcudart_static.a cuda/lib64/libcudadevrt.a cuda/lib64/libnvvm.so.4 \
    nccl/include/nccl.h; do
    [ -s "$folder/$file" ] || fail_test "$kind: no $file"
  done
  [ ! -e "$folder/lib/libtorch_python.so" ] || fail_test "$kind: Python's part of torch"
done
folder="$(unpacked cuda)"
[ -s "$folder/lib/libnccl.so.2" ] || fail_test "NCCL's library is for runs"
[ ! -e "$folder/lib/libcublas_static.a" ] || fail_test "gigabytes of archives that nothing links"
[ -z "$(find "$place/cache/bandscope" -maxdepth 1 -name 'unpack.*')" ] || fail_test "work folders stay"
