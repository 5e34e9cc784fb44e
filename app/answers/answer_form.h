// SPDX-License-Identifier: GPL-3.0-or-later
// What to ask, whom, and how. In low windows the fields scroll; what sends and stops stays in sight.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "app/answers/answer_prompt.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QScrollArea;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace bandscope::app {

class ElidedLine;
class TickButton;

/// A model that can be asked.
struct AnswerModel {
  QString key;  ///< which it is, whatever it is called
  QString name;
  bool chosen = false;  ///< at first
};

class AnswerForm : public QWidget {
  Q_OBJECT

 public:
  enum Source { Text, Pair, File };

  explicit AnswerForm(QWidget* parent = nullptr);

  /// Models that can be asked; of those that could be before the choice stays.
  void setModels(const std::vector<AnswerModel>& models);
  std::vector<int> chosenModels() const;  ///< their indices
  void chooseModel(int index, bool on);
  /// Steps of checkpoints that there are, ascending. A chosen step that is not among them stays chosen, and it is said.
  void setSteps(const QList<qint64>& steps);
  std::optional<qint64> step() const;  ///< nullopt: the newest

  Source source() const;
  void setSource(Source source);
  QString text() const;
  void setText(const QString& text);
  qint64 line() const;  ///< of the data, from 0
  void setLine(qint64 line);
  /// Name of the run whose data the line is of, where there are several; empty: it is not said.
  void setPairRun(const QString& name);
  QString file() const { return file_; }
  void setFile(const QString& file);
  AnswerSettings settings() const;
  void setSettings(const AnswerSettings& settings);

  void setBusy(bool busy);
  /// Asks to send, where there is something to send.
  void askToSend();
  /// Why nothing was asked; empty: nothing to say.
  void say(const QString& problem);
  QString said() const;

 Q_SIGNALS:
  void sendAsked();
  void stopAsked();

 protected:
  void changeEvent(QEvent* event) override;

 private:
  void build();
  QWidget* buildPair();
  QWidget* buildFile();
  QLayout* buildOptions();
  void translate();
  void refresh();
  void nameModels();
  void nameSteps();
  void browse();

  QScrollArea* area_;
  QWidget* fields_;
  QComboBox* source_;
  QStackedWidget* what_;
  QPlainTextEdit* text_;
  QSpinBox* line_;
  QLabel* line_label_;
  ElidedLine* line_run_;
  QLabel* line_hint_;
  QToolButton* browse_;
  ElidedLine* file_line_;
  TickButton* models_;
  QComboBox* step_;
  QLabel* step_gone_;
  QSpinBox *max_tokens_, *seed_;
  QDoubleSpinBox *temperature_, *top_p_;
  QCheckBox* chat_;
  QLabel* names_[6];
  QPushButton *send_, *stop_;
  QLabel* problem_;
  QString file_, pair_run_;
  QList<qint64> steps_;
  bool busy_ = false;
};

}  // namespace bandscope::app
