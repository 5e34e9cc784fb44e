// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/whatif/what_if_panel.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSlider>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"
#include "app/help/pathway_labels.h"
#include "app/help/terms.h"
#include "app/library/run_styles.h"
#include "app/whatif/what_if_chart.h"

namespace bandscope::app {
namespace {

constexpr double slider_steps = 1000;   // per unit of log r or log α
constexpr double most_log_alpha = 3.0;  // α from 0.05 to 20

QString velocity_text(double value) {
  return QStringLiteral("%1%2")
      .arg(value < 0 ? QStringLiteral("−") : QStringLiteral("+"))
      .arg(std::abs(value), 0, 'g', 3);
}

}  // namespace

WhatIfPanel::WhatIfPanel(QWidget* parent)
    : QWidget(parent),
      run_(new QComboBox(this)),
      chart_(new WhatIfChart(this)),
      title_(new QLabel(this)),
      text_(new QLabel(this)),
      log_r_label_(new QLabel(QStringLiteral("log r"), this)),
      alpha_label_(new QLabel(QStringLiteral("α"), this)),
      says_(new QLabel(this)),
      log_r_slider_(new QSlider(Qt::Horizontal, this)),
      alpha_slider_(new QSlider(Qt::Horizontal, this)),
      log_r_box_(new QDoubleSpinBox(this)),
      alpha_box_(new QDoubleSpinBox(this)),
      reset_(new QPushButton(this)) {
  setFixedWidth(340);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(grid, grid, grid, grid);
  layout->setSpacing(grid);
  auto* head = new QHBoxLayout;
  QFont bold = font();
  bold.setBold(true);
  title_->setFont(bold);
  head->addWidget(title_);
  head->addWidget(run_, 1);
  layout->addLayout(head);
  text_->setWordWrap(true);
  text_->setForegroundRole(QPalette::PlaceholderText);
  layout->addWidget(text_);
  layout->addWidget(chart_, 1);
  auto* controls = new QGridLayout;
  controls->setSpacing(grid);
  log_r_slider_->setRange(int(-6 * slider_steps), int(6 * slider_steps));
  log_r_box_->setRange(-6, 6);
  alpha_slider_->setRange(int(-most_log_alpha * slider_steps), int(most_log_alpha * slider_steps));
  alpha_box_->setRange(std::exp(-most_log_alpha), std::exp(most_log_alpha));
  int row = 0;
  for (const auto& [label, slider, box] :
       {std::tuple{log_r_label_, log_r_slider_, log_r_box_}, std::tuple{alpha_label_, alpha_slider_, alpha_box_}}) {
    box->setDecimals(3);
    box->setSingleStep(0.05);
    label->setBuddy(box);
    controls->addWidget(label, row, 0);
    controls->addWidget(slider, row, 1);
    controls->addWidget(box, row++, 2);
  }
  layout->addLayout(controls);
  says_->setTextFormat(Qt::RichText);
  says_->setWordWrap(true);
  says_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  layout->addWidget(says_);
  layout->addWidget(reset_, 0, Qt::AlignLeft);
  layout->addStretch(0);

  connect(run_, &QComboBox::currentIndexChanged, this, &WhatIfPanel::takeMoment);
  connect(chart_, &WhatIfChart::dragged, this,
          [this](double applied) { suppose(applied - 2 * std::log(alpha_), alpha_); });
  connect(log_r_slider_, &QSlider::valueChanged, this, [this](int at) { suppose(at / slider_steps, alpha_); });
  connect(log_r_box_, &QDoubleSpinBox::valueChanged, this, [this](double value) { suppose(value, alpha_); });
  connect(alpha_slider_, &QSlider::valueChanged, this,
          [this](int at) { suppose(log_r_, std::exp(at / slider_steps)); });
  connect(alpha_box_, &QDoubleSpinBox::valueChanged, this, [this](double value) { suppose(log_r_, value); });
  connect(reset_, &QPushButton::clicked, this, &WhatIfPanel::takeRecorded);
  translate();
  takeMoment();
}

void WhatIfPanel::show(const std::vector<viz::RunDataPtr>& runs, std::optional<double> cursor) {
  QStringList names, now;
  for (const auto& run : runs) names << QString::fromStdString(run->name);
  for (int i = 0; i < run_->count(); ++i) now << run_->itemText(i);
  if (names != now) {
    const QSignalBlocker quiet(run_);
    const QString before = run_->currentText();
    run_->clear();
    run_->addItems(names);
    run_->setCurrentIndex(std::max(0, int(names.indexOf(before))));
    run_->setVisible(names.size() > 1);
  }
  runs_ = runs;
  cursor_ = cursor;
  takeMoment();
}

void WhatIfPanel::takeMoment() {
  const auto index = std::size_t(std::max(0, run_->currentIndex()));
  const auto before = moment_;
  moment_.reset();
  if (index < runs_.size()) moment_ = moment_at(*runs_[index], cursor_.value_or(runs_[index]->last_step()));
  const bool same =
      moment_ && before && moment_->step == before->step && moment_->d_w == before->d_w && moment_->d_l == before->d_l;
  if (same) {
    write();
  } else {
    takeRecorded();
  }
}

void WhatIfPanel::takeRecorded() {
  if (moment_) {
    suppose(moment_->log_r(), moment_->alpha);
  } else {
    write();
  }
}

void WhatIfPanel::suppose(double log_r, double alpha) {
  log_r_ = std::clamp(log_r, log_r_box_->minimum(), log_r_box_->maximum());
  alpha_ = std::clamp(alpha, std::exp(-most_log_alpha), std::exp(most_log_alpha));
  write();
}

std::optional<Prediction> WhatIfPanel::prediction() const {
  return moment_ ? std::optional(predict(*moment_, log_r_, alpha_)) : std::nullopt;
}

void WhatIfPanel::write() {
  const QSignalBlocker quiet[] = {QSignalBlocker(log_r_slider_), QSignalBlocker(log_r_box_),
                                  QSignalBlocker(alpha_slider_), QSignalBlocker(alpha_box_)};
  log_r_slider_->setValue(int(std::lround(log_r_ * slider_steps)));
  log_r_box_->setValue(log_r_);
  alpha_slider_->setValue(int(std::lround(std::log(alpha_) * slider_steps)));
  alpha_box_->setValue(alpha_);
  for (QWidget* control :
       std::initializer_list<QWidget*>{log_r_slider_, log_r_box_, alpha_slider_, alpha_box_, reset_}) {
    control->setEnabled(moment_.has_value());
  }
  const auto theme = chart_theme();
  const auto looks = run_styles(runs_, theme);
  const auto index = std::size_t(std::max(0, run_->currentIndex()));
  chart_->show(moment_, log_r_, alpha_, index < looks.size() ? looks[index].hue : theme.with_rc);
  if (!moment_) {
    text_->setText(runs_.empty() || runs_[0]->steps.empty()
                       ? tr("No step is recorded yet.")
                       : tr("The ratio or the scores are undefined at this step; move the cursor to another."));
    says_->clear();
    return;
  }
  text_->setText(tr("Step %1. Drag the line, log r or α; the dotted line is the recorded ratio.")
                     .arg(count_text(qint64(moment_->step))));
  const Prediction now = predict(*moment_, log_r_, alpha_);
  const Prediction then = predict(*moment_, moment_->log_r(), moment_->alpha);
  const Band band = disentanglement_band(moment_->scores);
  const auto cells = [](const QString& head, const QString& a, const QString& b) {
    return QStringLiteral(
               "<tr><td>%1&nbsp;&nbsp;</td><td align=\"right\">%2&nbsp;&nbsp;</td>"
               "<td align=\"right\">%3</td></tr>")
        .arg(head, a, b);
  };
  QString table = QStringLiteral("<table cellspacing=\"0\" cellpadding=\"1\">");
  table += cells({}, tr("supposed"), tr("recorded"));
  table += cells(QStringLiteral("ż_w"), velocity_text(now.velocity.z_w), velocity_text(then.velocity.z_w));
  table += cells(QStringLiteral("ż_l"), velocity_text(now.velocity.z_l), velocity_text(then.velocity.z_l));
  table += cells(tr("margin"), velocity_text(now.velocity.margin()), velocity_text(then.velocity.margin()));
  table += cells(QStringLiteral("log α²r"), number_text(now.log_r_applied), number_text(then.log_r_applied));
  table += cells(tr("pathway"), pathway_chip(now.pathway, theme), pathway_chip(then.pathway, theme));
  table += QStringLiteral("</table>");
  table += std::isfinite(band.lower) ? tr("Band [%1, %2], centre %3; ż in nats per unit of learning rate.")
                                           .arg(number_text(band.lower, 2), number_text(band.upper, 2),
                                                number_text(moment_->scores.log_r_star(), 2))
                                     : tr("ρ ≤ 0: every ratio disentangles; ż in nats per unit of learning rate.");
  says_->setText(table);
  chart_->setAccessibleDescription(tr("Predicted: %1").arg(pathway_word(now.pathway)));
}

void WhatIfPanel::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::PaletteChange) chart_->setFont(chart_font());
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) write();
  QWidget::changeEvent(event);
}

void WhatIfPanel::translate() {
  title_->setText(tr("What if"));
  reset_->setText(tr("As recorded"));
  run_->setAccessibleName(tr("Run"));
  log_r_slider_->setAccessibleName(QStringLiteral("log r"));
  alpha_slider_->setAccessibleName(QStringLiteral("α"));
  for (QWidget* part : std::initializer_list<QWidget*>{log_r_label_, log_r_slider_, log_r_box_}) {
    part->setToolTip(term_tip(Term::log_r));
  }
  for (QWidget* part : std::initializer_list<QWidget*>{alpha_label_, alpha_slider_, alpha_box_}) {
    part->setToolTip(term_tip(Term::alpha));
  }
  says_->setToolTip(QStringLiteral("<qt><p>%1</p><p>%2</p><p>%3</p></qt>")
                        .arg(term_text(Term::predicted), term_text(Term::log_r_applied), term_text(Term::band)));
  chart_->setAccessibleName(tr("Velocities over the applied log ratio"));
}

}  // namespace bandscope::app
