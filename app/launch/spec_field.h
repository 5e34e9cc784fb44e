// SPDX-License-Identifier: GPL-3.0-or-later
// One field of the form, made from a key of the spec's schema: label, input, help, and the error beside it.
#pragma once

#include <QWidget>
#include <optional>

#include "core/spec/run_spec.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;

namespace bandscope::app {

class SpecField : public QWidget {
  Q_OBJECT

 public:
  SpecField(const SpecKey& key, QWidget* parent = nullptr);

  const SpecKey& key() const { return key_; }
  /// The TOML value entered; nullopt when the field is at its default or empty.
  std::optional<QString> value() const;
  /// Shows a TOML value, nullopt: the default. No signal.
  void setValue(const std::optional<QString>& value);
  /// Another default: parameters have one per objective.
  void setDefault(const QString& text);
  void setError(const QString& text);
  QString label() const;

 Q_SIGNALS:
  void edited();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void browse();

  SpecKey key_;
  QLabel* note_;  ///< help while focused, or the error
  QString error_;
  QCheckBox* check_ = nullptr;
  QComboBox* choice_ = nullptr;
  QLineEdit* line_ = nullptr;
};

}  // namespace bandscope::app
