// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/input_file.h"

#include "core/error.h"

namespace bandscope::app {

std::optional<QByteArray> file_bytes(const QString& path, quint64 most_bytes, Message* why) {
  try {
    return QByteArray::fromStdString(read_file(path.toStdString(), most_bytes));
  } catch (const FileError& error) {
    if (why) *why = error.reason;
    return std::nullopt;
  }
}

bool open_regular(QFile& file, const QString& path) {
  try {
    InputFile input = open_input(path.toStdString());
    // QFile takes the descriptor only where it opens.
    if (!file.open(input.descriptor.get(), QIODevice::ReadOnly, QFileDevice::AutoCloseHandle)) return false;
    input.descriptor.release();
    return true;
  } catch (const DataError&) {
    return false;
  }
}

}  // namespace bandscope::app
