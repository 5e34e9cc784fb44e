// SPDX-License-Identifier: GPL-3.0-or-later
// A path with a button that chooses it.
#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace bandscope::app {

class PathField : public QWidget {
  Q_OBJECT

 public:
  enum class Kind { program, folder };
  /// `title`: of the dialog, and the field's name for screen readers.
  PathField(Kind kind, const QString& title, QWidget* parent = nullptr);

  QString path() const;  ///< absolute, or empty
  void setPath(const QString& path);
  QLineEdit* line() const { return line_; }

 Q_SIGNALS:
  void changed();

 private:
  void browse();

  Kind kind_;
  QString title_;
  QLineEdit* line_;
  QToolButton* button_;
};

}  // namespace bandscope::app
