// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shell/application.h"

#include <QApplication>
#include <QFont>
#include <QIcon>
#include <cstdlib>
#include <iostream>

#include "app/base/quiet_qt.h"
#include "app/shell/main_window.h"
#include "core/build_info.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

bool has_display() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
    const char* value = std::getenv(name);
    if (value && *value) return true;
  }
  return false;
}

}  // namespace

int run_window(int argc, char** argv, const WindowRequest& request) {
  if (!has_display()) {
    // Qt would abort with a page of text.
    std::cerr << "bandscope: there is no display for the window; set DISPLAY or WAYLAND_DISPLAY, or use --batch, "
                 "inspect, export or import, which need none"
              << std::endl;
    return static_cast<int>(ExitCode::bad_spec);
  }
  quiet_qt();
  QApplication application(argc, argv);
  QApplication::setOrganizationName(QStringLiteral("bandscope"));
  QApplication::setApplicationName(QStringLiteral("bandscope"));
  QApplication::setApplicationDisplayName(QStringLiteral("Bandscope"));
  QApplication::setApplicationVersion(QString::fromStdString(std::string(build_version())));
  QGuiApplication::setDesktopFileName(QStringLiteral("bandscope"));
  MainWindow window;
  window.restoreSession();
  QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/bandscope.svg")));
  if (!request.language.empty()) window.setLanguage(QString::fromStdString(request.language));
  if (!request.theme.empty()) window.setColorSchemeName(QString::fromStdString(request.theme));
  QStringList paths;
  for (const auto& path : request.paths) paths << QString::fromStdString(path.string());
  window.open(paths);
  window.show();
  return QApplication::exec();
}

}  // namespace bandscope::app
