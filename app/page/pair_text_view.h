// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a pair, its tokens coloured by how training changed their log-probability. The record does not hold
// values per token: the engine computes them from the run's data and weights, in a process that can be stopped.
#pragma once

#include <QCache>
#include <QProcess>
#include <QTimer>
#include <QWidget>
#include <memory>

#include "app/page/token_changes.h"

class QLabel;
class QPushButton;
class QTextEdit;

namespace bandscope::app {

class TokenLegend;

class PairTextView : public QWidget {
  Q_OBJECT

 public:
  explicit PairTextView(QWidget* parent = nullptr);
  ~PairTextView() override;

  /// Shows the pair of this line of the run's data file (from 0); what is being computed for another is stopped. The
  /// other run of a pair of `together` is computed by the same process, which loads the model that both share once.
  void setPair(const QString& record, qint64 row, const QStringList& together = {});
  /// Shows no pair, and says what to do.
  void clear();
  bool computing() const { return process_ != nullptr; }
  QString text() const;    ///< what is shown, for tests
  QString status() const;  ///< what is said over it

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void start();
  void stop();
  void readAnswers();
  void answer(const QByteArray& line);
  void finished(int code);
  /// The runs to compute, the shown one first.
  QStringList toCompute() const;
  void showTokens(const PairTokens& pair);
  void write(const QString& title, const std::vector<TokenChange>& tokens, double scale);
  void say(const QString& text);
  QString key(const QString& record) const;

  QLabel* status_;
  QPushButton* stop_;
  TokenLegend* legend_;
  QTextEdit* text_;
  QTimer soon_;  ///< joins the rows that one steps over with the arrow keys
  QProcess* process_ = nullptr;
  QStringList asked_;   ///< keys of the runs that the process computes, in the order of its answers
  QString unreadable_;  ///< what was wrong with an answer
  QString record_;
  QStringList together_;
  qint64 row_ = -1;
  QCache<QString, PairTokens> cache_;
};

}  // namespace bandscope::app
