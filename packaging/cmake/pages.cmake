# SPDX-License-Identifier: Apache-2.0
# bandscope_pages(PROGRAM FILE SUMMARY COMPONENT): the manual page of a program (a target or a script, which is FILE) and what
# shells complete it by, made from its own --help whenever it has been built, and installed with it.
include(GNUInstallDirs)
find_package(Python3 COMPONENTS Interpreter)
# Debian's zsh looks into a folder of its own for what packages bring.
set(zsh_default ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
if(EXISTS /etc/debian_version)
  set(zsh_default ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
endif()
set(BANDSCOPE_ZSH_FOLDER ${zsh_default} CACHE STRING "Where zsh's completions are installed")

function(bandscope_pages program file summary component)
  if(NOT Python3_FOUND)
    message(STATUS "No Python 3: ${program} gets no manual page and no completions")
    return()
  endif()
  set(folder ${CMAKE_BINARY_DIR}/pages)
  set(script ${CMAKE_SOURCE_DIR}/packaging/make-pages)
  file(GLOB parts CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/packaging/pages/*.py)
  set(made ${folder}/${program}.1.gz ${folder}/${program}.bash ${folder}/_${program} ${folder}/${program}.fish)
  set(depends ${file})
  if(TARGET ${program})
    set(depends ${program})
  endif()
  add_custom_command(OUTPUT ${made}
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C.UTF-8 QT_QPA_PLATFORM=offscreen
      ${Python3_EXECUTABLE} ${script} ${file} ${summary} ${folder} ${PROJECT_VERSION}
    DEPENDS ${depends} ${script} ${parts} COMMENT "Making the pages of ${program}" VERBATIM)
  add_custom_target(${program}_pages ALL DEPENDS ${made})
  install(FILES ${folder}/${program}.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT ${component})
  install(FILES ${folder}/${program}.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    RENAME ${program} COMPONENT ${component})
  install(FILES ${folder}/_${program} DESTINATION ${BANDSCOPE_ZSH_FOLDER} COMPONENT ${component})
  install(FILES ${folder}/${program}.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT ${component})
endfunction()
