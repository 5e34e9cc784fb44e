# SPDX-License-Identifier: Apache-2.0
# Debian packages by cpack: bandscope-engine, and bandscope, the window. What they depend on is found out when they are packed
# (package_depends.cmake).
if(NOT BANDSCOPE_TRAINING)
  return()  # the window's package needs that of the engine
endif()
include(GNUInstallDirs)
set(BANDSCOPE_MAINTAINER "Bandscope developers <maintainers@bandscope.org>" CACHE STRING "Maintainer of the Debian packages")

# Of a package's changelog Debian wants one in its own form; its date is the commit's, so that one source makes one package.
set(epoch $ENV{SOURCE_DATE_EPOCH})
if(NOT epoch)
  execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE
    ERROR_QUIET)
endif()
if(NOT epoch)
  string(TIMESTAMP epoch %s UTC)
endif()
execute_process(COMMAND date -u -R -d @${epoch} OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE
  COMMAND_ERROR_IS_FATAL ANY)

set(components engine)
if(BANDSCOPE_APP)
  list(APPEND components app)
endif()
set(package_engine bandscope-engine)
set(package_app bandscope)
foreach(component ${components})
  set(name ${package_${component}})
  set(folder ${PROJECT_BINARY_DIR}/packages/${name})
  file(WRITE ${folder}/changelog "${name} (${PROJECT_VERSION}) unstable; urgency=medium\n\n  * Version ${PROJECT_VERSION}; what \
is new stands in CHANGELOG.md of the source.\n\n -- ${BANDSCOPE_MAINTAINER}  ${date}\n")
  execute_process(COMMAND gzip -9nf ${folder}/changelog COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${folder}/changelog.gz ${PROJECT_SOURCE_DIR}/packaging/debian/copyright DESTINATION share/doc/${name}
    COMPONENT ${component})
  install(FILES ${PROJECT_SOURCE_DIR}/packaging/debian/${name}.lintian-overrides DESTINATION share/lintian/overrides
    RENAME ${name} COMPONENT ${component})
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME bandscope)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL ${components})
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER ${BANDSCOPE_MAINTAINER})
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_ENGINE_PACKAGE_NAME ${package_engine})
set(CPACK_DEBIAN_APP_PACKAGE_NAME ${package_app})
# Paragraphs below the first line, which is the project's own; a line with a dot alone parts them.
set(CPACK_COMPONENT_ENGINE_DESCRIPTION "The engine: preference optimization (DPO and its relatives, with and without
reward calibration) on CPUs and NVIDIA GPUs, recorded to HDF5 while it goes on.
.
LibTorch is not in this package: bandscope-fetch-libtorch fetches a pinned one
from PyPI, or the engine runs on one that is there.")
set(CPACK_COMPONENT_APP_DESCRIPTION "The window and the command line with which runs of bandscope-engine and of
other trainers are followed, compared, steered and made into figures.")
set(CPACK_DEBIAN_ENGINE_PACKAGE_RECOMMENDS "python3-venv, unzip, ca-certificates")
# For servers: ssh, and what asks in its name.
set(CPACK_DEBIAN_APP_PACKAGE_RECOMMENDS "openssh-client")
set(CPACK_DEBIAN_APP_PACKAGE_SUGGESTS "ssh-askpass")
set(CPACK_DEBIAN_ENGINE_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/debian/postrm)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/packaging/cmake/package_depends.cmake)
set(CPACK_BANDSCOPE_BIN ${CMAKE_RUNTIME_OUTPUT_DIRECTORY})
include(CPack)
