// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/run_choice.h"

#include <QSignalBlocker>
#include <algorithm>
#include <utility>

namespace bandscope::app {

RunChoice::RunChoice(QWidget* parent) : QComboBox(parent) {
  setSizeAdjustPolicy(QComboBox::AdjustToContents);
  // A long name must not widen the window.
  setMinimumContentsLength(6);
  setMaximumWidth(320);
  hide();
}

QStringList RunChoice::records() const {
  QStringList all;
  for (int i = 0; i < count(); ++i) all << itemData(i).toString();
  return all;
}

bool RunChoice::setRecords(const QStringList& records, const QStringList& names) {
  if (records == this->records()) return false;
  const QString before = record();
  const QSignalBlocker quiet(this);
  clear();
  for (qsizetype i = 0; i < records.size(); ++i) addItem(names.value(i), records[i]);
  setCurrentIndex(int(std::max<qsizetype>(records.isEmpty() ? -1 : 0, records.indexOf(before))));
  if (records.contains(kept_)) setCurrentIndex(int(records.indexOf(std::exchange(kept_, {}))));
  setVisible(records.size() > 1);
  return true;
}

void RunChoice::keep(const QString& record) {
  const QSignalBlocker quiet(this);
  const int at = findData(record);
  kept_ = at < 0 ? record : QString();
  if (at >= 0) setCurrentIndex(at);
}

}  // namespace bandscope::app
