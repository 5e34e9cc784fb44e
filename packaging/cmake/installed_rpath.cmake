# SPDX-License-Identifier: Apache-2.0
# bandscope_installed_rpath(PROGRAM RPATH COMPONENT): an installed program looks for libraries in RPATH alone. What link options
# have put there, folders of this machine, CMake's own INSTALL_RPATH would leave.
function(bandscope_installed_rpath program rpath component)
  string(REPLACE "$" "\\$" rpath "${rpath}")
  install(CODE "file(RPATH_SET FILE \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}/${program}\" NEW_RPATH \"${rpath}\")"
    COMPONENT ${component})
endfunction()
