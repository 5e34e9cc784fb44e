// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/quiet_qt.h"

#include <QString>
#include <QtGlobal>
#include <cstdio>

namespace bandscope::app {

void quiet_qt() {
  qInstallMessageHandler([](QtMsgType type, const QMessageLogContext& context, const QString& message) {
    if (message.startsWith(QLatin1String("QStandardPaths: XDG_RUNTIME_DIR not set"))) return;
    std::fprintf(stderr, "%s\n", qFormatLogMessage(type, context, message).toLocal8Bit().constData());
  });
}

}  // namespace bandscope::app
