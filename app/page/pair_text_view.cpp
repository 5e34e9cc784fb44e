// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_text_view.h"

#include <QDir>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QTextCursor>
#include <QTextEdit>
#include <QVBoxLayout>
#include <cmath>
#include <memory>
#include <utility>

#include "app/engine/engine_program.h"
#include "app/library/run_cells.h"
#include "app/page/token_legend.h"
#include "app/window/look.h"
#include "app/words/engine_words.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr int joined_ms = 250;
constexpr int kept_pairs = 200;

/// The newest whole checkpoint: what is kept for an older one is not shown for it. Folders of other names than the engine gives
/// (checkpoint-best) are the user's.
QString newest_checkpoint(const QString& folder) {
  const QDir dir(folder);
  auto names = dir.entryList({QStringLiteral("checkpoint-*")}, QDir::Dirs, QDir::Name | QDir::Reversed);
  static const QRegularExpression own(QStringLiteral("^checkpoint-[0-9]{8,}$"));
  for (const auto& name : names.filter(own)) {
    if (QFileInfo::exists(dir.filePath(name + QStringLiteral("/DONE")))) return name;
  }
  return {};
}

double mean(const std::vector<TokenChange>& tokens, double TokenChange::*member) {
  double sum = 0;
  for (const auto& token : tokens) sum += token.*member;
  return tokens.empty() ? 0 : sum / double(tokens.size());
}

}  // namespace

PairTextView::PairTextView(QWidget* parent)
    : QWidget(parent),
      status_(new QLabel(this)),
      stop_(new QPushButton(tr("Stop"), this)),
      legend_(new TokenLegend(this)),
      text_(new QTextEdit(this)),
      cache_(kept_pairs) {
  setObjectName(QStringLiteral("pair-text"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, grid / 2, 0, 0);
  layout->setSpacing(grid / 2);
  auto* top = new QHBoxLayout;
  status_->setWordWrap(true);
  status_->setForegroundRole(QPalette::PlaceholderText);
  status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  top->addWidget(status_, 1);
  top->addWidget(legend_);
  top->addWidget(stop_);
  layout->addLayout(top);
  text_->setReadOnly(true);
  text_->setAcceptRichText(false);
  text_->setAccessibleName(tr("Text of the pair"));
  layout->addWidget(text_, 1);
  setMinimumHeight(96);
  soon_.setSingleShot(true);
  soon_.setInterval(joined_ms);
  connect(&soon_, &QTimer::timeout, this, &PairTextView::start);
  connect(stop_, &QPushButton::clicked, this, [this] {
    stop();
    say(tr("Stopped."));
  });
  clear();
}

PairTextView::~PairTextView() { stop(); }

QString PairTextView::text() const { return text_->toPlainText(); }
QString PairTextView::status() const { return status_->text(); }

void PairTextView::say(const QString& text) {
  status_->setText(text);
  stop_->setVisible(process_ != nullptr);
}

QString PairTextView::key(const QString& record) const {
  const QString folder = QFileInfo(record).absolutePath();
  return QStringLiteral("%1\n%2\n%3").arg(record, newest_checkpoint(folder)).arg(row_);
}

void PairTextView::clear() {
  stop();
  row_ = -1;
  text_->clear();
  legend_->hide();
  say(tr("Choose a pair in the table or in the scatter to read it here, token by token."));
}

void PairTextView::setPair(const QString& record, qint64 row, const QStringList& together) {
  together_ = together;
  if (record == record_ && row == row_) return;
  const bool same_row = row == row_;
  record_ = record;
  row_ = row;
  // The other run's answer may be under way already.
  const bool comes = same_row && process_ && asked_.contains(key(record));
  if (!comes) stop();
  if (isVisible()) soon_.start();
}

QStringList PairTextView::toCompute() const {
  QStringList records{record_};
  if (together_.size() != 2 || !together_.contains(record_)) return records;
  const QString other = together_.front() == record_ ? together_.back() : together_.front();
  const bool trained = !newest_checkpoint(QFileInfo(other).absolutePath()).isEmpty();
  if (trained && !cache_.contains(key(other))) records << other;
  return records;
}

void PairTextView::start() {
  if (row_ < 0 || !isVisible()) return;
  if (const auto* known = cache_.object(key(record_))) return showTokens(*known);
  text_->clear();
  legend_->hide();
  const QString computing = tr("Computing the log-probabilities of line %1 before and after training…");
  if (process_) return say(computing.arg(count_text(row_ + 1)));
  const QString folder = QFileInfo(record_).absolutePath();
  if (newest_checkpoint(folder).isEmpty()) {
    return say(
        tr("The run has no checkpoint to take its weights from: it writes one at its end, and when it is asked "
           "to."));
  }
  QString engine;
  try {
    engine = QString::fromStdString(engine_program().string());
  } catch (const Error& error) {
    return say(tr("The tokens cannot be computed: %1.").arg(engine_words(error)));
  }
  process_ = new QProcess(this);
  auto environment = QProcessEnvironment::systemEnvironment();
  if (!environment.contains(QStringLiteral("OMP_WAIT_POLICY"))) {
    environment.insert(QStringLiteral("OMP_WAIT_POLICY"), QStringLiteral("passive"));
  }
  process_->setProcessEnvironment(environment);
  connect(process_, &QProcess::readyReadStandardOutput, this, &PairTextView::readAnswers);
  connect(process_, &QProcess::finished, this, &PairTextView::finished);
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart || !process_) return;
    const QString reason = process_->errorString();
    process_->deleteLater();
    process_ = nullptr;
    say(tr("The tokens cannot be computed: %1.").arg(reason));
  });
  QStringList arguments{QStringLiteral("tokens")};
  asked_.clear();
  unreadable_.clear();
  for (const auto& record : toCompute()) {
    arguments << QFileInfo(record).absolutePath();
    asked_ << key(record);
  }
  process_->start(engine, arguments << QStringLiteral("--row") << QString::number(row_));
  say(computing.arg(count_text(row_ + 1)));
}

void PairTextView::stop() {
  soon_.stop();
  if (!process_) return;
  process_->disconnect(this);
  process_->kill();
  process_->waitForFinished(500);
  process_->deleteLater();
  process_ = nullptr;
}

/// One line for each run.
void PairTextView::readAnswers() {
  while (process_ && process_->canReadLine()) answer(process_->readLine());
}

void PairTextView::answer(const QByteArray& line) {
  if (asked_.isEmpty() || line.trimmed().isEmpty()) return;
  const QString of = asked_.takeFirst();
  try {
    auto pair = std::make_unique<PairTokens>(parse_pair_tokens(line));
    if (of == key(record_)) showTokens(*pair);
    cache_.insert(of, pair.release());
  } catch (const Error& error) {
    if (of == key(record_)) unreadable_ = engine_words(error);
  }
}

void PairTextView::finished(int code) {
  readAnswers();
  answer(process_->readAllStandardOutput());
  QProcess* done = std::exchange(process_, nullptr);
  done->deleteLater();
  stop_->hide();
  asked_.clear();
  if (cache_.contains(key(record_))) return;  // what is wrong with the other run is said when that one is chosen
  if (code != 0 || done->exitStatus() != QProcess::NormalExit) {
    const auto lines = QString::fromUtf8(done->readAllStandardError()).split(QLatin1Char('\n'), Qt::SkipEmptyParts);
    QString reason = lines.isEmpty() ? tr("the engine ended without a word") : lines.last();
    const QString program = QStringLiteral("bandscope-engine: ");
    if (reason.startsWith(program)) reason = reason.mid(program.size());
    return say(tr("The tokens cannot be computed: %1").arg(engine_words(reason)));
  }
  const QString nothing = tr("the engine ended without a word");
  say(tr("The tokens cannot be computed: %1.").arg(unreadable_.isEmpty() ? nothing : unreadable_));
}

void PairTextView::showTokens(const PairTokens& pair) {
  const double scale = pair.scale();
  text_->clear();
  write(tr("Prompt"), pair.prompt, scale);
  write(tr("Chosen"), pair.chosen, scale);
  write(tr("Rejected"), pair.rejected, scale);
  text_->moveCursor(QTextCursor::Start);
  legend_->setScale(scale);
  legend_->show();
  say(tr("Line %1: change of each token's log-probability from %2 to %3.")
          .arg(count_text(pair.row + 1), pair.before, pair.after));
  stop_->hide();  // the other run may be under way still, of which nothing is to be seen
}

void PairTextView::write(const QString& title, const std::vector<TokenChange>& tokens, double scale) {
  QTextCursor cursor(text_->document());
  cursor.movePosition(QTextCursor::End);
  if (!text_->document()->isEmpty()) cursor.insertBlock();
  QTextCharFormat head;
  head.setFontWeight(QFont::DemiBold);
  cursor.insertText(title, head);
  const bool scored = !tokens.empty() && std::isfinite(tokens.front().before);
  QTextCharFormat quiet;
  quiet.setForeground(palette().placeholderText());
  if (scored) {
    const double before = mean(tokens, &TokenChange::before), after = mean(tokens, &TokenChange::after);
    cursor.insertText(
        QStringLiteral("   ") + tr("%n tokens, mean %1 → %2 (%3)", nullptr, int(tokens.size()))
                                    .arg(number_text(before), number_text(after), signed_text(after - before)),
        quiet);
  }
  cursor.insertBlock();
  double change = 0, log_prob = 0;  // of a letter's parts so far: they are one piece of text
  QStringList parts;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const TokenChange& token = tokens[i];
    change += token.change();
    log_prob += token.after;
    parts << QStringLiteral("%1 (id %2)").arg(token.token).arg(token.id);
    if (token.text.isEmpty() && i + 1 < tokens.size()) continue;
    QTextCharFormat format;
    if (!scored) format.setForeground(palette().placeholderText());
    if (scored) {
      format.setBackground(token_color(change / scale, dark_look()));
      format.setForeground(palette().text());
      format.setToolTip(tr("%1\nlog-probability %2 → %3\nchange %4 nats")
                            .arg(parts.join(QStringLiteral(" + ")), number_text(log_prob - change),
                                 number_text(log_prob), signed_text(change)));
    }
    // A line break has no body to colour: its sign stands before it.
    QString text = token.text.isEmpty() ? token.token : token.text;
    if (scored) text.replace(QLatin1Char('\n'), QStringLiteral("↵\n"));
    cursor.insertText(text, format);
    change = log_prob = 0;
    parts.clear();
  }
}

void PairTextView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (row_ >= 0) soon_.start();
}

void PairTextView::hideEvent(QHideEvent* event) {
  stop();
  QWidget::hideEvent(event);
}

void PairTextView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    stop_->setText(tr("Stop"));
    text_->setAccessibleName(tr("Text of the pair"));
  }
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) {
    if (row_ >= 0) {
      soon_.start();
    } else {
      clear();
    }
  }
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
