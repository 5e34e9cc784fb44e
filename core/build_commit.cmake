# SPDX-License-Identifier: Apache-2.0
# Writes OUTPUT, a header that says which commit SOURCE is; only when that has changed, so that nothing is compiled in vain.
#   cmake -DSOURCE=FOLDER -DOUTPUT=FILE -P build_commit.cmake
find_package(Git QUIET)
set(commit "unknown")
if(GIT_FOUND)
  # A checkout of its own, not one that this source happens to be unpacked in.
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE} rev-parse --show-prefix
    OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed AND prefix STREQUAL "")
    execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE} --no-optional-locks describe --always --dirty --abbrev=12 --exclude=*
      OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed)
      set(commit ${found})
    endif()
  endif()
endif()
set(text "// Made by core/build_commit.cmake.\n#define BANDSCOPE_COMMIT \"${commit}\"\n")
set(before "")
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} before)
endif()
if(NOT before STREQUAL text)
  file(WRITE ${OUTPUT} "${text}")
endif()
