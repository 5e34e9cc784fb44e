// SPDX-License-Identifier: GPL-3.0-or-later
// Tags of one or several runs: those in use to tick, and a field for a new one.
#pragma once

#include <QDialog>
#include <QStringList>
#include <vector>

class QDialogButtonBox;
class QLineEdit;
class QListWidget;

namespace bandscope::app {

class TagsDialog : public QDialog {
  Q_OBJECT

 public:
  /// `runs`: the tags of each run; a tag that only some have is ticked in part and stays so unless it is changed.
  TagsDialog(const std::vector<QStringList>& runs, const QStringList& in_use, QWidget* parent);

  QStringList added() const;    ///< tags that all runs are to have
  QStringList removed() const;  ///< tags that none is to have

 private:
  void addNew();

  QListWidget* list_;
  QLineEdit* field_;
};

}  // namespace bandscope::app
