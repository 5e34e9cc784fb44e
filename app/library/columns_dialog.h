// SPDX-License-Identifier: GPL-3.0-or-later
// Which column of a table is which quantity of a run, where its names do not say it.
#pragma once

#include <QDialog>
#include <QStringList>
#include <vector>

#include "app/library/log_import.h"

class QComboBox;
class QDialogButtonBox;
class QLabel;

namespace bandscope::app {

class ColumnsDialog : public QDialog {
  Q_OBJECT

 public:
  /// `names`: the table's columns; `told`: what was chosen before. One that is called like a quantity is chosen for it
  /// where nothing was. `why`: a sentence.
  ColumnsDialog(const QStringList& names, const LogImport::Columns& told, const QString& why, QWidget* parent);
  /// As import_run() takes them.
  LogImport::Columns columns() const;

 private:
  struct Choice {
    std::string key;
    QComboBox* column;
  };
  /// What keeps it from being accepted; empty: nothing.
  QString problem() const;
  void check();

  std::vector<Choice> choices_;
  QLabel* problem_;
  QDialogButtonBox* buttons_;
};

}  // namespace bandscope::app
