// SPDX-License-Identifier: GPL-3.0-or-later
// Small model folders and data files for the tests of the launch page.
#pragma once

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QString>

namespace bandscope::testing {

/// Its folder is made where there is none.
inline void write_file(const QString& path, const QByteArray& content) {
  QDir().mkpath(QFileInfo(path).path());
  QFile file(path);
  if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
    qFatal("cannot write %s", qPrintable(path));
}

/// One of tests/fixtures/hf with a tokenizer that fits it.
inline QString make_model(const QString& folder, const char* kind = "mistral-window") {
  QDir().mkpath(folder);
  const QString fixtures = QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/");
  const QDir from(fixtures + "hf/" + kind);
  for (const auto& name : from.entryList(QDir::Files)) QFile::copy(from.filePath(name), QDir(folder).filePath(name));
  for (const char* name : {"tokenizer.json", "tokenizer_config.json"}) {
    QFile::copy(fixtures + "tokenizer/" + name, QDir(folder).filePath(name));
  }
  for (const auto& name : QDir(folder).entryList(QDir::Files)) {
    QFile::setPermissions(QDir(folder).filePath(name), QFile::ReadOwner | QFile::WriteOwner);
  }
  return folder;
}

/// Anthropic-HH rows; every tenth has equal responses.
inline QByteArray hh_rows(int rows) {
  QByteArray text;
  for (int i = 0; i < rows; ++i) {
    const QByteArray prompt = "\\n\\nHuman: question " + QByteArray::number(i) + "?\\n\\nAssistant:";
    const QByteArray second = i % 10 == 9 ? " yes, it is" : " no, by no means is it so, whatever they say";
    text += "{\"chosen\": \"" + prompt + " yes, it is\", \"rejected\": \"" + prompt + second + "\"}\n";
  }
  return text;
}

}  // namespace bandscope::testing
