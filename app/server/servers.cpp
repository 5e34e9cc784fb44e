// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/servers.h"

#include <QDir>
#include <QStandardPaths>
#include <algorithm>
#include <utility>

#include "app/language/translated.h"

namespace bandscope::app {
namespace {

/// The same but for the name, which no connection depends on.
bool same_place(ServerAddress a, const ServerAddress& b) {
  a.name = b.name;
  return a == b;
}

}  // namespace

QString servers_cache() {
  return QDir(QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation))
      .filePath(QStringLiteral("bandscope/servers"));
}

Servers::Servers(const QString& cache, QObject* parent) : QObject(parent), cache_(cache) {}
Servers::~Servers() { end(all_); }

void Servers::end(std::vector<One>& gone) {
  for (const auto& one : gone) {
    if (one.link) one.link->leave();
  }
  gone.clear();
}

void Servers::setAddresses(const QList<ServerAddress>& addresses) {
  std::vector<One> next;
  bool reads = false;
  for (const auto& address : addresses) {
    const auto old = std::find_if(all_.begin(), all_.end(), [&](const One& one) {
      return one.link && one.link->address().id == address.id && same_place(one.link->address(), address);
    });
    if (old != all_.end()) {
      next.push_back(std::move(*old));
      next.back().link->setName(address.name);
      next.back().runs->describe();
      continue;
    }
    One one;
    one.link = std::make_unique<ServerLink>(address, cache_);
    one.runs = std::make_unique<ServerRuns>(one.link.get(), QDir(cache_).filePath(address.id));
    connect(one.link.get(), &ServerLink::stateChanged, this, &Servers::changed);
    connect(one.runs.get(), &ServerRuns::changed, this, &Servers::runsChanged);
    connect(one.runs.get(), &ServerRuns::grown, this, &Servers::grown);
    connect(one.runs.get(), &ServerRuns::replaced, this, &Servers::replaced);
    one.link->connectToServer();
    next.push_back(std::move(one));
    reads = true;
  }
  std::vector<One> gone = std::exchange(all_, std::move(next));
  end(gone);  // what was not taken over
  setShown(shown_);
  Q_EMIT changed();
  // One that is new says so itself once it has read what was last heard: until then its runs stay listed.
  if (!reads) Q_EMIT runsChanged();
}

const Servers::One* Servers::find(const QString& id) const {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const One& one) { return one.link->address().id == id; });
  return at == all_.end() ? nullptr : &*at;
}

std::vector<ServerLink*> Servers::links() const {
  std::vector<ServerLink*> links;
  for (const auto& one : all_) links.push_back(one.link.get());
  return links;
}

ServerLink* Servers::link(const QString& id) const {
  const One* one = find(id);
  return one ? one->link.get() : nullptr;
}

ServerRuns* Servers::runs(const QString& id) const {
  const One* one = find(id);
  return one ? one->runs.get() : nullptr;
}

QString Servers::name(const QString& id) const {
  const One* one = find(id);
  return one ? one->link->address().name : QString();
}

QString Servers::problem(const QString& id) const {
  const One* one = find(id);
  if (!one || one->link->ready() || one->link->problem().empty()) return {};
  return translated_sentence(one->link->problem());
}

std::vector<RunEntryPtr> Servers::entries() const {
  std::vector<RunEntryPtr> all;
  for (const auto& one : all_) {
    const auto own = one.runs->entries();
    all.insert(all.end(), own.begin(), own.end());
  }
  return all;
}

void Servers::setShown(const QStringList& records) {
  shown_ = records;
  for (const auto& one : all_) one.runs->setFollowed(records);
}

}  // namespace bandscope::app
