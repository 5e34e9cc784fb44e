// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/spec_field.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QSignalBlocker>
#include <QToolButton>

#include "app/launch/spec_text.h"
#include "app/launch/spec_words.h"
#include "app/library/run_cells.h"
#include "app/window/look.h"

namespace bandscope::app {
namespace {

bool is_text(const SpecKey& key) { return key.type == "string" || key.type == "path" || key.type == "choice"; }

}  // namespace

SpecField::SpecField(const SpecKey& key, QWidget* parent) : QWidget(parent), key_(key), note_(new QLabel(this)) {
  auto* layout = new QGridLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setHorizontalSpacing(grid);
  layout->setVerticalSpacing(2);
  auto* name = new QLabel(label(), this);
  name->setFixedWidth(144);
  name->setWordWrap(true);
  QWidget* input = nullptr;
  if (key.type == "boolean") {
    input = check_ = new QCheckBox(this);
    check_->setText(spec_help(key_));
    connect(check_, &QCheckBox::toggled, this, &SpecField::edited);
  } else if (key.type == "choice") {
    input = choice_ = new QComboBox(this);
    for (const auto& option : QString::fromStdString(key.allowed).split(QLatin1Char('|')))
      choice_->addItem(option.trimmed());
    connect(choice_, &QComboBox::activated, this, &SpecField::edited);
  } else {
    input = line_ = new QLineEdit(this);
    line_->setPlaceholderText(toml_unquoted(QString::fromStdString(key.default_text)));
    line_->setClearButtonEnabled(true);
    connect(line_, &QLineEdit::textEdited, this, &SpecField::edited);
    // The clear button writes without editing.
    connect(line_, &QLineEdit::textChanged, this, [this](const QString& text) {
      if (text.isEmpty()) Q_EMIT edited();
    });
  }
  setFocusProxy(input);
  name->setBuddy(input);
  input->setObjectName(QString::fromStdString(key.key));
  input->setAccessibleName(label());
  input->setAccessibleDescription(spec_help(key_));
  input->setToolTip(QStringLiteral("%1\n%2").arg(QString::fromStdString(key.key), spec_help(key_)));
  input->installEventFilter(this);
  layout->addWidget(name, 0, 0);
  layout->addWidget(input, 0, 1, 1, key.type == "path" ? 1 : 2);
  if (key.type == "path") {
    auto* pick = new QToolButton(this);
    pick->setText(QStringLiteral("…"));
    pick->setAccessibleName(tr("Choose %1").arg(label()));
    connect(pick, &QToolButton::clicked, this, &SpecField::browse);
    layout->addWidget(pick, 0, 2);
  }
  layout->setColumnStretch(1, 1);
  note_->setWordWrap(true);
  note_->setForegroundRole(QPalette::PlaceholderText);
  note_->hide();
  layout->addWidget(note_, 1, 1, 1, 2);
  setValue(std::nullopt);
}

QString SpecField::label() const { return spec_label(key_); }

std::optional<QString> SpecField::value() const {
  const QString standard = toml_unquoted(QString::fromStdString(key_.default_text));
  QString text;
  if (check_) {
    text = check_->isChecked() ? QStringLiteral("true") : QStringLiteral("false");
  } else {
    text = choice_ ? choice_->currentText() : line_->text().trimmed();
  }
  if (text.isEmpty() || text == standard) return std::nullopt;
  return is_text(key_) ? toml_quoted(text) : text;
}

void SpecField::setValue(const std::optional<QString>& value) {
  const QString text = toml_unquoted(value.value_or(QString::fromStdString(key_.default_text)));
  if (check_) {
    const QSignalBlocker quiet(check_);
    check_->setChecked(text == QLatin1String("true"));
  } else if (choice_) {
    const QSignalBlocker quiet(choice_);
    choice_->setCurrentIndex(choice_->findText(text));
  } else if (!line_->hasFocus() || this->value() != value) {
    const QSignalBlocker quiet(line_);
    // The default stands in the empty field, greyed.
    const QString shown = value ? text : QString();
    if (line_->text() != shown) line_->setText(shown);
  }
}

void SpecField::setDefault(const QString& text) {
  key_.default_text = text.toStdString();
  if (line_) line_->setPlaceholderText(text);
}

void SpecField::setError(const QString& text) {
  error_ = text;
  const bool help = line_ && line_->hasFocus();
  QPalette own;
  if (!text.isEmpty()) own.setColor(QPalette::PlaceholderText, state_color(ShownState::failed, dark_look()));
  note_->setPalette(own);
  note_->setText(text.isEmpty() ? spec_help(key_) : text);
  note_->setVisible(!text.isEmpty() || help);
}

bool SpecField::eventFilter(QObject* watched, QEvent* event) {
  if ((event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) && !check_) {
    note_->setText(error_.isEmpty() ? spec_help(key_) : error_);
    note_->setVisible(!error_.isEmpty() || event->type() == QEvent::FocusIn);
  }
  return QWidget::eventFilter(watched, event);
}

void SpecField::browse() {
  const bool folder = key_.key.rfind("model.", 0) == 0;
  auto* dialog = new QFileDialog(this, tr("Choose %1").arg(label()), QFileInfo(line_->text()).absolutePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(folder ? QFileDialog::Directory : QFileDialog::ExistingFile);
  if (!folder) dialog->setNameFilters({tr("Preference pairs (*.jsonl *.jsonl.gz *.parquet)"), tr("All files (*)")});
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
    line_->setText(path);
    Q_EMIT edited();
  });
  dialog->open();
}

}  // namespace bandscope::app
