// SPDX-License-Identifier: GPL-3.0-or-later
// Logs and data of runs on servers, as requests to them.
#pragma once

#include "app/library/elsewhere_files.h"
#include "app/server/ask_server.h"

namespace bandscope::app {

class ServerFiles : public ElsewhereFiles {
 public:
  explicit ServerFiles(ServerLinks links) : links_(std::move(links)) {}
  void log(const RunElsewhere& run, std::optional<qint64> from, QObject* context, Log done) override;
  void dataRows(const RunElsewhere& run, const std::vector<qint64>& rows, QObject* context, Rows done) override;

 private:
  ServerLinks links_;
};

}  // namespace bandscope::app
