// SPDX-License-Identifier: GPL-3.0-or-later
// The first rows of data that lie on a server, as far as an example of its pairs needs them.
#pragma once

#include <QObject>
#include <QPointer>

#include "app/launch/data_summary.h"
#include "app/server/server_link.h"

namespace bandscope::app {

/// What a server has of a file or folder of pairs, from its answer to `data_rows`: examples and their form, no counts
/// of the whole.
DataSummary summary_of_rows(const wire::Json& answer, const DataQuestion& question);

class RemoteRows : public QObject {
  Q_OBJECT

 public:
  explicit RemoteRows(QObject* parent = nullptr) : QObject(parent) {}

  /// `question.file`: as a spec on that server calls it. An earlier question is dropped. Of a path that lies in none of
  /// the server's folders nothing is found. The same question is not asked twice.
  void look(ServerLink* server, const DataQuestion& question);
  void cancel();

 Q_SIGNALS:
  /// Once for each question, with a problem where the server refused it; not where the connection went.
  void found(const DataSummary& look);

 private:
  quint64 wanted_ = 0;
  QString asked_;  ///< the question that is, or was, answered
};

}  // namespace bandscope::app
