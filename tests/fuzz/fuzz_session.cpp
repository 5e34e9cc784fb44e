// SPDX-License-Identifier: GPL-3.0-or-later
// Any session: an object whose members are what the window's settings keep, taken up by a window that shows a run.
#include <QApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSettings>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <cstdint>
#include <memory>

#include "app/shell/main_window.h"
#include "tests/app/record_maker.h"

namespace {

struct Window {
  int argc = 1;
  char name[8] = "session";
  char* argv[2] = {name, nullptr};
  QTemporaryDir folder;
  std::unique_ptr<QApplication> application;
  std::unique_ptr<bandscope::app::MainWindow> window;
  QString record;

  Window() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(QStringLiteral("bandscope-fuzz-session"));
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder.path());
    application = std::make_unique<QApplication>(argc, argv);
    const auto made = bandscope::testing::make_run(folder.path().toStdString(), {.name = "dpo", .steps = 20});
    record = QString::fromStdString(made.string());
    window = std::make_unique<bandscope::app::MainWindow>();
    window->open({record});
    window->show();
  }
  ~Window() {
    // At the program's end, when Qt's own statics are gone: neither can be taken apart any more.
    static_cast<void>(window.release());
    static_cast<void>(application.release());
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Window window;
  const QByteArray text(reinterpret_cast<const char*>(data), qsizetype(size));
  const auto session = QJsonDocument::fromJson(text).object();
  {
    QSettings settings;
    settings.clear();
    for (auto at = session.begin(); at != session.end(); ++at) {
      if (at.key() == QLatin1String("library/folders") || at.key() == QLatin1String("library/files")) continue;
      if (at.value().isObject()) {
        settings.setValue(at.key(), QJsonDocument(at.value().toObject()).toJson(QJsonDocument::Compact));
      } else {
        settings.setValue(at.key(), at.value().toVariant());
      }
    }
    for (const char* key : {"page/layout", "page/view", "library/columns", "window/layout", "window/geometry"})
      if (session.isEmpty()) settings.setValue(QLatin1String(key), text);
  }
  window.window->restoreSession();
  window.window->open({window.record});
  QCoreApplication::processEvents();
  window.window->saveSession();
  return 0;
}
