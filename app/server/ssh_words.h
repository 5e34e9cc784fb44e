// SPDX-License-Identifier: GPL-3.0-or-later
// What the end of ssh means, in words that say what to do. ssh itself speaks English everywhere.
#pragma once

#include <QString>
#include <string>

#include "app/base/server_address.h"
#include "core/message/message.h"

namespace bandscope::app {

/// With which ssh ends where the trouble is its own; other codes are those of the command there.
inline constexpr int ssh_own_code = 255;

/// A conversation that is over.
struct SshEnd {
  ServerAddress server;
  int code = 0;              ///< of ssh
  QString error;             ///< what ssh, the login shell and the engine said on their standard error
  std::string before_hello;  ///< what the login shell printed in place of the engine's hello
  bool asks = true;          ///< SshCommand::asks
  bool greeted = false;      ///< the engine's hello had come
  bool may_ask = true;       ///< SshManner::may_ask
};

/// Which part of the way failed.
enum class SshStage {
  connection,  ///< ssh did not get in
  engine,      ///< there is no program that speaks
  folders      ///< the engine found a folder missing
};
SshStage ssh_stage(const SshEnd& end);

/// Why it is over, and what to do.
Message ssh_problem(const SshEnd& end);

/// What was said, without what ssh tells of itself at LogLevel=VERBOSE.
QString without_progress(const QString& error);

}  // namespace bandscope::app
