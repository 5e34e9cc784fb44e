// SPDX-License-Identifier: GPL-3.0-or-later
// Chooses one of the runs on the page, for a tab that shows one at a time; not seen while there is only one.
#pragma once

#include <QComboBox>
#include <QStringList>

namespace bandscope::app {

class RunChoice : public QComboBox {
  Q_OBJECT

 public:
  explicit RunChoice(QWidget* parent = nullptr);

  /// Offers these; the chosen one stays chosen where it is among them, else the kept one or the first is. True when
  /// they are others than before.
  bool setRecords(const QStringList& records, const QStringList& names);
  QStringList records() const;
  QString record() const { return currentData().toString(); }
  /// Chooses this record, without a signal, as soon as it is offered.
  void keep(const QString& record);

 private:
  QString kept_;
};

}  // namespace bandscope::app
