// SPDX-License-Identifier: GPL-3.0-or-later
// Files for the window's readers, by the rules of core/input/file.h: whatever lies at a path, no thread waits for it
// and no more of it is kept than asked for.
#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>
#include <optional>

#include "core/input/file.h"
#include "core/schema/message.h"

namespace bandscope::app {

/// All of a regular file of at most `most_bytes`; nothing where it cannot be had, `why` then says the reason without
/// the file's name.
std::optional<QByteArray> file_bytes(const QString& path, quint64 most_bytes, Message* why = nullptr);

/// Opens a regular file for reading from any place in it.
bool open_regular(QFile& file, const QString& path);

}  // namespace bandscope::app
