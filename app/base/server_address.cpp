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

}  // namespace

QString new_server_id() { return QUuid::createUuid().toString(QUuid::Id128).left(12); }

bool is_destination(const QString& destination) {
  return !destination.isEmpty() && !destination.startsWith(u'-') &&
         std::none_of(destination.begin(), destination.end(),
                      [](QChar c) { return c.isSpace() || c.unicode() < 0x20; });
}

QList<ServerAddress> read_servers(QSettings& settings) {
  QList<ServerAddress> servers;
  const int count = std::min(settings.beginReadArray(QLatin1String(servers_key)), most_servers);
  for (int i = 0; i < count; ++i) {
    settings.setArrayIndex(i);
    const auto text = [&](const char* key) { return settings.value(QLatin1String(key)).toString(); };
    const auto list = [&](const char* key) { return settings.value(QLatin1String(key)).toStringList(); };
    const auto flag = [&](const char* key) { return settings.value(QLatin1String(key), false).toBool(); };
    ServerAddress server;
    server.id = text("id");
    server.name = text("name");
    server.destination = text("destination");
    if (const QString engine = text("engine"); !engine.isEmpty()) server.engine = engine;
    server.runs = text("runs");
    server.data = list("data");
    server.models = list("models");
    server.slurm = flag("slurm");
    server.compress = flag("compress");
    const bool known =
        std::any_of(servers.begin(), servers.end(), [&](const ServerAddress& other) { return other.id == server.id; });
    if (is_id(server.id) && !known && !server.name.isEmpty() && is_destination(server.destination)) servers << server;
  }
  settings.endArray();
  return servers;
}

void write_servers(QSettings& settings, const QList<ServerAddress>& servers) {
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
