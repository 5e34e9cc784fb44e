// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_channel.h"

#include <QJsonDocument>
#include <utility>

namespace bandscope::app {

void ServerChannel::send(const Order& order, QObject* context, Answered done) {
  ask_server(
      links_, server_, wire::Ask::control, {{"run", run_.toStdString()}, {"order", to_request(order)}}, context,
      [links = links_, server = server_, done = std::move(done)](const wire::Json& fields, const Message& problem) {
        const auto answer = fields.find("answer");
        if (!problem.empty() || answer == fields.end() || !answer->is_object())
          return done({}, problem.empty() ? not_understood(links, server) : problem);
        done(QJsonDocument::fromJson(QByteArray::fromStdString(answer->dump())).object(), {});
      });
}

void ServerChannel::end(QObject* context, Ended done) {
  ask_server(links_, server_, wire::Ask::end, {{"run", run_.toStdString()}}, context,
             [done = std::move(done)](const wire::Json&, const Message& problem) { done(problem); });
}

}  // namespace bandscope::app
