// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/window/export_dialog.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <filesystem>
#include <vector>

#include "app/library/run_cells.h"
#include "app/page/chart_tab.h"
#include "app/window/look.h"
#include "viz/export/export_figure.h"
#include "viz/figure/figures.h"

namespace bandscope::app {

ExportDialog::ExportDialog(const QStringList& records, const QString& figure, QWidget* parent)
    : QDialog(parent),
      records_(records),
      figure_(new QComboBox(this)),
      preset_(new QComboBox(this)),
      smoothing_(new QComboBox(this)),
      width_(new QDoubleSpinBox(this)),
      dpi_(new QSpinBox(this)),
      problem_(new QLabel(this)) {
  setWindowTitle(tr("Export figure"));
  auto* layout = new QVBoxLayout(this);
  auto* form = new QFormLayout;
  for (const auto& name : viz::figure_names()) {
    const QString id = QString::fromStdString(name);
    figure_->addItem(figure_title(id), id);
  }
  figure_->setCurrentIndex(std::max(0, figure_->findData(figure)));
  preset_->addItem(tr("The figure's own"), 0.0);
  for (const auto& preset : viz::width_presets()) {
    preset_->addItem(QStringLiteral("%1 – %2 mm")
                         .arg(QString::fromUtf8(preset.name.data(), qsizetype(preset.name.size())))
                         .arg(preset.width_mm),
                     preset.width_mm);
  }
  preset_->addItem(tr("Another width"), -1.0);
  width_->setRange(20, 1000);
  width_->setValue(160);
  width_->setSuffix(QStringLiteral(" mm"));
  width_->setEnabled(false);
  connect(preset_, &QComboBox::currentIndexChanged, this, [this] {
    const double chosen = preset_->currentData().toDouble();
    width_->setEnabled(chosen < 0);
    if (chosen > 0) width_->setValue(chosen);
  });
  dpi_->setRange(36, 1200);
  dpi_->setValue(300);
  smoothing_->addItem(tr("none"), 0.0);
  for (double momentum : {0.6, 0.9, 0.98}) smoothing_->addItem(QString::number(momentum), momentum);
  form->addRow(tr("Figure"), figure_);
  form->addRow(tr("Width"), preset_);
  form->addRow(QString(), width_);
  form->addRow(tr("Smoothing"), smoothing_);
  form->addRow(tr("Dots per inch of a PNG"), dpi_);
  layout->addLayout(form);
  problem_->setWordWrap(true);
  problem_->hide();
  layout->addWidget(problem_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel, this);
  save_ = buttons->addButton(tr("Save as…"), QDialogButtonBox::AcceptRole);
  layout->addWidget(buttons);
  connect(save_, &QPushButton::clicked, this, &ExportDialog::choose);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

ExportDialog::~ExportDialog() { pool_.waitForDone(); }

void ExportDialog::choose() {
  const QString folder = QFileInfo(QFileInfo(records_.value(0)).absolutePath()).absolutePath();
  auto* dialog = new QFileDialog(this, tr("Export figure"),
                                 QDir(folder).filePath(figure_->currentData().toString() + QStringLiteral(".pdf")),
                                 tr("PDF (*.pdf);;SVG (*.svg);;PNG (*.png);;CSV (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(QStringLiteral("pdf"));
  connect(dialog, &QFileDialog::filterSelected, dialog,
          [dialog](const QString& filter) { dialog->setDefaultSuffix(filter.left(3).toLower()); });
  connect(dialog, &QFileDialog::fileSelected, this, &ExportDialog::write);
  dialog->open();
}

void ExportDialog::write(const QString& file) {
  save_->setEnabled(false);
  viz::FigureOptions options;
  const double preset = preset_->currentData().toDouble();
  options.width_mm = preset < 0 ? width_->value() : preset;
  if (const double momentum = smoothing_->currentData().toDouble(); momentum > 0) {
    options.smoothing = {viz::Smoothing::Kind::ema, momentum};
  }
  std::vector<std::filesystem::path> records;
  for (const auto& record : records_) records.emplace_back(record.toStdString());
  pool_.start(
      [this, records, options, file, name = figure_->currentData().toString().toStdString(), dpi = dpi_->value()] {
        QString error;
        try {
          viz::run_export(records, name, file.toStdString(), options, {.dpi = double(dpi)});
        } catch (const std::exception& problem) {
          error = QString::fromStdString(problem.what());
        }
        QMetaObject::invokeMethod(this, [this, file, error] {
          save_->setEnabled(true);
          if (error.isEmpty()) {
            Q_EMIT exported(file);
            accept();
            return;
          }
          QPalette own;
          own.setColor(QPalette::WindowText, state_color(ShownState::failed, dark_look()));
          problem_->setPalette(own);
          problem_->setText(error);
          problem_->show();
        });
      });
}

}  // namespace bandscope::app
