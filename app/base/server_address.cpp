// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/base/server_address.h"

#include <QSettings>
#include <QUuid>
#include <algorithm>

namespace bandscope::app {
namespace {

constexpr const char* servers_key = "servers";
constexpr int most_servers = 200;

bool is_id(const QString& id) {
  return !id.isEmpty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), [](QChar c) {
    return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9');
  });
}

/// One line: no control characters, not endless.
bool is_line(const QString& text) {
  return text.size() <= longest_server_text && std::none_of(text.begin(), text.end(), [](QChar c) {
           return c.unicode() < 0x20 || c.unicode() == 0x7f || c == QChar::LineSeparator ||
                  c == QChar::ParagraphSeparator;
         });
}

/// What a shell that the configuration of ssh starts might read otherwise; no host or user has it in its name.
bool is_plain(QChar c) { return !c.isSpace() && !QStringLiteral("'\"`;&<>|(){}$").contains(c); }

}  // namespace

QString new_server_id() { return QUuid::createUuid().toString(QUuid::Id128).left(12); }

bool is_destination(const QString& destination) {
  const QString host = destination.section(u'@', -1);
  return !host.isEmpty() && !host.startsWith(u'-') && !destination.startsWith(u'-') && !destination.startsWith(u'@') &&
         is_line(destination) && std::all_of(destination.begin(), destination.end(), is_plain);
}

bool is_server_path(const QString& path) { return !path.isEmpty() && is_line(path); }

QList<ServerAddress> read_servers(QSettings& settings) {
  QList<ServerAddress> servers;
  const int count = std::min(settings.beginReadArray(QLatin1String(servers_key)), most_servers);
  for (int i = 0; i < count; ++i) {
    settings.setArrayIndex(i);
    const auto text = [&](const char* key) { return settings.value(QLatin1String(key)).toString(); };
    const auto path = [&](const char* key) {
      const QString read = text(key);
      return is_server_path(read) ? read : QString();
    };
    const auto folders = [&](const char* key) {
      QStringList read;
      for (const auto& folder : settings.value(QLatin1String(key)).toStringList()) {
        if (is_server_path(folder) && read.size() < most_server_folders) read << folder;
      }
      return read;
    };
    ServerAddress server;
    const auto flag = [&](const char* key, bool& kept) { kept = settings.value(QLatin1String(key), kept).toBool(); };
    server.id = text("id");
    server.name = text("name");
    server.destination = text("destination");
    if (const QString engine = path("engine"); !engine.isEmpty()) server.engine = engine;
    server.runs = path("runs");
    server.data = folders("data");
    server.models = folders("models");
    flag("slurm", server.slurm);
    flag("compress", server.compress);
    const bool known =
        std::any_of(servers.begin(), servers.end(), [&](const ServerAddress& other) { return other.id == server.id; });
    if (is_id(server.id) && !known && !server.name.isEmpty() && is_line(server.name) &&
        is_destination(server.destination)) {
      servers << server;
    }
  }
  settings.endArray();
  return servers;
}

void write_servers(QSettings& settings, const QList<ServerAddress>& servers) {
  if (read_servers(settings) == servers) return;
  settings.remove(QLatin1String(servers_key));
  if (servers.isEmpty()) return;
  settings.beginWriteArray(QLatin1String(servers_key), int(servers.size()));
  for (int i = 0; i < servers.size(); ++i) {
    const ServerAddress& server = servers[i];
    settings.setArrayIndex(i);
    const auto set = [&](const char* key, const QVariant& value) { settings.setValue(QLatin1String(key), value); };
    set("id", server.id);
    set("name", server.name);
    set("destination", server.destination);
    set("engine", server.engine);
    set("runs", server.runs);
    set("data", server.data);
    set("models", server.models);
    set("slurm", server.slurm);
    set("compress", server.compress);
  }
  settings.endArray();
}

}  // namespace bandscope::app
