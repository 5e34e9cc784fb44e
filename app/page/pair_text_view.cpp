// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_text_view.h"

#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTextEdit>
#include <QVBoxLayout>
#include <algorithm>
#include <memory>
#include <utility>

#include "app/base/color_scheme.h"
#include "app/engine/checkpoints.h"
#include "app/engine/engine_process.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "app/page/token_legend.h"
#include "core/error.h"
#include "core/schema/spoken.h"

namespace bandscope::app {
namespace {

constexpr int joined_ms = 250;
constexpr int kept_pairs = 200;

}  // namespace

PairTextView::PairTextView(QWidget* parent)
    : QWidget(parent),
      status_(new QLabel(this)),
      stop_(new QPushButton(tr("Stop"), this)),
      legend_(new TokenLegend(this)),
      cache_(kept_pairs) {
  setObjectName(QStringLiteral("pair-text"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, grid / 2, 0, 0);
  layout->setSpacing(grid / 2);
  auto* top = new QHBoxLayout;
  status_->setWordWrap(true);
  status_->setTextFormat(Qt::PlainText);
  status_->setForegroundRole(QPalette::PlaceholderText);
  status_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  top->addWidget(status_, 1);
  top->addWidget(stop_);
  layout->addLayout(top);
  auto* beside = new QHBoxLayout;
  beside->setSpacing(grid);
  for (auto& pane : panes_) {
    build(pane);
    beside->addWidget(pane.box, 1);
  }
  panes_[1].box->hide();
  // Both hold the same text: what one reads in one is in sight in the other.
  for (const int i : {0, 1}) {
    connect(panes_[i].text->verticalScrollBar(), &QScrollBar::valueChanged, panes_[1 - i].text->verticalScrollBar(),
            &QScrollBar::setValue);
  }
  layout->addLayout(beside, 1);
  layout->addWidget(legend_);
  soon_.setSingleShot(true);
  soon_.setInterval(joined_ms);
  connect(&soon_, &QTimer::timeout, this, &PairTextView::start);
  connect(stop_, &QPushButton::clicked, this, [this] {
    stop();
    fail(tr("Stopped."));
  });
  clear();
}

PairTextView::~PairTextView() { stop(); }

void PairTextView::build(Pane& pane) {
  pane.box = new QWidget(this);
  auto* column = new QVBoxLayout(pane.box);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(2);
  pane.name = new QLabel(pane.box);
  pane.name->setTextFormat(Qt::PlainText);
  pane.name->setMinimumWidth(1);
  pane.name->hide();
  column->addWidget(pane.name);
  pane.text = new QTextEdit(pane.box);
  pane.text->setReadOnly(true);
  pane.text->setAcceptRichText(false);
  pane.text->setTabChangesFocus(true);
  pane.text->setMinimumHeight(4 * fontMetrics().lineSpacing());
  pane.text->setAccessibleName(tr("Text of the pair"));
  column->addWidget(pane.text, 1);
}

QString PairTextView::text(int run) const { return panes_[std::size_t(run)].text->toPlainText(); }
QString PairTextView::status() const { return status_->text(); }

void PairTextView::say(const QString& text) {
  status_->setText(text);
  stop_->setVisible(process_ != nullptr);
}

QString PairTextView::key(const QString& record) const {
  const QString folder = QFileInfo(record).absolutePath();  // what is kept for an older checkpoint is not shown
  return QStringLiteral("%1\n%2\n%3").arg(record, newest_checkpoint(folder)).arg(lines_.chosen) +
         QStringLiteral(" %1").arg(lines_.rejected);
}

void PairTextView::clear() {
  stop();
  lines_ = {};
  for (auto& pane : panes_) {
    pane.text->clear();
    pane.text->setPlaceholderText({});
  }
  legend_->hide();
  say(tr("Choose a pair in the table or in the scatter to read it here, token by token."));
}

void PairTextView::setSideBySide(const QStringList& records, const QStringList& names) {
  if (records == beside_ && names == names_) return;
  beside_ = records.size() == 2 ? records : QStringList();
  names_ = names;
  namePanes();
  if (lines_.chosen >= 0 && isVisible()) soon_.start();
}

void PairTextView::namePanes() {
  const bool two = !beside_.isEmpty();
  panes_[1].box->setVisible(two);
  for (std::size_t i = 0; i < panes_.size(); ++i) {
    panes_[i].name->setVisible(two);
    const QString name = names_.value(qsizetype(i));
    panes_[i].name->setText(name);
    panes_[i].text->setAccessibleName(two ? tr("Text of the pair, %1").arg(name) : tr("Text of the pair"));
  }
}

void PairTextView::setPair(const QString& record, PairLines lines, const QStringList& together) {
  together_ = together;
  if (record == record_ && lines == lines_) return;
  const bool same_row = lines == lines_;
  if (record != record_) texts_lines_ = no_texts_lines_ = {};  // it may have other data
  record_ = record;
  lines_ = lines;
  // The other run's answer may be under way already.
  const bool comes = same_row && process_ && asked_.contains(key(record));
  if (!comes) stop();
  if (isVisible()) soon_.start();
}

void PairTextView::setTexts(PairLines lines, const PairTextParts& texts) {
  texts_lines_ = lines;
  texts_ = texts;
  no_texts_lines_ = {};
  if (lines == lines_ && isVisible()) write();
}

void PairTextView::setNoTexts(PairLines lines, const QString& why) {
  no_texts_lines_ = lines;
  no_texts_ = why;
  if (lines == lines_ && isVisible()) write();
}

QStringList PairTextView::shown() const { return beside_.contains(record_) ? beside_ : QStringList{record_}; }

QStringList PairTextView::toCompute() const {
  QStringList wanted = shown();
  if (together_.size() == 2 && together_.contains(record_)) {
    for (const auto& other : together_) {
      if (!wanted.contains(other)) wanted << other;
    }
  }
  wanted.removeIf([this](const QString& record) {
    return newest_checkpoint(QFileInfo(record).absolutePath()).isEmpty() || cache_.contains(key(record));
  });
  return wanted;
}

void PairTextView::start() {
  problem_.clear();
  if (lines_.chosen < 0 || !isVisible() || write()) return;
  if (texts_lines_ != lines_) Q_EMIT textsWanted(lines_);
  if (process_) return;
  const QStringList records = toCompute(), wanted = shown();
  if (std::none_of(records.begin(), records.end(), [&](const QString& record) { return wanted.contains(record); }))
    return;
  QString engine;
  try {
    engine = QString::fromStdString(engine_program().string());
  } catch (const Error& error) {
    return fail(tr("The tokens cannot be computed: %1.").arg(translated(error)));
  }
  process_ = new QProcess(this);
  process_->setProcessEnvironment(engine_environment());
  connect(process_, &QProcess::readyReadStandardOutput, this, &PairTextView::readAnswers);
  connect(process_, &QProcess::finished, this, &PairTextView::finished);
  connect(process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error != QProcess::FailedToStart || !process_) return;
    const QString reason = process_->errorString();
    process_->deleteLater();
    process_ = nullptr;
    fail(tr("The tokens cannot be computed: %1.").arg(reason));
  });
  QStringList arguments{QStringLiteral("tokens")};
  asked_.clear();
  unreadable_.clear();
  for (const auto& record : records) {
    arguments << QFileInfo(record).absolutePath();
    asked_ << key(record);
  }
  arguments << QStringLiteral("--row") << QString::number(lines_.chosen);
  if (lines_.two()) arguments << QStringLiteral("--row-l") << QString::number(lines_.rejected);
  process_->start(engine, arguments);
  write();
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
    cache_.insert(of, std::make_unique<PairTokens>(parse_pair_tokens(line)).release());
  } catch (const Error& error) {
    if (of == key(record_)) unreadable_ = translated(error);
    return;
  }
  for (const auto& record : shown()) {
    if (of == key(record)) write();
  }
}

void PairTextView::finished(int code) {
  readAnswers();
  answer(process_->readAllStandardOutput());
  QProcess* done = std::exchange(process_, nullptr);
  done->deleteLater();
  stop_->hide();
  asked_.clear();
  if (write()) return;  // what is wrong with a run that is not shown is said when it is
  if (code != 0 || done->exitStatus() != QProcess::NormalExit) {
    const Message reason = last_spoken(done->readAllStandardError().toStdString());
    return fail(tr("The tokens cannot be computed: %1")
                    .arg(reason.empty() ? tr("the engine ended without a word") : translated(reason)));
  }
  const QString nothing = tr("the engine ended without a word");
  fail(tr("The tokens cannot be computed: %1.").arg(unreadable_.isEmpty() ? nothing : unreadable_));
}

void PairTextView::fail(const QString& problem) {
  problem_ = problem;
  write();
}

void PairTextView::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (lines_.chosen >= 0) soon_.start();
}

void PairTextView::hideEvent(QHideEvent* event) {
  stop();
  QWidget::hideEvent(event);
}

void PairTextView::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    stop_->setText(tr("Stop"));
    namePanes();
  }
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) {
    if (lines_.chosen >= 0) {
      soon_.start();
    } else {
      clear();
    }
  }
  QWidget::changeEvent(event);
}

}  // namespace bandscope::app
