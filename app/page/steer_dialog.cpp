// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/steer_dialog.h"

#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QMessageBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "app/base/color_scheme.h"
#include "app/base/message_width.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/library/run_cells.h"

namespace bandscope::app {
namespace {

constexpr int poll_ms = 1000;

QString written(double value) { return QLocale::c().toString(value, 'g', QLocale::FloatingPointShortest); }

/// What a setting is called and takes, for people. A setting without words of its own goes by its name.
struct Words {
  QString title, range;
};
Words words_of(const LiveSetting& setting) {
  if (setting.name == "learning_rate")
    return {SteerDialog::tr("Learning rate"), SteerDialog::tr("above 0, below 1,000")};
  if (setting.name == "momentum")
    return {SteerDialog::tr("Momentum of calibration"), SteerDialog::tr("0 or more, below 1")};
  return {QString::fromUtf8(setting.name.data(), qsizetype(setting.name.size())),
          SteerDialog::tr("%1 or more, below %2").arg(written(setting.minimum), written(setting.maximum))};
}

}  // namespace

SteerDialog::SteerDialog(RunControls* controls, QWidget* parent)
    : QDialog(parent), controls_(controls), run_(controls->run()), name_(controls->name()), said_(new QLabel(this)) {
  setObjectName(QStringLiteral("steer"));
  setWindowTitle(tr("Steer %1").arg(name_));
  for (const LiveSetting& setting : live_settings_table()) {
    if (setting.is_switch()) continue;  // the header's
    auto row = std::make_unique<Row>();
    row->setting = &setting;
    row->key = QString::fromUtf8(setting.name.data(), qsizetype(setting.name.size()));
    const Words words = words_of(setting);
    row->title = words.title;
    row->range = words.range;
    rows_.push_back(std::move(row));
  }
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(2 * grid, 2 * grid, 2 * grid, 2 * grid);
  layout->setSpacing(grid);
  auto* rows = new QGridLayout;
  rows->setHorizontalSpacing(grid);
  rows->setVerticalSpacing(grid / 2);
  int line = 0;
  for (const auto& row : rows_) {
    build(*row);
    auto* title = new QLabel(row->title, this);
    title->setBuddy(row->field);
    rows->addWidget(title, line, 0);
    rows->addWidget(row->field, line, 1);
    rows->addWidget(row->set, line, 2);
    rows->addWidget(row->now, line, 3);
    rows->addWidget(row->problem, line + 1, 1, 1, 3);
    line += 2;
  }
  rows->setColumnStretch(3, 1);
  layout->addLayout(rows);
  said_->setWordWrap(true);
  said_->setTextFormat(Qt::PlainText);
  said_->setMinimumHeight(2 * fontMetrics().lineSpacing());
  said_->setText(tr("A value holds from the next step on, and is marked on the charts and kept in the record."));
  said_->setForegroundRole(QPalette::PlaceholderText);
  layout->addWidget(said_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  layout->addWidget(buttons);
  setMinimumWidth(600);

  connect(controls_->client(), &EngineClient::answered, this, &SteerDialog::answered);
  connect(controls_->client(), &EngineClient::failed, this,
          [this](const SteeredRun& run, const QString& command, const QString& reason) {
            if (!isMine(run) || (command == QLatin1String("status") && controls_->run() != run_)) return;
            for (const auto& row : rows_) row->sent.reset();
            said_->setText(tr("The engine did not take it: %1.").arg(reason));
          });
  poll_.setInterval(poll_ms);
  connect(&poll_, &QTimer::timeout, this, [this] {
    const auto run = controls_->run();
    if (!run || !run_ || run->found.record != run_->found.record || !run->steerable()) return reject();
    controls_->client()->send({Order::Kind::status});
  });
  poll_.start();
  if (run_) controls_->client()->send({Order::Kind::status});
}

void SteerDialog::build(Row& row) {
  row.field = new QLineEdit(this);
  row.field->setObjectName(row.key);
  row.field->setAccessibleName(row.title);
  row.field->setAccessibleDescription(row.range);
  row.field->setPlaceholderText(row.range);
  row.field->setFixedWidth(fontMetrics().horizontalAdvance(row.range) + 4 * grid);  // what is allowed can be read
  row.set = new QPushButton(tr("Set…"), this);
  row.set->setObjectName(QStringLiteral("set-") + row.key);
  row.set->setAccessibleName(tr("Set %1").arg(row.title));
  row.set->setAutoDefault(false);
  row.set->setEnabled(false);
  row.now = new QLabel(tr("asking the engine…"), this);
  row.problem = new QLabel(this);
  row.problem->setObjectName(QStringLiteral("problem-") + row.key);
  QPalette red = palette();
  red.setColor(QPalette::WindowText, state_color(ShownState::failed, is_dark()));
  row.problem->setPalette(red);
  connect(row.field, &QLineEdit::textChanged, this, [this, &row] { check(row); });
  connect(row.field, &QLineEdit::returnPressed, this, [this, &row] {
    if (row.set->isEnabled()) ask(row);
  });
  connect(row.set, &QPushButton::clicked, this, [this, &row] { ask(row); });
}

std::optional<double> SteerDialog::value(const Row& row) const {
  bool good = false;
  const double value = QLocale::c().toDouble(row.field->text().trimmed(), &good);
  if (!good || !row.setting->allows(value)) return std::nullopt;
  return value;
}

void SteerDialog::check(Row& row) {
  const bool empty = row.field->text().trimmed().isEmpty(), good = value(row).has_value();
  row.problem->setText(empty || good ? QString() : tr("It must be a number, %1.").arg(row.range));
  row.set->setEnabled(good);
}

void SteerDialog::ask(Row& row) {
  const auto wanted = value(row);
  if (!wanted || !run_) return;
  auto* box = new QMessageBox(QMessageBox::Question, windowTitle(),
                              plain_text(tr("Set “%1” of %2 to %3?").arg(row.title, name_, written(*wanted))),
                              QMessageBox::NoButton, this);
  box->setObjectName(QStringLiteral("ask-steer"));
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(
      tr("Steps that are taken with it cannot be taken back; another value changes the steps after it only."));
  auto* yes = box->addButton(tr("Set"), QMessageBox::AcceptRole);
  box->addButton(QMessageBox::Cancel);
  connect(yes, &QPushButton::clicked, this, [this, &row, value = *wanted] {
    row.sent = value;
    said_->setText(tr("Sent…"));
    controls_->set(*row.setting, value);
  });
  widen(box);
  box->open();
}

void SteerDialog::answered(const SteeredRun& run, const QString& command, const QJsonObject& answer) {
  if (!isMine(run)) return;
  const auto step = qint64(answer.value(QStringLiteral("step")).toDouble());
  for (const auto& row : rows_) {
    const double now = answer.value(row->key).toDouble();
    row->now->setText(tr("now %1, at step %2").arg(written(now), count_text(step)));
    if (!row->sent) continue;
    if (now == *row->sent) {
      said_->setText(tr("“%1” is %2 since step %3.").arg(row->title, written(now), count_text(step)));
      row->sent.reset();
      row->field->clear();
    } else if (command == row->key) {
      said_->setText(tr("The engine has taken it; it holds when the step in work is done."));
    }
  }
}

}  // namespace bandscope::app
