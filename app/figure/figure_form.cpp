// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/figure/figure_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QListWidget>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/plain_text.h"
#include "app/figure/figure_titles.h"
#include "viz/figure/figures.h"
#include "viz/figure/x_axis.h"

namespace bandscope::app {
namespace {

using viz::Smoothing;

QDoubleSpinBox* number(QWidget* parent, double least, double greatest, int decimals, const QString& suffix) {
  auto* box = new QDoubleSpinBox(parent);
  box->setDecimals(decimals);
  box->setRange(least, greatest);
  box->setSuffix(suffix);
  box->setKeyboardTracking(false);
  return box;
}

/// As high as its rows, up to six.
void fit_rows(QListWidget* list) {
  const int rows = std::clamp(list->count(), 1, 6);
  list->setFixedHeight(rows * std::max(list->sizeHintForRow(0), list->fontMetrics().height()) + 8);
}

QListWidgetItem* ticked_item(QListWidget* list, const QString& text, const QVariant& data, bool on) {
  auto* item = new QListWidgetItem(text, list);
  item->setData(Qt::UserRole, data);
  item->setFlags(Qt::ItemIsUserCheckable | Qt::ItemIsEnabled | Qt::ItemIsSelectable);
  item->setCheckState(on ? Qt::Checked : Qt::Unchecked);
  return item;
}

void choose(QComboBox* box, const QVariant& data) { box->setCurrentIndex(std::max(0, box->findData(data))); }

std::map<std::string, std::pair<double, double>> pairs_of(const std::map<std::string, viz::Range>& ranges) {
  std::map<std::string, std::pair<double, double>> out;
  for (const auto& [key, range] : ranges) out.emplace(key, std::pair(range.least, range.greatest));
  return out;
}

}  // namespace

FigureForm::FigureForm(const QStringList& records, QWidget* parent)
    : QWidget(parent),
      runs_(new QListWidget(this)),
      parts_(new QListWidget(this)),
      kind_(new QComboBox(this)),
      select_(new QComboBox(this)),
      width_(new QComboBox(this)),
      palette_(new QComboBox(this)),
      language_(new QComboBox(this)),
      smoothing_(new QComboBox(this)),
      range_(new QComboBox(this)),
      x_axis_(new QComboBox(this)),
      width_mm_(number(this, 20, 2000, 2, QStringLiteral(" mm"))),
      height_mm_(number(this, 14.99, 2000, 2, QStringLiteral(" mm"))),
      font_(number(this, 3, 40, 1, QStringLiteral(" pt"))),
      momentum_(number(this, 0, 0.999, 3, {})),
      steps_(new QSpinBox(this)),
      dpi_(new QSpinBox(this)),
      legend_(new QCheckBox(tr("Legend"), this)),
      events_(new QCheckBox(tr("Events"), this)),
      strip_(new QCheckBox(tr("Pathway strip"), this)),
      log_x_(new QCheckBox(tr("Logarithmic steps"), this)),
      log_y_(new QCheckBox(tr("Logarithmic values"), this)),
      seeds_(new QCheckBox(tr("Means over seeds"), this)) {
  for (const auto& record : records) {
    const QFileInfo file(record);
    const QString folder = file.isDir() ? QDir(record).dirName() : QDir(file.absolutePath()).dirName();
    ticked_item(runs_, folder, record, true)->setToolTip(plain_text(QDir::toNativeSeparators(record)));
  }
  for (const auto& name : viz::figure_names()) kind_->addItem(long_figure_title(name), QString::fromStdString(name));
  select_->addItem(tr("all that are ticked"), QStringLiteral("all"));
  select_->addItem(tr("pairs w/o and w/ RC"), QStringLiteral("pairs"));
  select_->addItem(tr("w/o RC only"), QStringLiteral("without"));
  select_->addItem(tr("w/ RC only"), QStringLiteral("with"));
  width_->addItem(tr("the figure's own"), QStringLiteral("own"));
  static const std::pair<const char*, QString> journals[] = {{"icml", tr("ICML, one column")},
                                                             {"icml-wide", tr("ICML, both columns")},
                                                             {"neurips", tr("NeurIPS")},
                                                             {"acl", tr("ACL, one column")},
                                                             {"acl-wide", tr("ACL, both columns")}};
  for (const auto& [name, title] : journals) width_->addItem(title, QString::fromLatin1(name));
  width_->addItem(tr("another width"), QStringLiteral("mm"));
  palette_->addItem(tr("Okabe–Ito"), QStringLiteral("okabe-ito"));
  palette_->addItem(tr("greys"), QStringLiteral("grey"));
  language_->addItem(QStringLiteral("English"), QStringLiteral("en"));
  language_->addItem(QStringLiteral("简体中文"), QStringLiteral("zh_CN"));
  smoothing_->addItem(tr("none"), int(Smoothing::Kind::none));
  smoothing_->addItem(tr("exponential mean, momentum"), int(Smoothing::Kind::ema));
  smoothing_->addItem(tr("mean over steps"), int(Smoothing::Kind::window));
  range_->addItem(tr("full"), int(full));
  for (const viz::XAxisRow& axis : viz::x_axes()) x_axis_->addItem(figure_text(axis.choice), int(axis.axis));
  // The least value stands for "from the panels".
  height_mm_->setSpecialValueText(tr("from the panels"));
  momentum_->setSingleStep(0.05);
  steps_->setRange(1, 1000000000);
  dpi_->setRange(36, 2400);
  dpi_->setSuffix(QStringLiteral(" dpi"));
  for (const char* ending : {"pdf", "svg", "png", "csv", "tex"}) {
    auto* box = new QCheckBox(QString::fromLatin1(ending).toUpper(), this);
    box->setObjectName(QString::fromLatin1(ending));
    box->setChecked(formats_.empty());
    formats_.push_back(box);
  }
  for (QComboBox* box : {kind_, select_, width_, smoothing_}) {
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(18);
  }
  build();
  setFigure({});
  fit_rows(runs_);
}

void FigureForm::build() {
  auto* form = new QFormLayout(this);
  form->setContentsMargins(grid, grid, grid, grid);
  form->setSpacing(grid);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->setRowWrapPolicy(QFormLayout::DontWrapRows);
  const auto row = [&](const QString& label, std::initializer_list<QWidget*> fields) {
    auto* line = new QHBoxLayout;
    line->setSpacing(grid);
    for (QWidget* field : fields) {
      line->addWidget(field, field == *fields.begin() ? 1 : 0);
      if (field->accessibleName().isEmpty() && !qobject_cast<QCheckBox*>(field)) field->setAccessibleName(label);
    }
    form->addRow(label, line);
  };
  row(tr("Figure"), {kind_});
  row(tr("Panels"), {parts_});
  row(tr("Runs"), {runs_});
  row(tr("Runs drawn"), {select_});
  row(tr("Width"), {width_, width_mm_});
  row(tr("Height"), {height_mm_});
  row(tr("Font"), {font_});
  row(tr("Palette"), {palette_});
  row(tr("Texts"), {language_});
  row(QString(), {legend_, events_, strip_});
  row(tr("Smoothing"), {smoothing_, momentum_, steps_});
  row(tr("Ranges"), {range_});
  row(tr("x axis"), {x_axis_});
  row(QString(), {log_x_, log_y_});
  row(QString(), {seeds_});
  row(tr("Formats"), {formats_[0], formats_[1], formats_[2], formats_[3], formats_[4]});
  row(tr("PNG"), {dpi_});
  form->addItem(new QSpacerItem(0, 0, QSizePolicy::Minimum, QSizePolicy::Expanding));  // rows stay together

  const auto tell = [this] { Q_EMIT changed(); };
  connect(kind_, &QComboBox::currentIndexChanged, this, [this] {
    listParts({});
    showFormats();
    Q_EMIT changed();
  });
  connect(width_, &QComboBox::currentIndexChanged, this, [this] {
    showWidth();
    Q_EMIT changed();
  });
  connect(smoothing_, &QComboBox::currentIndexChanged, this, [this] {
    showSmoothing();
    Q_EMIT changed();
  });
  for (QComboBox* box : {select_, palette_, language_, range_, x_axis_})
    connect(box, &QComboBox::currentIndexChanged, this, tell);
  for (QDoubleSpinBox* box : {width_mm_, height_mm_, font_, momentum_})
    connect(box, &QDoubleSpinBox::valueChanged, this, tell);
  for (QSpinBox* box : {steps_, dpi_}) connect(box, &QSpinBox::valueChanged, this, tell);
  for (QCheckBox* box : {legend_, events_, strip_, log_x_, log_y_, seeds_})
    connect(box, &QCheckBox::toggled, this, tell);
  for (QCheckBox* box : formats_) {
    connect(box, &QCheckBox::toggled, this, tell);
    connect(box, &QCheckBox::toggled, this, &FigureForm::showFormats);
  }
  showFormats();
  for (QListWidget* list : {runs_, parts_}) connect(list, &QListWidget::itemChanged, this, tell);
}

void FigureForm::listParts(const std::vector<std::string>& ticked) {
  const QSignalBlocker quiet(parts_);
  parts_->clear();
  for (const auto& part : viz::figure_parts(kind_->currentData().toString().toStdString())) {
    const bool on = ticked.empty() || std::find(ticked.begin(), ticked.end(), part.name) != ticked.end();
    ticked_item(parts_, figure_text(part.title), QString::fromStdString(part.name), on);
  }
  fit_rows(parts_);
}

void FigureForm::showWidth() {
  const QString name = width_->currentData().toString();
  const QSignalBlocker quiet(width_mm_);
  width_mm_->setVisible(name != QLatin1String("own"));
  width_mm_->setEnabled(name == QLatin1String("mm"));
  for (const auto& preset : viz::width_presets()) {
    if (name == QLatin1String(preset.name.data(), qsizetype(preset.name.size()))) width_mm_->setValue(preset.width_mm);
  }
}

void FigureForm::showSmoothing() {
  const auto kind = Smoothing::Kind(smoothing_->currentData().toInt());
  momentum_->setVisible(kind == Smoothing::Kind::ema);
  steps_->setVisible(kind == Smoothing::Kind::window);
}

viz::FigureTemplate FigureForm::figure() const {
  viz::FigureTemplate figure = shown_;
  figure.kind = kind_->currentData().toString().toStdString();
  figure.parts.clear();
  for (int i = 0; i < parts_->count(); ++i) {
    if (parts_->item(i)->checkState() != Qt::Checked) continue;
    figure.parts.push_back(parts_->item(i)->data(Qt::UserRole).toString().toStdString());
  }
  if (int(figure.parts.size()) == parts_->count()) figure.parts.clear();  // all
  figure.language = language_->currentData().toString().toStdString();
  figure.width = width_->currentData().toString().toStdString();
  figure.width_mm = figure.width == "mm" ? width_mm_->value() : 0;
  figure.height_mm = height_mm_->value() < 15 ? 0 : height_mm_->value();
  figure.font_pt = font_->value();
  figure.palette = palette_->currentData().toString().toStdString();
  figure.legend = legend_->isChecked();
  figure.events = events_->isChecked();
  figure.strip = strip_->isChecked();
  figure.log_x = log_x_->isChecked();
  figure.log_y = log_y_->isChecked();
  figure.x_axis = viz::XAxis(x_axis_->currentData().toInt());
  figure.seed_means = seeds_->isChecked();
  figure.dpi = dpi_->value();
  figure.smoothing.kind = Smoothing::Kind(smoothing_->currentData().toInt());
  figure.smoothing.amount = figure.smoothing.kind == Smoothing::Kind::ema      ? momentum_->value()
                            : figure.smoothing.kind == Smoothing::Kind::window ? steps_->value()
                                                                               : 0.0;
  if (range_->currentData().toInt() == full) {
    figure.x_ranges.clear();
    figure.y_ranges.clear();
  } else if (range_->currentData().toInt() == screen) {
    figure.x_ranges = pairs_of(screen_.x);
    figure.y_ranges = pairs_of(screen_.y);
  }
  figure.runs.select = select_->currentData().toString().toStdString();
  return figure;
}

void FigureForm::setFigure(const viz::FigureTemplate& figure) {
  {
    const QSignalBlocker quiet(this);
    shown_ = figure;
    choose(kind_, QString::fromStdString(figure.kind));
    listParts(figure.parts);
    showFormats();
    choose(language_, QString::fromStdString(figure.language));
    choose(width_, QString::fromStdString(figure.width));
    if (figure.width == "mm") width_mm_->setValue(figure.width_mm);
    showWidth();
    height_mm_->setValue(figure.height_mm > 0 ? figure.height_mm : height_mm_->minimum());
    font_->setValue(figure.font_pt);
    choose(palette_, QString::fromStdString(figure.palette));
    legend_->setChecked(figure.legend);
    events_->setChecked(figure.events);
    strip_->setChecked(figure.strip);
    log_x_->setChecked(figure.log_x);
    log_y_->setChecked(figure.log_y);
    choose(x_axis_, int(figure.x_axis));
    seeds_->setChecked(figure.seed_means);
    dpi_->setValue(int(figure.dpi));
    choose(smoothing_, int(figure.smoothing.kind));
    momentum_->setValue(figure.smoothing.kind == Smoothing::Kind::ema ? figure.smoothing.amount : 0.9);
    steps_->setValue(figure.smoothing.kind == Smoothing::Kind::window ? int(figure.smoothing.amount) : 21);
    showSmoothing();
    const bool ranges = !figure.x_ranges.empty() || !figure.y_ranges.empty();
    if (ranges && range_->findData(int(own)) < 0) range_->addItem(tr("as in the template"), int(own));
    if (!ranges && range_->findData(int(own)) >= 0) range_->removeItem(range_->findData(int(own)));
    choose(range_, int(ranges ? own : full));
    choose(select_, QString::fromStdString(figure.runs.select));
  }
  Q_EMIT changed();
}

void FigureForm::setScreen(const viz::Ranges& ranges) {
  screen_ = ranges;
  if (range_->findData(int(screen)) < 0) range_->insertItem(1, tr("as on the screen"), int(screen));
}

QStringList FigureForm::records() const {
  QStringList out;
  for (int i = 0; i < runs_->count(); ++i) {
    if (runs_->item(i)->checkState() == Qt::Checked) out << runs_->item(i)->data(Qt::UserRole).toString();
  }
  return out;
}

}  // namespace bandscope::app
