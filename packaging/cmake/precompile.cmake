# SPDX-License-Identifier: Apache-2.0
# Half of what most files take to compile is the headers of Qt, LibTorch, nlohmann-json and the standard library.

# bandscope_precompile(target headers...): those headers before every source of the target, parsed once.
function(bandscope_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  # ccache looks for what such a file was made of in the preprocessed text.
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# What most files of the window include.
set(BANDSCOPE_WINDOW_HEADERS <algorithm> <functional> <map> <memory> <optional> <string> <vector> <QApplication>
  <QComboBox> <QDir> <QFileInfo> <QHeaderView> <QLabel> <QLineEdit> <QMenu> <QPainter> <QPushButton> <QSettings> <QTimer>
  <QToolButton> <QTreeView> <QUndoStack> <QVBoxLayout>)

# bandscope_precompile_as(target other): the same headers as `other` has, which is compiled with the same options.
function(bandscope_precompile_as target other)
  target_precompile_headers(${target} REUSE_FROM ${other})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()
