# SPDX-License-Identifier: Apache-2.0
# Most of what a small file takes to compile is what it includes, its precompiled headers' reading and the templates that its
# neighbours instantiate too. A build from nothing therefore gains by compiling several files of a folder as one; a build after
# a change loses, and a developer's build leaves it off.
option(BANDSCOPE_UNITY "Compile the files of a folder several at once: for builds from nothing" OFF)

# How many at once: more gain little, and take the compiler more memory.
set(BANDSCOPE_UNITY_BATCH 8)

# bandscope_unity(target [ALONE files...]): files of one folder together, those of two never, in the order of its list. CMake
# leaves alone the files that have options of their own. ALONE: those, from the target's folder, whose local names are a
# format's own and stand for other things beside them.
function(bandscope_unity target)
  cmake_parse_arguments(U "" "" "ALONE" ${ARGN})
  if(NOT BANDSCOPE_UNITY)
    return()
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  # It looks at what the compiled file itself has in it, which is nothing here.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  get_target_property(sources ${target} SOURCES)
  get_target_property(home ${target} SOURCE_DIR)
  foreach(source ${sources})
    if(NOT source MATCHES "\\.cpp$")
      continue()
    endif()
    get_filename_component(source ${source} ABSOLUTE BASE_DIR ${home})
    file(RELATIVE_PATH own ${home} ${source})
    if(own IN_LIST U_ALONE)
      continue()
    endif()
    get_filename_component(folder ${source} DIRECTORY)
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${folder})
    string(MAKE_C_IDENTIFIER ${folder} folder)
    math(EXPR batch "${count_${folder}} + 0")
    math(EXPR count_${folder} "${batch} + 1")
    math(EXPR batch "${batch} / ${BANDSCOPE_UNITY_BATCH}")
    set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES UNITY_GROUP ${folder}_${batch})
  endforeach()
endfunction()
