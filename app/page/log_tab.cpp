// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/log_tab.h"

#include <QClipboard>
#include <QEvent>
#include <QFile>
#include <QFileInfo>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/input_file.h"
#include "app/base/number_text.h"
#include "app/base/places.h"
#include "app/base/plain_table.h"
#include "app/base/plain_text.h"
#include "app/language/translated.h"
#include "app/library/elsewhere_files.h"
#include "app/page/event_kinds.h"
#include "app/page/log_there.h"
#include "app/page/run_choice.h"

namespace bandscope::app {
namespace {

constexpr qint64 tail_bytes = 256 * 1024;

struct Tail {
  qint64 size = -1;  ///< of the file; -1: there is none
  QString text;
};

Tail tail_of(const QString& path, qint64 known_size) {
  Tail tail;
  QFile file;
  if (!open_regular(file, path)) return tail;
  tail.size = file.size();
  if (tail.size == known_size) return tail;
  const bool cut = tail.size > tail_bytes;
  if (cut) file.seek(tail.size - tail_bytes);
  QByteArray bytes = file.read(tail_bytes);
  if (cut) bytes.remove(0, bytes.indexOf('\n') + 1);
  tail.text = QString::fromUtf8(bytes);
  return tail;
}

bool same_event(const EventRow& a, const EventRow& b) {
  return a.step == b.step && a.time == b.time && a.kind == b.kind && a.message == b.message;
}

}  // namespace

LogTab::LogTab(QWidget* parent)
    : QWidget(parent),
      choice_(new RunChoice(this)),
      events_(new QTableView(this)),
      model_(new QStandardItemModel(0, 4, this)),
      text_(new QPlainTextEdit(this)),
      path_(new QLabel(this)),
      there_(new LogThere(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  auto* top = new QHBoxLayout;
  top->addWidget(choice_);
  path_->setTextFormat(Qt::PlainText);
  path_->setForegroundRole(QPalette::PlaceholderText);
  path_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  path_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  top->addWidget(path_, 1);
  layout->addLayout(top);
  auto* splitter = new QSplitter(Qt::Vertical, this);
  events_->setModel(model_);
  events_->setSelectionBehavior(QAbstractItemView::SelectRows);
  events_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  make_plain(events_);
  events_->horizontalHeader()->setStretchLastSection(true);
  for (int column = 0; column < 3; ++column) events_->setColumnWidth(column, 10 * grid);
  events_->horizontalHeader()->setObjectName(QStringLiteral("event-columns"));
  text_->setReadOnly(true);
  text_->setLineWrapMode(QPlainTextEdit::NoWrap);
  text_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  splitter->addWidget(events_);
  splitter->addWidget(text_);
  splitter->setChildrenCollapsible(false);
  name_splitter(splitter, QStringLiteral("events-and-log"), {1, 2});
  layout->addWidget(splitter, 1);

  pool_.setMaxThreadCount(1);
  timer_.setInterval(1000);
  connect(&timer_, &QTimer::timeout, this, &LogTab::read);
  timer_.start();
  connect(there_, &LogThere::changed, this, [this] {
    const auto run = runThere();
    if (!run || there_->run() != RunElsewhere{run->server, run->there}) return;
    showThere();
    showText(there_->text());
  });
  connect(choice_, &QComboBox::activated, this, [this] {
    last_size_ = -1;
    text_->clear();
    setRun(nullptr);
    read();
    Q_EMIT recordChosen(record());
  });
  auto* copy = new QShortcut(QKeySequence::Copy, events_, nullptr, nullptr, Qt::WidgetShortcut);
  connect(copy, &QShortcut::activated, this, &LogTab::copyEvents);
  connect(events_, &QTableView::doubleClicked, this,
          [this](const QModelIndex& at) { Q_EMIT stepAsked(at.siblingAtColumn(0).data(Qt::UserRole).toDouble()); });
  translate();
}

LogTab::~LogTab() { pool_.waitForDone(); }

void LogTab::setElsewhere(ElsewhereFiles* files) { there_->setFiles(files); }

void LogTab::setRuns(const std::vector<RunEntryPtr>& runs, const QStringList& names) {
  runs_ = runs;
  QStringList records;
  for (const auto& run : runs) records << run->found.record;
  const QString before = record();
  if (!choice_->setRecords(records, names)) return;
  if (record() != before) {
    last_size_ = -1;
    text_->clear();
    setRun(nullptr);
  }
  read();
}

QString LogTab::record() const { return choice_->record(); }

void LogTab::setRun(const viz::RunDataPtr& run) {
  const std::size_t count = run ? run->events.size() : 0;
  // A resumed run lost those behind its checkpoint, and may have as many again.
  const bool others =
      run && last_event_ && count >= shown_events_ && !same_event(run->events[shown_events_ - 1], *last_event_);
  if (count < shown_events_ || !run || others) {
    model_->removeRows(0, model_->rowCount());
    shown_events_ = 0;
    last_event_.reset();
  }
  if (!run) return;
  const bool at_end = events_->verticalScrollBar()->value() == events_->verticalScrollBar()->maximum();
  for (; shown_events_ < count; ++shown_events_) {
    const auto& event = run->events[shown_events_];
    auto* step = new QStandardItem(count_text(event.step));
    step->setData(double(event.step), Qt::UserRole);
    step->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* time = new QStandardItem(duration_text(event.time));
    time->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    auto* kind = new QStandardItem;
    kind->setData(QString::fromStdString(event.kind), Qt::UserRole);
    auto* message = new QStandardItem;
    message->setData(QString::fromStdString(event.message.english()), Qt::UserRole);
    message->setData(QVariant::fromValue(event.message), Qt::UserRole + 1);
    model_->appendRow({step, time, kind, message});
    sayEvent(model_->rowCount() - 1);
  }
  if (count > 0) last_event_ = run->events.back();
  if (at_end) events_->scrollToBottom();
}

/// What the record keeps in English, in the window's language, the record's words on hovering.
void LogTab::sayEvent(int row) {
  auto* kind = model_->item(row, 2);
  auto* message = model_->item(row, 3);
  const QString written = message->data(Qt::UserRole).toString();
  kind->setText(event_kind_word(kind->data(Qt::UserRole).toString()));
  message->setText(translated(message->data(Qt::UserRole + 1).value<Message>()));
  const QString words = message->text();
  message->setToolTip(plain_text(words == written ? written : words + QLatin1Char('\n') + written));
}

/// The selected events with tabs between their columns; the record's own words beside those in another language.
void LogTab::copyEvents() const {
  QStringList lines;
  auto rows = events_->selectionModel()->selectedRows();
  std::sort(rows.begin(), rows.end());
  for (const auto& row : rows) {
    QStringList cells;
    for (int column = 0; column < model_->columnCount(); ++column)
      cells << row.siblingAtColumn(column).data().toString();
    const QString written = row.siblingAtColumn(3).data(Qt::UserRole).toString();
    if (written != cells.last()) cells << written;
    lines << cells.join(QLatin1Char('\t'));
  }
  if (!lines.isEmpty()) QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

RunEntryPtr LogTab::runThere() const {
  const auto run =
      std::ranges::find_if(runs_, [shown = record()](const auto& one) { return one->found.record == shown; });
  return run != runs_.end() && (*run)->elsewhere() ? *run : nullptr;
}

/// Where the log of a run on a server is, and why it is not seen.
void LogTab::showThere() {
  const auto run = runThere();
  if (!run) return;
  QString place = tr("%1/log.txt on %2").arg(run->there, run->server_name);
  if (const Message& why = there_->problem(); !why.empty()) {
    text_->setPlaceholderText(tr("The log cannot be had: %1.").arg(translated(why)));
    place += QStringLiteral(" — ") + translated(why);
  }
  path_->setText(place);
}

void LogTab::read() {
  const QString shown = record();
  if (shown.isEmpty() || !isVisible()) return;
  if (const auto run = runThere()) {
    there_->setRun({run->server, run->there}, run->live());
    showThere();
    return there_->look();
  }
  there_->setRun({}, false);
  if (busy_) return;
  busy_ = true;
  const QString path = QFileInfo(shown).absolutePath() + QStringLiteral("/log.txt");
  path_->setText(path);
  pool_.start([this, shown, path, known = last_size_] {
    const Tail tail = tail_of(path, known);
    QMetaObject::invokeMethod(this, [this, shown, path, tail] {
      busy_ = false;
      if (shown != record() || runThere()) return read();
      if (tail.size < 0) {
        text_->setPlaceholderText(
            tr("There is no %1: the run wrote no log, or the record was moved without it.").arg(path));
      } else if (tail.size != last_size_) {
        last_size_ = tail.size;
        showText(tail.text);
      }
    });
  });
}

void LogTab::showText(const QString& text) {
  auto* bar = text_->verticalScrollBar();
  const int before = bar->value();
  const bool at_end = before == bar->maximum();
  text_->setPlainText(text);
  bar->setValue(at_end ? bar->maximum() : before);
}

void LogTab::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  read();
}

void LogTab::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  QWidget::changeEvent(event);
}

void LogTab::translate() {
  model_->setHorizontalHeaderLabels({tr("Step"), tr("Time"), tr("Kind"), tr("Event")});
  for (int column = 0; column < model_->columnCount(); ++column) {  // heads stand over their cells
    model_->horizontalHeaderItem(column)->setTextAlignment((column < 2 ? Qt::AlignRight : Qt::AlignLeft) |
                                                           Qt::AlignVCenter);
  }
  for (int row = 0; row < model_->rowCount(); ++row) sayEvent(row);
  events_->setAccessibleName(tr("Events"));
  text_->setAccessibleName(tr("Log"));
  choice_->setAccessibleName(tr("Run whose log is shown"));
}

}  // namespace bandscope::app
