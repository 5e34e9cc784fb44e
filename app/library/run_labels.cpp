// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/library/run_labels.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/library/label_json.h"
#include "core/error.h"
#include "core/run/label_file.h"

namespace bandscope::app {
namespace {

constexpr int longest_tag = 60;

[[noreturn]] void refuse(const QString& file, const Message& why) {
  throw RunError(Message::at(file.toStdString(), why));
}

QStringList sorted(QStringList tags) {
  std::sort(tags.begin(), tags.end());
  tags.removeDuplicates();
  return tags;
}

nlohmann::json list_of(const QStringList& tags) {
  auto list = nlohmann::json::array();
  for (const QString& tag : tags) list.push_back(tag.toStdString());
  return list;
}

}  // namespace

QString labels_file(const QString& record) { return QString::fromStdString(label_file(record.toStdString()).string()); }

RunLabels read_labels(const QString& record) {
  return labels_from(read_label_file(record.toStdString()), labels_file(record));
}

RunLabels labels_from(const nlohmann::json& object, const QString& file) {
  RunLabels labels;
  if (!object.is_object()) return labels;
  const auto value = [&](const char* key) { return object.value(key, nlohmann::json()); };
  const auto starred = value("starred"), tags = value("tags"), note = value("note");
  if (object.contains("starred") && !starred.is_boolean())
    refuse(file, Message::tr("key \"%1\" must be true or false", std::string("starred")));
  if (object.contains("tags") && !tags.is_array()) refuse(file, Message::tr("key \"tags\" must be a list of strings"));
  if (object.contains("note") && !note.is_string()) refuse(file, Message::tr("key \"note\" must be a string"));
  labels.starred = starred == true;
  if (note.is_string()) labels.note = QString::fromStdString(note.get<std::string>());
  for (const auto& tag : tags) {
    if (!tag.is_string()) refuse(file, Message::tr("key \"tags\" must be a list of strings"));
    const QString clean = clean_tag(QString::fromStdString(tag.get<std::string>()));
    if (!clean.isEmpty()) labels.tags << clean;
  }
  labels.tags = sorted(labels.tags);
  return labels;
}

nlohmann::json labels_json(const RunLabels& labels) {
  auto object = nlohmann::json::object();
  if (labels.starred) object["starred"] = true;
  if (!labels.tags.isEmpty()) object["tags"] = list_of(sorted(labels.tags));
  if (!labels.note.isEmpty()) object["note"] = labels.note.toStdString();
  return object;
}

void write_labels(const QString& record, const RunLabels& labels) {
  change_label_file(
      record.toStdString(),
      {{"starred", labels.starred}, {"tags", list_of(sorted(labels.tags))}, {"note", labels.note.toStdString()}});
}

RunLabels changed_labels(RunLabels held, const RunLabels& before, const RunLabels& after) {
  if (before.starred != after.starred) held.starred = after.starred;
  if (held.note == before.note) held.note = after.note;
  for (const auto& tag : before.tags)
    if (!after.tags.contains(tag)) held.tags.removeAll(tag);
  for (const auto& tag : after.tags)
    if (!before.tags.contains(tag) && !held.tags.contains(tag)) held.tags << tag;
  held.tags = sorted(held.tags);
  return held;
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
