// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_labels.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <algorithm>

#include "app/base/input_file.h"
#include "app/library/label_json.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr quint64 longest_file = 1 << 20;
constexpr int longest_tag = 60;

const QString starred_key = QStringLiteral("starred"), tags_key = QStringLiteral("tags"),
              note_key = QStringLiteral("note");

[[noreturn]] void refuse(const QString& file, const Message& why) {
  throw RunError(Message::at(file.toStdString(), why));
}

QJsonObject read_object(const QString& path) {
  if (!QFileInfo::exists(path)) return {};
  Message why;
  const auto text = file_bytes(path, longest_file, &why);
  if (!text) refuse(path, Message::tr("cannot be read: %1", why));
  QJsonParseError problem;
  const auto document = QJsonDocument::fromJson(*text, &problem);
  if (problem.error != QJsonParseError::NoError) {
    refuse(path, Message::tr("byte %1: %2", problem.offset, problem.errorString().toStdString()));
  }
  if (!document.isObject()) refuse(path, Message::tr("is not a JSON object with starred, tags and note"));
  return document.object();
}

QStringList sorted(QStringList tags) {
  std::sort(tags.begin(), tags.end());
  tags.removeDuplicates();
  return tags;
}

}  // namespace

QString labels_file(const QString& record) {
  const QFileInfo info(record);
  const QString name = info.fileName() == QLatin1String("run.h5")
                           ? QStringLiteral("labels.json")
                           : info.completeBaseName() + QStringLiteral(".labels.json");
  return info.absolutePath() + QLatin1Char('/') + name;
}

RunLabels read_labels(const QString& record) {
  const QString file = labels_file(record);
  return labels_from(read_object(file), file);
}

RunLabels labels_from(const QJsonObject& object, const QString& file) {
  RunLabels labels;
  const auto starred = object.value(starred_key), tags = object.value(tags_key), note = object.value(note_key);
  if (!starred.isUndefined() && !starred.isBool())
    refuse(file, Message::tr("key \"%1\" must be true or false", std::string("starred")));
  if (!tags.isUndefined() && !tags.isArray()) refuse(file, Message::tr("key \"tags\" must be a list of strings"));
  if (!note.isUndefined() && !note.isString()) refuse(file, Message::tr("key \"note\" must be a string"));
  labels.starred = starred.toBool();
  labels.note = note.toString();
  for (const auto& tag : tags.toArray()) {
    if (!tag.isString()) refuse(file, Message::tr("key \"tags\" must be a list of strings"));
    const QString clean = clean_tag(tag.toString());
    if (!clean.isEmpty()) labels.tags << clean;
  }
  labels.tags = sorted(labels.tags);
  return labels;
}

QJsonObject labels_json(const RunLabels& labels) {
  QJsonObject object;
  if (labels.starred) object.insert(starred_key, true);
  if (!labels.tags.isEmpty()) object.insert(tags_key, QJsonArray::fromStringList(sorted(labels.tags)));
  if (!labels.note.isEmpty()) object.insert(note_key, labels.note);
  return object;
}

void write_labels(const QString& record, const RunLabels& labels) {
  const QString path = labels_file(record);
  auto object = read_object(path);
  for (const auto& key : {starred_key, tags_key, note_key}) object.remove(key);
  const auto own = labels_json(labels);
  for (auto at = own.begin(); at != own.end(); ++at) object.insert(at.key(), at.value());
  if (object.isEmpty()) {
    QFile file(path);
    if (file.exists() && !file.remove())
      refuse(path, Message::tr("cannot be removed: %1", file.errorString().toStdString()));
    return;
  }
  QSaveFile file(path);
  const QByteArray text = QJsonDocument(object).toJson();
  if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size() || !file.commit()) {
    refuse(path, Message::tr("cannot be written: %1", file.errorString().toStdString()));
  }
}

QString clean_tag(const QString& text) {
  const QString tag = text.simplified();
  return tag.contains(QLatin1Char(',')) || tag.size() > longest_tag ? QString() : tag;
}

QStringList tags_from(const QString& text) {
  QStringList tags;
  for (const auto& part : text.split(QLatin1Char(','))) {
    const QString tag = clean_tag(part);
    if (!tag.isEmpty()) tags << tag;
  }
  return sorted(tags);
}

}  // namespace bandscope::app
