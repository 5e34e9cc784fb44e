# SPDX-License-Identifier: Apache-2.0
# Read by cpack: what the packages depend on, by the libraries that their programs are linked with. dpkg-shlibdeps is asked
# here rather than by cpack, which knows no library that is in no package, as LibTorch's are.

cmake_policy(VERSION 3.25)

function(bandscope_shared_libraries program result)
  set(folder ${CPACK_BANDSCOPE_BIN}/../packages/depends)
  file(MAKE_DIRECTORY ${folder}/debian)
  file(WRITE ${folder}/debian/control "Source: bandscope\n\nPackage: bandscope\nArchitecture: any\n")
  execute_process(COMMAND dpkg-shlibdeps --ignore-missing-info -O -e${CPACK_BANDSCOPE_BIN}/${program}
    WORKING_DIRECTORY ${folder} OUTPUT_VARIABLE told ERROR_VARIABLE said COMMAND_ERROR_IS_FATAL ANY OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(NOT told MATCHES "^shlibs:Depends=.*libc6")
    message(FATAL_ERROR "dpkg-shlibdeps did not tell what ${program} depends on: ${told} ${said}")
  endif()
  string(REPLACE "shlibs:Depends=" "" told "${told}")
  set(${result} "${told}" PARENT_SCOPE)
endfunction()

bandscope_shared_libraries(bandscope-engine engine)
# The fetched LibTorch's libgomp is its own.
set(CPACK_DEBIAN_ENGINE_PACKAGE_DEPENDS "${engine}, python3")
if(app IN_LIST CPACK_COMPONENTS_ALL)
  bandscope_shared_libraries(bandscope app)
  # Qt's platform and picture plugins are loaded, not linked.
  set(CPACK_DEBIAN_APP_PACKAGE_DEPENDS "${app}, bandscope-engine (= ${CPACK_PACKAGE_VERSION}), qt6-qpa-plugins, libqt6svg6")
endif()
