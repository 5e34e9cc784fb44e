// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a run spec, made from the schema: five short sections, advanced keys folded.
#pragma once

#include <QScrollArea>
#include <map>

#include "app/launch/spec_text.h"

class QComboBox;

namespace bandscope::app {

class SpecField;

class SpecForm : public QScrollArea {
  Q_OBJECT

 public:
  explicit SpecForm(QWidget* parent = nullptr);

  /// Shows what the text says.
  void show(const SpecText& text);
  /// Writes the field that was edited into the text.
  void apply(const QString& key, SpecText& text) const;
  /// The error stands beside its field; false when no field has the key.
  bool setError(const QString& key, const QString& text);
  void clearErrors();
  SpecField* field(const QString& key) const;
  /// Shows or hides the keys that are seldom needed.
  void setAdvanced(bool shown);

 Q_SIGNALS:
  void edited(const QString& key);

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  void updateVisible();

  std::map<QString, SpecField*> fields_;
  std::map<QString, bool> basic_;
  QComboBox* calibration_ = nullptr;
  QString objective_;
  SpecText shown_;
  bool lora_ = false, advanced_ = false;
};

/// What `calibration.enabled` and its sweep mean together.
enum class CalibrationChoice { without, with, both };

}  // namespace bandscope::app
