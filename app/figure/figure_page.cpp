// SPDX-License-Identifier: GPL-3.0-or-later
// What one figure has in common with the next: its page, and the formats that it is written in.
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QSpinBox>

#include "app/figure/figure_form.h"

namespace bandscope::app {

/// A table is text as well.
void FigureForm::showFormats() {
  formats_.back()->setVisible(kind_->currentData().toString().endsWith(QLatin1String("-table")));
  dpi_->setEnabled(formats().contains(QStringLiteral("png")));
}

QStringList FigureForm::formats() const {
  QStringList endings;
  for (const QCheckBox* box : formats_) {
    if (box->isChecked() && !box->isHidden()) endings << box->objectName();
  }
  return endings;
}

QStringList FigureForm::filesFor(const QString& file) const {
  const QFileInfo info(file);
  bool known = false;
  for (const QCheckBox* box : formats_) known = known || info.suffix().toLower() == box->objectName();
  const QString base = known ? file.left(file.size() - info.suffix().size() - 1) : file;
  QStringList files;
  for (const QString& ending : formats()) {
    // As it was typed where it is that one: "Figure.PDF".
    files << (known && info.suffix().toLower() == ending ? file : base + QLatin1Char('.') + ending);
  }
  return files;
}

QVariantMap FigureForm::savePage() const {
  const auto now = figure();
  return {{QStringLiteral("width"), QString::fromStdString(now.width)},
          {QStringLiteral("width_mm"), now.width_mm},
          {QStringLiteral("font_pt"), now.font_pt},
          {QStringLiteral("palette"), QString::fromStdString(now.palette)},
          {QStringLiteral("language"), QString::fromStdString(now.language)},
          {QStringLiteral("dpi"), now.dpi},
          {QStringLiteral("formats"), formats()}};
}

void FigureForm::restorePage(const QVariantMap& page) {
  auto now = figure();
  const auto text = [&](const char* key, QComboBox* box, std::string& into) {
    const QVariant value = page.value(QLatin1String(key));
    if (value.isValid() && box->findData(value.toString()) >= 0) into = value.toString().toStdString();
  };
  const auto number = [&](const char* key, double least, double greatest, double& into) {
    bool good = false;
    const double value = page.value(QLatin1String(key)).toDouble(&good);
    if (good && value >= least && value <= greatest) into = value;
  };
  text("width", width_, now.width);
  text("palette", palette_, now.palette);
  text("language", language_, now.language);
  number("width_mm", width_mm_->minimum(), width_mm_->maximum(), now.width_mm);
  number("font_pt", font_->minimum(), font_->maximum(), now.font_pt);
  number("dpi", dpi_->minimum(), dpi_->maximum(), now.dpi);
  if (now.width == "mm" && now.width_mm == 0) now.width = "own";
  setFigure(now);
  const QStringList endings = page.value(QStringLiteral("formats")).toStringList();
  for (QCheckBox* box : formats_) {
    if (!endings.isEmpty()) box->setChecked(endings.contains(box->objectName()));
  }
}

}  // namespace bandscope::app
