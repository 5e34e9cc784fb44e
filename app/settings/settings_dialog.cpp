// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings/settings_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSpinBox>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/engine/engine_program.h"
#include "app/language/translated.h"
#include "app/library/run_cells.h"
#include "app/settings/form_rows.h"
#include "app/settings/path_field.h"
#include "app/settings/servers_page.h"
#include "core/error.h"

namespace bandscope::app {
namespace {

constexpr int list_width = 17 * grid;

void choose(QComboBox* box, const QString& data) { box->setCurrentIndex(std::max(0, box->findData(data))); }

int milliseconds(const QDoubleSpinBox* box) { return int(std::lround(box->value() * 1000)); }

}  // namespace

SettingsDialog::SettingsDialog(const AppSettings& now, const QString& usual_runs, QWidget* parent)
    : QDialog(parent),
      before_(now),
      pages_(new QListWidget(this)),
      stack_(new QStackedWidget(this)),
      problem_(new QLabel(this)),
      buttons_(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel | QDialogButtonBox::RestoreDefaults,
                                    this)) {
  setObjectName(QStringLiteral("settings"));
  setWindowTitle(tr("Settings"));
  pages_->setObjectName(QStringLiteral("pages"));
  pages_->setAccessibleName(tr("Pages of settings"));
  pages_->setFixedWidth(list_width);
  pages_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(2 * grid, 2 * grid, 2 * grid, 2 * grid);
  layout->setSpacing(grid);
  auto* body = new QHBoxLayout;
  body->setSpacing(2 * grid);
  body->addWidget(pages_);
  body->addWidget(stack_, 1);
  layout->addLayout(body, 1);
  problem_->setObjectName(QStringLiteral("problem"));
  problem_->setWordWrap(true);
  problem_->setTextFormat(Qt::PlainText);
  QPalette red;
  red.setColor(QPalette::WindowText, state_color(ShownState::failed, is_dark()));
  problem_->setPalette(red);
  layout->addWidget(problem_);
  layout->addWidget(buttons_);

  buildAppearance();
  buildCharts();
  buildLibrary();
  buildTraining();
  buildServers();
  runs_->line()->setPlaceholderText(QDir::toNativeSeparators(usual_runs));
  runs_->setPath(now.runs);
  for (const auto& folder : now.folders) new QListWidgetItem(QDir::toNativeSeparators(folder), folders_);
  fill(now.preferences);

  connect(pages_, &QListWidget::currentRowChanged, stack_, &QStackedWidget::setCurrentIndex);
  connect(buttons_, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons_, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* defaults = buttons_->button(QDialogButtonBox::RestoreDefaults);
  defaults->setText(tr("&Restore defaults"));
  defaults->setToolTip(tr("The usual values in all pages, taken with OK. The folders of runs and the servers stay."));
  defaults->setAutoDefault(false);
  connect(defaults, &QPushButton::clicked, this, &SettingsDialog::restoreDefaults);
  for (PathField* field : {engine_, models_, data_, runs_}) {
    connect(field, &PathField::changed, this, &SettingsDialog::check);
  }
  pages_->setCurrentRow(0);
  pages_->setFocus();
  resize(sizeHint().expandedTo(QSize(82 * grid, 50 * grid)));
  check();
}

void SettingsDialog::addPage(const QString& title, QWidget* page) {
  auto* item = new QListWidgetItem(title, pages_);
  item->setSizeHint(QSize(0, pages_->fontMetrics().height() + grid));
  page->setAccessibleName(title);
  stack_->addWidget(page);
}

QFormLayout* SettingsDialog::addPage(const QString& title) {
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  set_up_form(form);
  addPage(title, page);
  return form;
}

void SettingsDialog::fill(const Preferences& preferences) {
  choose(look_, preferences.look);
  choose(language_, preferences.language);
  choose(palette_, preferences.palette);
  text_->setValue(preferences.chart_text);
  const auto at = std::find(smoothings_.begin(), smoothings_.end(), preferences.smoothing);
  smoothing_->setCurrentIndex(at == smoothings_.end() ? 0 : int(at - smoothings_.begin()));
  follow_->setChecked(preferences.follow);
  charts_every_->setValue(preferences.charts_ms / 1000.0);
  library_every_->setValue(preferences.library_ms / 1000.0);
  ask_->setChecked(preferences.ask_delete);
  engine_->setPath(preferences.engine);
  models_->setPath(preferences.models);
  data_->setPath(preferences.data);
}

void SettingsDialog::restoreDefaults() {
  fill({});
  runs_->setPath({});
  for (const auto& [device, box] : at_once_) box->setValue(1);
}

AppSettings SettingsDialog::values() const {
  AppSettings now = before_;
  auto& own = now.preferences;
  own.look = look_->currentData().toString();
  own.language = language_->currentData().toString();
  own.palette = palette_->currentData().toString();
  own.chart_text = text_->value();
  own.smoothing = smoothings_[std::size_t(std::max(0, smoothing_->currentIndex()))];
  own.follow = follow_->isChecked();
  own.charts_ms = milliseconds(charts_every_);
  own.library_ms = milliseconds(library_every_);
  own.ask_delete = ask_->isChecked();
  own.engine = engine_->path();
  own.models = models_->path();
  own.data = data_->path();
  own.servers = servers_->servers();
  // What was written otherwise in New experiment, as with a relative path, is left as it is.
  if (runs_->line()->text() != QDir::toNativeSeparators(before_.runs)) now.runs = runs_->path();
  now.folders.clear();
  for (int row = 0; row < folders_->count(); ++row) {
    now.folders << QDir::fromNativeSeparators(folders_->item(row)->text());
  }
  for (const auto& [device, box] : at_once_) now.at_once[device] = box->value();
  return now;
}

QString SettingsDialog::problem() const {
  try {
    if (engine_->isEnabled() && !engine_->path().isEmpty()) engine_program_at(engine_->path().toStdString());
  } catch (const Error& error) {
    return translated_sentence(error);
  }
  for (const PathField* field : {models_, data_}) {
    if (!field->path().isEmpty() && !QFileInfo(field->path()).isDir()) {
      return tr("There is no folder %1.").arg(QDir::toNativeSeparators(field->path()));
    }
  }
  if (const QFileInfo runs(runs_->path()); !runs_->path().isEmpty() && runs.exists() && !runs.isDir()) {
    return tr("%1 is a file; new runs need a folder.").arg(QDir::toNativeSeparators(runs.filePath()));
  }
  return servers_->problem();
}

/// What is wrong is said while it is typed; what is found is said beside its field.
void SettingsDialog::check() {
  const QString text = problem();
  problem_->setText(text);
  buttons_->button(QDialogButtonBox::Ok)->setEnabled(text.isEmpty());
  try {
    const auto program = engine_program_for(engine_->path().toStdString());
    const QString name = QDir::toNativeSeparators(QString::fromStdString(program.string()));
    engine_found_->setText(engine_has_cuda(program) ? tr("Used: %1, for CPU and NVIDIA GPUs").arg(name)
                                                    : tr("Used: %1, for the CPU").arg(name));
  } catch (const Error& error) {
    engine_found_->setText(engine_->path().isEmpty() ? translated_sentence(error) : QString());
  }
}

void SettingsDialog::addFolder() {
  auto* dialog = new QFileDialog(this, tr("Add folder of runs"), QDir::homePath());
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setFileMode(QFileDialog::Directory);
  dialog->setOption(QFileDialog::ShowDirsOnly);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& folder) {
    const QString text = QDir::toNativeSeparators(QDir(folder).absolutePath());
    const auto there = folders_->findItems(text, Qt::MatchExactly);
    folders_->setCurrentItem(there.isEmpty() ? new QListWidgetItem(text, folders_) : there.front());
  });
  dialog->open();
}

void SettingsDialog::removeFolders() {
  for (auto* item : folders_->selectedItems()) delete item;
}

}  // namespace bandscope::app
