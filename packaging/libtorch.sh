# SPDX-License-Identifier: Apache-2.0
# LibTorch and bitsandbytes out of their wheels, for set-up and for the installed engine. Sourced after common.sh, never run.
# shellcheck shell=bash source-path=SCRIPTDIR

# Only what a build and a run on the CPU need: half of the wheel is the CUDA part.
unpack_libtorch_cpu() {
  local target requirements="$REQUIREMENTS/libtorch.txt" torch runtime cupti
  target="$(libtorch_folder cpu)"
  if is_current "$target" "$requirements"; then
    say "LibTorch $TORCH_VERSION (CPU) is in $target"
    return
  fi
  fetch_wheels "$requirements" "540 MB"
  say "unpacking LibTorch $TORCH_VERSION (CPU) into $target"
  make_work_folder
  torch="$(wheel torch $TORCH_VERSION)"
  runtime="$(wheel nvidia-cuda-runtime 13.0.96)"
  cupti="$(wheel nvidia-cuda-cupti 13.0.85)"
  unzip -q "$torch" 'torch/include/*' 'torch/share/cmake/*' torch/lib/libtorch_cpu.so \
    torch/lib/libc10.so torch/lib/libgomp.so.1 torch/lib/libshm.so torch/lib/libtorch_global_deps.so -d "$WORK" ||
    fail "LibTorch could not be unpacked into $CACHE" "About 700 MB must be free there."
  unzip -q -j "$runtime" nvidia/cu13/lib/libcudart.so.13 -d "$WORK/torch/lib"
  unzip -q -j "$cupti" nvidia/cu13/lib/libcupti.so.13 -d "$WORK/torch/lib"
  replace_folder "$WORK/torch" "$target" "$requirements"
  rm -rf "$WORK"
}

# The wheels of CUDA share one layout (nvidia/cu13/{bin,include,lib}), and torch's libraries look beside themselves.
unpack_libtorch_cuda() {
  local target requirements="$REQUIREMENTS/libtorch-cuda.txt" pin file library name
  target="$(libtorch_folder cuda)"
  if is_current "$target" "$requirements"; then
    say "LibTorch $TORCH_VERSION (CUDA) is in $target"
    return
  fi
  fetch_wheels "$requirements" "2.5 GB"
  say "unpacking LibTorch $TORCH_VERSION (CUDA) into $target"
  make_work_folder
  while read -r pin _; do
    file="$(wheel "${pin%%==*}" "${pin##*==}")"
    unzip -q -o "$file" -d "$WORK" ||
      fail "${pin%%==*} could not be unpacked into $CACHE" "About 6 GB must be free there."
  done < <(grep -E '^[a-z].*==' "$requirements")
  rm -f "$WORK/torch/lib/libtorch_python.so"
  mkdir -p "$WORK/whole/lib"
  mv "$WORK/torch/include" "$WORK/whole/include"
  mkdir -p "$WORK/whole/share"
  mv "$WORK/torch/share/cmake" "$WORK/whole/share/cmake"
  # Beside the shared ones nvcc links two archives into what it compiles, CMake's try of the compiler among it.
  while IFS= read -r library; do
    mv "$library" "$WORK/whole/lib/"
  done < <(find "$WORK/torch/lib" "$WORK/nvidia" -path '*/lib/*' \( -name '*.so*' -o -name 'libcuda*.a' \))
  mv "$WORK/nvidia/cu13" "$WORK/whole/cuda"
  rm -rf "$WORK/whole/cuda/lib"
  ln -s ../lib "$WORK/whole/cuda/lib"
  ln -s ../lib "$WORK/whole/cuda/lib64"  # where CMake looks
  # NCCL's wheel has a folder of its own; its header is what processes on GPUs are compiled with.
  mkdir -p "$WORK/whole/nccl"
  mv "$WORK/nvidia/nccl/include" "$WORK/whole/nccl/include"
  # Link-time names, which wheels leave out.
  for library in "$WORK"/whole/lib/*.so.*; do
    name="$(basename "$library")"
    [ -e "$WORK/whole/lib/${name%%.so.*}.so" ] || ln -s "$name" "$WORK/whole/lib/${name%%.so.*}.so"
  done
  replace_folder "$WORK/whole" "$target" "$requirements"
  rm -rf "$WORK"
}

# The CPU's folder, and what the linker and nvcc look at; the rest of CUDA's libraries is not needed before a GPU is used.
unpack_libtorch_cuda_build() {
  local target requirements="$REQUIREMENTS/libtorch-cuda-build.txt" pin library part
  target="$(libtorch_folder cuda_build)"
  if is_current "$target" "$requirements"; then
    say "LibTorch $TORCH_VERSION (to build for CUDA) is in $target"
    return
  fi
  fetch_wheels "$requirements" "890 MB"
  say "unpacking LibTorch $TORCH_VERSION (to build for CUDA) into $target"
  make_work_folder
  unzip -q "$(wheel torch $TORCH_VERSION)" 'torch/include/*' 'torch/share/cmake/*' torch/lib/libtorch_cpu.so torch/lib/libc10.so \
    torch/lib/libgomp.so.1 torch/lib/libshm.so torch/lib/libtorch_global_deps.so torch/lib/libtorch_cuda.so \
    torch/lib/libc10_cuda.so -d "$WORK" || fail "LibTorch could not be unpacked into $CACHE" "About 2 GB must be free there."
  while read -r pin _; do
    case "$pin" in torch==*) continue ;; esac
    # Of NCCL only the header, which processes on GPUs are compiled with.
    part='nvidia/cu13/*'
    case "$pin" in nvidia-nccl-*) part='nvidia/nccl/include/*' ;; esac
    unzip -q -o "$(wheel "${pin%%==*}" "${pin##*==}")" "$part" -d "$WORK"
  done < <(grep -E '^[a-z].*==' "$requirements")
  mv "$WORK/nvidia/cu13" "$WORK/torch/cuda"
  mv "$WORK/nvidia/nccl" "$WORK/torch/nccl"
  for library in libcudart.so.13 libcupti.so.13; do ln -s "../cuda/lib/$library" "$WORK/torch/lib/$library"; done
  ln -sf libcudart.so.13 "$WORK/torch/cuda/lib/libcudart.so"
  ln -s lib "$WORK/torch/cuda/lib64"  # where CMake looks
  replace_folder "$WORK/torch" "$target" "$requirements"
  rm -rf "$WORK"
}

# QLoRA's arithmetic: the library for CPUs, and that of CUDA 13.0, which loads only where LibTorch's CUDA part is.
unpack_bitsandbytes() {
  local target requirements="$REQUIREMENTS/bitsandbytes.txt" file
  target="$(bitsandbytes_folder)"
  if is_current "$target" "$requirements"; then
    say "bitsandbytes $BITSANDBYTES_VERSION is in $target"
    return
  fi
  fetch_wheels "$requirements" "43 MB"
  say "unpacking bitsandbytes $BITSANDBYTES_VERSION into $target"
  make_work_folder
  file="$(wheel bitsandbytes $BITSANDBYTES_VERSION)"
  mkdir "$WORK/whole"
  unzip -q -j "$file" bitsandbytes/libbitsandbytes_cpu.so bitsandbytes/libbitsandbytes_cuda130.so \
    "bitsandbytes-$BITSANDBYTES_VERSION.dist-info/licenses/LICENSE" -d "$WORK/whole" ||
    fail "bitsandbytes could not be unpacked into $CACHE"
  replace_folder "$WORK/whole" "$target" "$requirements"
  rm -rf "$WORK"
}

# A folder appears whole or not at all, whenever the script is interrupted.
replace_folder() { # NEW TARGET REQUIREMENTS
  mark_current "$1" "$3"
  rm -rf "$2"
  mv "$1" "$2"
}
