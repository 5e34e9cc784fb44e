// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_abilities.h"

#include <QCoreApplication>
#include <algorithm>
#include <initializer_list>
#include <vector>

namespace bandscope::app {
namespace {

using wire::Ask;

struct ServerAbility {
  Q_DECLARE_TR_FUNCTIONS(ServerAbility)
 public:
  QString words;
  std::vector<Ask> needs;
};

/// Every request stands in one of them.
std::vector<ServerAbility> server_abilities() {
  return {{ServerAbility::tr("list runs"), {Ask::runs, Ask::watch, Ask::unwatch}},
          {ServerAbility::tr("open runs"), {Ask::record, Ask::follow, Ask::unfollow, Ask::rows, Ask::digests}},
          {ServerAbility::tr("show long runs at once"), {Ask::coarse}},
          {ServerAbility::tr("show specs"), {Ask::spec}},
          {ServerAbility::tr("show logs"), {Ask::log}},
          {ServerAbility::tr("start runs"), {Ask::start}},
          {ServerAbility::tr("plan runs"), {Ask::plan}},
          {ServerAbility::tr("steer and stop runs"), {Ask::control, Ask::end}},
          {ServerAbility::tr("label, rename and delete runs"),
           {Ask::labels, Ask::rename, Ask::remove, Ask::restore, Ask::purge}},
          {ServerAbility::tr("choose models and data there"), {Ask::folder}},
          {ServerAbility::tr("send data"), {Ask::send, Ask::send_chunk}},
          {ServerAbility::tr("show texts of pairs"), {Ask::data_rows}},
          {ServerAbility::tr("show answers of evaluations"), {Ask::evaluations, Ask::evaluation_file}},
          {ServerAbility::tr("use its queue"), {Ask::queue, Ask::queued, Ask::queue_set}}};
}

}  // namespace

QStringList missing_abilities(const wire::Hello& hello) {
  QStringList missing;
  for (const auto& ability : server_abilities()) {
    const bool there = std::all_of(ability.needs.begin(), ability.needs.end(), [&](Ask ask) {
      return std::find(hello.requests.begin(), hello.requests.end(), wire::about(ask).name) != hello.requests.end();
    });
    if (!there) missing << ability.words;
  }
  return missing;
}

}  // namespace bandscope::app
