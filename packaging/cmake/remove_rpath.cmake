# SPDX-License-Identifier: Apache-2.0
# cmake -DFILE=PROGRAM -P remove_rpath.cmake: what a bundle's program loads comes out of LD_LIBRARY_PATH, which an RPATH
# would come before.
file(RPATH_REMOVE FILE "${FILE}")
