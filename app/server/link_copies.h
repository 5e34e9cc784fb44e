// SPDX-License-Identifier: GPL-3.0-or-later
// The copies of records that follow their runs over one connection, and what runs keep beside them. Everything is
// called in the connection's thread.
#pragma once

#include <QString>
#include <functional>
#include <map>
#include <memory>

#include "app/server/server_link.h"
#include "core/mirror/evaluation_copy.h"
#include "core/mirror/mirror_feed.h"

namespace bandscope::app {

class LinkCopies {
 public:
  /// `changed` hears how far a copy is, whenever that is something else.
  using Changed = std::function<void(const QString& run, const MirrorStanding& standing)>;
  LinkCopies(wire::Client& client, ServerAddress address, QString cache, Changed changed);

  void follow(const QString& run);
  void unfollow(const QString& run);
  /// The server calls the run otherwise: its copy goes to the place of that name, and is not followed any more.
  void renamed(const QString& run, const QString& now);
  /// Deletes the copy of a run that is not followed.
  void forget(const QString& run);
  /// The client is ready, once more.
  void goOn();
  /// The server's `grown`.
  void grown(const wire::Json& fields);
  /// To be called every second.
  void tick();
  void clear() { all_.clear(); }

 private:
  struct One {
    std::unique_ptr<mirror::MirrorFeed> feed;
    std::unique_ptr<mirror::EvaluationCopy> evaluations;
    std::size_t evaluation_rows = 0;  ///< that the files were fetched for
    int fetched = 0;                  ///< times that files came
    int seconds = 0;                  ///< since something that is to be tried again
    std::optional<MirrorStanding> told;
  };
  void look(const QString& run);

  wire::Client& client_;
  const ServerAddress address_;
  const QString cache_;
  const Changed changed_;
  std::map<QString, One> all_;
};

}  // namespace bandscope::app
