// SPDX-License-Identifier: GPL-3.0-or-later
// What to ask, whom, and how.
#pragma once

#include <QWidget>
#include <optional>
#include <vector>

#include "app/answers/answer_prompt.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QMenu;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;
class QToolButton;

namespace bandscope::app {

class ElidedLine;

class AnswerForm : public QWidget {
  Q_OBJECT

 public:
  enum Source { Text, Pair, File };

  explicit AnswerForm(QWidget* parent = nullptr);

  /// Names of the models that can be asked; those that were chosen by name stay chosen, of others `chosen` says it.
  void setModels(const QStringList& names, const std::vector<bool>& chosen);
  std::vector<int> chosenModels() const;  ///< their indices
  void chooseModel(int index, bool on);
  /// Steps of checkpoints that there are, ascending.
  void setSteps(const QList<qint64>& steps);
  std::optional<qint64> step() const;  ///< nullopt: the newest

  Source source() const;
  void setSource(Source source);
  QString text() const;
  void setText(const QString& text);
  qint64 line() const;  ///< of the data, from 0
  void setLine(qint64 line);
  QString file() const { return file_; }
  void setFile(const QString& file);
  AnswerSettings settings() const;
  void setSettings(const AnswerSettings& settings);

  void setBusy(bool busy);
  /// Why nothing was asked; empty: nothing to say.
  void say(const QString& problem);
  QString said() const;

 Q_SIGNALS:
  void sendAsked();
  void stopAsked();

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void translate();
  void update();
  void nameModels();
  void browse();

  QComboBox* source_;
  QStackedWidget* what_;
  QPlainTextEdit* text_;
  QSpinBox* line_;
  QLabel* line_label_;
  QLabel* line_hint_;
  QToolButton* browse_;
  ElidedLine* file_line_;
  QToolButton* models_;
  QMenu* models_menu_;
  QComboBox* step_;
  QSpinBox *max_tokens_, *seed_;
  QDoubleSpinBox *temperature_, *top_p_;
  QCheckBox* chat_;
  QLabel* names_[6];
  QPushButton *send_, *stop_;
  QLabel* problem_;
  QString file_;
  bool busy_ = false;
};

}  // namespace bandscope::app
