// SPDX-License-Identifier: GPL-3.0-or-later
// The form of a run spec, made from the schema: five short sections, advanced keys folded.
#pragma once

#include <QScrollArea>
#include <map>

#include "app/launch/spec_place.h"
#include "app/spec/spec_text.h"
#include "core/message/message.h"

class QComboBox;
class QVBoxLayout;

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
  /// The error stands beside its field, the first of several, or goes where the text is empty; false when no field has
  /// the key.
  bool setError(const QString& key, const Message& text);
  void clearErrors();
  SpecField* field(const QString& key) const;
  /// Stands below the field of the key; the form takes it over. Comes back after a change of language.
  void attach(const QString& key, QWidget* panel);
  /// Shows or hides the keys that are seldom needed.
  void setAdvanced(bool shown);
  /// The machine whose paths and devices the fields name.
  void setPlace(const SpecPlace& place);

 Q_SIGNALS:
  void edited(const QString& key);
  void undoAsked();
  void redoAsked();
  /// A file of this machine is to be sent into this root of the server, for the field of this key.
  void sendAsked(const QString& key, const QString& root, const QString& file);

 protected:
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;
  bool focusNextPrevChild(bool next) override;

 private:
  void build();
  void addCalibration(QVBoxLayout* layout);
  void updateVisible();

  std::map<QString, SpecField*> fields_;
  std::map<QString, bool> basic_;
  std::map<QString, QWidget*> panels_;
  std::map<QString, Message> errors_;
  QComboBox* calibration_ = nullptr;
  QStringList objectives_;  ///< the one chosen, or those swept
  SpecText shown_;
  SpecPlace place_;
  bool lora_ = false, advanced_ = false;
};

/// What `calibration.enabled` and its sweep mean together.
enum class CalibrationChoice { without, with, both };

}  // namespace bandscope::app
