// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a pair, its tokens coloured by how training changed their log-probability; of two runs beside each other,
// on one scale. The record does not hold values per token: the engine computes them from the run's data and weights, in
// a process that can be stopped.
#pragma once

#include <QCache>
#include <QHash>
#include <QProcess>
#include <QTimer>
#include <QWidget>
#include <array>
#include <memory>

#include "app/page/pair_texts.h"
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

  /// Shows the pair of these lines of the run's data file; what is being computed for another is stopped. The
  /// other run of a pair of `together` is computed by the same process, which loads the model that both share once.
  void setPair(const QString& record, PairLines lines, const QStringList& together = {});
  void setPair(const QString& record, qint64 row, const QStringList& together = {}) {
    setPair(record, PairLines{row, row}, together);
  }
  /// Records that are copies of those of runs on servers: their weights are not here, so only texts are shown.
  void setThere(const QStringList& records) { there_ = records; }
  /// Two runs are read beside each other, under these names; empty: the chosen one alone.
  void setSideBySide(const QStringList& records, const QStringList& names);
  /// The texts of a pair as the data have them, which are shown until, or unless, its tokens are known.
  void setTexts(bandscope::app::PairLines lines, const bandscope::app::PairTextParts& texts);
  /// There are no such texts, for this reason (a sentence), until setTexts() brings them.
  void setNoTexts(bandscope::app::PairLines lines, const QString& why);
  /// Shows no pair, and says what to do.
  void clear();
  bool computing() const { return process_ != nullptr; }
  /// What is shown of a run (0: the only, or the first), for tests.
  QString text(int run = 0) const;
  QString status() const;  ///< what is said over it

 Q_SIGNALS:
  /// setTexts() is wished for: the tokens of this pair are not known yet.
  void textsWanted(bandscope::app::PairLines lines);

 protected:
  void changeEvent(QEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  struct Pane {
    QWidget* box = nullptr;
    QLabel* name = nullptr;
    QTextEdit* text = nullptr;
  };

  void build(Pane& pane);
  void namePanes();
  void start();
  void stop();
  void readAnswers();
  void answer(const QByteArray& line);
  void finished(int code);
  /// Records that are shown, one or two.
  QStringList shown() const;
  /// The runs to compute, the shown ones first.
  QStringList toCompute() const;
  /// Writes what is known of the shown runs; true when that is all.
  bool write();
  void fail(const QString& problem);
  /// Why nothing, or nothing but the texts, is shown of a run (yet).
  QString why_missing(const QString& record) const;
  void say(const QString& text);
  QString key(const QString& record) const;
  /// "Line 12", or "Lines 12 and 40", for people.
  QString place() const;

  QLabel* status_;
  QPushButton* stop_;
  TokenLegend* legend_;
  std::array<Pane, 2> panes_;
  QTimer soon_;  ///< joins the rows that one steps over with the arrow keys
  QProcess* process_ = nullptr;
  QStringList asked_;   ///< keys of the runs that the process computes, in the order of its answers
  QString unreadable_;  ///< what was wrong with an answer
  QString problem_;     ///< why the last computation gave nothing
  QString record_;
  QStringList together_, beside_, names_, there_;
  PairLines lines_;
  PairLines texts_lines_;  ///< those that `texts_` are of
  PairTextParts texts_;
  PairLines no_texts_lines_;  ///< those that there are no texts of, for the reason `no_texts_`
  QString no_texts_;
  QCache<QString, PairTokens> cache_;
};

}  // namespace bandscope::app
