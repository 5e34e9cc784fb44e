# SPDX-License-Identifier: Apache-2.0
# The part of the engine that needs LibTorch: model, likelihood, trainer, and the program itself.

set(BANDSCOPE_LIBTORCH "" CACHE PATH "LibTorch 2.11: a folder with include/ and lib/ (a PyPI torch wheel's torch/ folder)")
if(NOT BANDSCOPE_LIBTORCH)
  if(DEFINED ENV{LIBTORCH})
    set(BANDSCOPE_LIBTORCH $ENV{LIBTORCH})
  else()
    set(cache $ENV{XDG_CACHE_HOME})
    if(NOT IS_ABSOLUTE "${cache}")
      set(cache $ENV{HOME}/.cache)
    endif()
    set(BANDSCOPE_LIBTORCH ${cache}/bandscope/libtorch-2.11.0-cpu)
  endif()
endif()
if(NOT EXISTS ${BANDSCOPE_LIBTORCH}/include/ATen/ATen.h)
  message(FATAL_ERROR "No LibTorch in ${BANDSCOPE_LIBTORCH}: run packaging/setup, or pass -DBANDSCOPE_LIBTORCH=DIR")
endif()

# Only a path: bitsandbytes is loaded by the runs that ask for quantised weights or optimizer states.
set(BANDSCOPE_BITSANDBYTES "" CACHE PATH "Folder with bitsandbytes' libraries (libbitsandbytes_cpu.so, libbitsandbytes_cuda130.so)")
if(NOT BANDSCOPE_BITSANDBYTES)
  set(cache $ENV{XDG_CACHE_HOME})
  if(NOT IS_ABSOLUTE "${cache}")
    set(cache $ENV{HOME}/.cache)
  endif()
  set(BANDSCOPE_BITSANDBYTES ${cache}/bandscope/bitsandbytes-0.50.2)
endif()

# libtorch_cpu needs only the CUDA runtime and CUPTI beside itself; libtorch_cuda comes with the CUDA
# module (training/cuda), which is loaded when a run asks for a GPU.
add_library(bandscope_torch INTERFACE)
# After the system's own folders: the wheel brings an fmt of its own, and spdlog needs the one that it was built with.
target_compile_options(bandscope_torch INTERFACE -idirafter ${BANDSCOPE_LIBTORCH}/include)
target_link_libraries(bandscope_torch INTERFACE ${BANDSCOPE_LIBTORCH}/lib/libtorch_cpu.so ${BANDSCOPE_LIBTORCH}/lib/libc10.so)
target_link_options(bandscope_torch INTERFACE -Wl,-rpath,${BANDSCOPE_LIBTORCH}/lib -Wl,--disable-new-dtags
  -Wl,--allow-shlib-undefined)

# at::parallel_for is a template of LibTorch's headers: without OpenMP at the place of its call it runs on one thread.
# A plain flag, so that the library found at run time is the one that came with LibTorch.
target_compile_options(bandscope_torch INTERFACE $<$<COMPILE_LANGUAGE:CXX>:-fopenmp>)
target_link_options(bandscope_torch INTERFACE -fopenmp)

add_library(bandscope_training STATIC)
target_link_libraries(bandscope_training PUBLIC bandscope_control bandscope_text bandscope_core bandscope_torch spdlog::spdlog)
bandscope_precompile(bandscope_training <ATen/Functions.h> <ATen/TensorOperators.h> <nlohmann/json.hpp>)
foreach(concept errors cuda quant model likelihood parallel optimizer step memory trainer plan jobs)
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${concept}/CMakeLists.txt)
    add_subdirectory(${concept})
  endif()
endforeach()

target_sources(bandscope_training PRIVATE process_setup.cpp)
# The part of evaluation/ that asks models; the rest of it is in bandscope_text.
target_sources(bandscope_training PRIVATE evaluation/prefix_attention.cpp evaluation/language_model.cpp evaluation/row_runner.cpp
  evaluation/likelihood_tree.cpp evaluation/token_choice.cpp evaluation/slot_cache.cpp evaluation/generator.cpp
  evaluation/settled_text.cpp
  evaluation/evaluate.cpp)

bandscope_unity(bandscope_training)

find_package(CLI11 REQUIRED)
add_executable(bandscope-engine engine_main.cpp cli.cpp progress_line.cpp token_log_probs.cpp tools.cpp
  evaluated_weights.cpp evaluate_command.cpp generate_command.cpp answer_output.cpp)
target_link_libraries(bandscope-engine PRIVATE bandscope_serve bandscope_training CLI11::CLI11)
bandscope_unity(bandscope-engine)

# Installed, it runs on a LibTorch that its starter finds; the CUDA module and Arrow lie beside it.
install(TARGETS bandscope-engine RUNTIME DESTINATION lib/bandscope COMPONENT engine)
bandscope_installed_rpath(lib/bandscope/bandscope-engine "$ORIGIN" engine)
set(packaging ${PROJECT_SOURCE_DIR}/packaging)
install(PROGRAMS ${packaging}/installed/bandscope-engine ${packaging}/installed/bandscope-fetch-libtorch
  DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT engine)
install(FILES ${packaging}/common.sh ${packaging}/libtorch.sh DESTINATION ${CMAKE_INSTALL_DATADIR}/bandscope/packaging
  COMPONENT engine)
install(FILES ${packaging}/requirements/libtorch.txt ${packaging}/requirements/libtorch-cuda.txt
  ${packaging}/requirements/bitsandbytes.txt DESTINATION ${CMAKE_INSTALL_DATADIR}/bandscope/packaging/requirements COMPONENT engine)
bandscope_pages(bandscope-engine $<TARGET_FILE:bandscope-engine> "train language models on preference pairs" engine)
bandscope_pages(bandscope-fetch-libtorch ${packaging}/installed/bandscope-fetch-libtorch "fetch what Bandscope's engine runs on"
  engine)
