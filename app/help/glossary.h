// SPDX-License-Identifier: GPL-3.0-or-later
// Help > Glossary: the terms with their equations, searched while one types; it stays open beside the window.
#pragma once

#include <QDialog>

class QLabel;
class QLineEdit;
class QTextBrowser;

namespace bandscope::app {

class Glossary : public QDialog {
  Q_OBJECT

 public:
  explicit Glossary(QWidget* parent = nullptr);
  QLineEdit* search() const { return search_; }
  /// The names of the terms that are shown.
  QStringList shownTerms() const { return shown_; }

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void translate();
  void write();

  QLineEdit* search_;
  QTextBrowser* text_;
  QStringList shown_;
};

}  // namespace bandscope::app
