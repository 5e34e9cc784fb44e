// SPDX-License-Identifier: GPL-3.0-or-later
// The runs of a page in one line: as many as there is room for, and how many more; all of them in the tooltip then.
#pragma once

#include <QLabel>
#include <QStringList>

namespace bandscope::app {

class RunChips : public QLabel {
  Q_OBJECT

 public:
  explicit RunChips(QWidget* parent = nullptr);

  /// Each is rich text.
  void setChips(const QStringList& chips);

 protected:
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void fit();
  int widthOf(const QString& html) const;
  QString lineOf(qsizetype count) const;

  QStringList chips_;
};

}  // namespace bandscope::app
