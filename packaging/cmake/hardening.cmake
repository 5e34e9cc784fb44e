# SPDX-License-Identifier: Apache-2.0
# Run records, data and models are other people's files: what a mistake in reading them can do is limited here, for every
# target of the build. Sanitizers bring checks of their own, which FORTIFY would hide.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()
add_compile_options($<$<COMPILE_LANGUAGE:C,CXX>:-fstack-protector-strong> $<$<COMPILE_LANGUAGE:C,CXX>:-fstack-clash-protection>
  $<$<COMPILE_LANGUAGE:C,CXX>:-fcf-protection>)
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  add_compile_options("$<$<AND:$<COMPILE_LANGUAGE:C,CXX>,$<NOT:$<CONFIG:Debug>>>:-U_FORTIFY_SOURCE>"
    "$<$<AND:$<COMPILE_LANGUAGE:C,CXX>,$<NOT:$<CONFIG:Debug>>>:-D_FORTIFY_SOURCE=3>")
  # A vector's index and an empty optional are looked at too.
  add_compile_definitions($<$<COMPILE_LANGUAGE:C,CXX>:_GLIBCXX_ASSERTIONS>)
endif()
add_link_options(LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
# CMake pads the build's RUNPATH with colons, to have room for the installed one; an empty element means the current
# folder, from which libraries would then be loaded. Both are the same here, so that nothing is padded.
set(CMAKE_INSTALL_RPATH_USE_LINK_PATH ON)
set(CMAKE_BUILD_WITH_INSTALL_RPATH ON)
