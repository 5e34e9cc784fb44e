// SPDX-License-Identifier: GPL-3.0-or-later
// One field of the form, made from a key of the spec's schema: label, input, help, the error beside it, and the toggle
// that turns its value into a list to sweep.
#pragma once

#include <QWidget>
#include <optional>

#include "app/launch/recent_paths.h"
#include "app/launch/spec_place.h"
#include "core/message/message.h"
#include "core/spec/run_spec.h"

class QCheckBox;
class QComboBox;
class QLineEdit;
class QMenu;
class QToolButton;

namespace bandscope::app {

class ChoiceList;
class ElidedLine;

class SpecField : public QWidget {
  Q_OBJECT

 public:
  SpecField(const SpecKey& key, QWidget* parent = nullptr);

  const SpecKey& key() const { return key_; }
  /// The TOML value entered; nullopt when the field is at its default or empty.
  std::optional<QString> value() const;
  /// The TOML array entered; nullopt unless the key is swept.
  std::optional<QString> sweep() const;
  /// Shows TOML values: of the key (nullopt: the default) and of the list to sweep (nullopt: none). No signal.
  void setValue(const std::optional<QString>& value, const std::optional<QString>& sweep);
  /// Another default: parameters have one per objective.
  void setDefault(const QString& text);
  /// And another meaning.
  void setHelp(const std::string& help);
  void setError(const Message& error);
  /// The machine whose paths and devices it names.
  void setPlace(const SpecPlace& place);
  /// A file of this machine is data for the server of the place; where it is to go may be asked first.
  void sendFile(const QString& file);
  QString label() const;
  QToolButton* sweepButton() const { return sweep_; }

 Q_SIGNALS:
  void edited();
  /// Ctrl+Z and its like in a line: the spec's text keeps the history.
  void undoAsked();
  void redoAsked();
  /// A file of this machine is to be sent into this root of the server.
  void sendAsked(const QString& root, const QString& file);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void makeInput();
  void makePicker();
  bool picks() const;       ///< it has a button that looks for files
  bool has_button() const;  ///< one stands between input and sweep
  void makeExamples();
  void fillExamples();
  void makeSweep();
  void fillRecent();
  void pick(const QString& path);
  void pickFiles(const QStringList& files);
  void browse();
  void browseFolder();
  void fillRecentThere();
  ServerLink* serverToAsk();
  void browseThere();
  void browseToSend();
  void showDevices();
  void fillDevices();
  PathKind kind() const;  ///< of what is picked
  static QString dataFilter();
  QString startingFolder() const;
  void toggled(bool on);
  void showSweep();
  void writeNote(bool focused);
  void fitCheck();
  QString entered() const;  ///< the single value as text
  QString listed() const;   ///< the list as a TOML array
  void prepare(QWidget* input);
  void describe();  ///< help where it is shown and where screen readers find it

  SpecKey key_;
  SpecPlace place_;
  ElidedLine* note_;  ///< the error, or help while focused
  Message error_;
  QWidget* input_ = nullptr;  ///< of one value: one of the three
  QCheckBox* check_ = nullptr;
  QComboBox* choice_ = nullptr;
  QLineEdit* line_ = nullptr;
  QToolButton* pick_ = nullptr;
  QMenu* recent_ = nullptr;  ///< of what was used before, or of examples
  QToolButton* sweep_;
  QWidget* values_ = nullptr;      ///< of the list to sweep: one of the two
  ChoiceList* choices_ = nullptr;  ///< of a choice or a truth value
  QLineEdit* list_ = nullptr;      ///< of any other
};

}  // namespace bandscope::app
