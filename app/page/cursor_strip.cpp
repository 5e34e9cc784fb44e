// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/cursor_strip.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <algorithm>
#include <cmath>

#include "app/library/run_cells.h"
#include "app/page/cursor_values.h"
#include "app/page/pathway_words.h"
#include "app/page/run_hues.h"
#include "app/window/look.h"

namespace bandscope::app {
namespace {

constexpr int most_runs = 6;
constexpr int height_per_line = 160;  // of the window: charts come before numbers

QString plain(const QString& head) {
  return QString(head).replace(QLatin1String("<sub>"), QLatin1String("_")).remove(QLatin1String("</sub>"));
}

QString with_difference(double value, std::optional<double> first, int places = 3) {
  const QString text = number_text(value, places);
  if (!first || std::isnan(value) || std::isnan(*first)) return text;
  return QStringLiteral("%1 (%2)").arg(text, signed_text(value - *first, places));
}

}  // namespace

CursorStrip::CursorStrip(QWidget* parent) : QWidget(parent), layout_(new QGridLayout(this)) {
  setObjectName(QStringLiteral("cursor-strip"));
  layout_->setContentsMargins(grid, grid / 2, grid, grid / 2);
  layout_->setHorizontalSpacing(2 * grid);
  layout_->setVerticalSpacing(2);
  for (int cell = 0; cell < cells; ++cell) {
    auto* head = new QLabel(this);
    head->setForegroundRole(QPalette::PlaceholderText);
    layout_->addWidget(head, 0, cell);
    heads_.push_back(head);
  }
  for (int line = 0; line < most_runs; ++line) {
    auto& labels = lines_.emplace_back();
    for (int cell = 0; cell < cells; ++cell) {
      auto* label = new QLabel(this);
      label->setTextFormat(Qt::PlainText);
      label->setTextInteractionFlags(Qt::TextSelectableByMouse);
      if (cell == Run || cell == Predicted || cell == Realised) label->setTextFormat(Qt::RichText);
      layout_->addWidget(label, line + 1, cell);
      labels.push_back(label);
    }
  }
  layout_->setColumnStretch(cells, 1);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  translate();
}

void CursorStrip::show(const std::vector<viz::RunDataPtr>& runs, std::optional<double> cursor) {
  // With a cursor values carry their differences, which need room.
  const bool other = runs_.size() != runs.size() || cursor_.has_value() != cursor.has_value();
  runs_ = runs;
  cursor_ = cursor;
  other ? fit() : write();
}

QString CursorStrip::lineText(int line) const {
  QStringList parts;
  for (int cell = Step; cell < cells; ++cell) {
    const QString value = lines_[std::size_t(line)][std::size_t(cell)]->property("plain").toString();
    if (!value.isEmpty()) parts << QStringLiteral("%1 %2").arg(plain(heads_[std::size_t(cell)]->text()), value);
  }
  return parts.join(QStringLiteral(", "));
}

int CursorStrip::lines() const {
  const int room = std::clamp(window()->height() / height_per_line, 2, most_runs);
  return std::min(room, int(runs_.size()));
}

void CursorStrip::write() {
  // What has no line is told in the first cell.
  const int shown_lines = lines(), hidden = int(runs_.size()) - shown_lines;
  heads_[Run]->setText(hidden > 0 ? tr("Run (%n more)", nullptr, hidden) : tr("Run"));
  const auto theme = chart_theme();
  std::vector<bool> calibrated;
  for (const auto& run : runs_) calibrated.push_back(run->calibrated);
  const auto hues = run_hues(calibrated, theme);
  std::optional<CursorValues> first;
  for (int line = 0; line < most_runs; ++line) {
    auto& labels = lines_[std::size_t(line)];
    const bool shown = line < shown_lines;
    std::optional<CursorValues> values;
    if (shown) {
      const auto& run = *runs_[std::size_t(line)];
      values = cursor_values(run, cursor_.value_or(run.last_step()));
    }
    for (int cell = 0; cell < cells; ++cell) {
      labels[std::size_t(cell)]->setText({});
      labels[std::size_t(cell)]->setProperty("plain", QString());
      labels[std::size_t(cell)]->setVisible(shown && heads_[std::size_t(cell)]->isVisibleTo(this));
    }
    if (!shown) continue;
    const auto& run = *runs_[std::size_t(line)];
    const auto say = [&](Cell cell, const QString& text, const QString& rich = {}) {
      labels[cell]->setText(rich.isEmpty() ? text : rich);
      labels[cell]->setProperty("plain", text);
    };
    const QString name = fontMetrics().elidedText(QString::fromStdString(run.name), Qt::ElideMiddle, 140);
    say(Run, name,
        QStringLiteral("<span style=\"color:%1\">■</span> %2")
            .arg(hues[std::size_t(line)].name(), name.toHtmlEscaped()));
    if (!values) {
      say(Step, tr("no step yet"));
      continue;
    }
    const auto difference = [&](double CursorValues::*member) {
      return first ? std::optional<double>((*first).*member) : std::nullopt;
    };
    say(Step, count_text(qint64(values->step)));
    say(Zw, with_difference(values->z_w, difference(&CursorValues::z_w)));
    say(Zl, with_difference(values->z_l, difference(&CursorValues::z_l)));
    say(Margin, with_difference(values->margin, difference(&CursorValues::margin)));
    say(LogR, number_text(values->log_r));
    say(Band, values->band_defined() ? QStringLiteral("[%1, %2] %3")
                                           .arg(number_text(values->band_lower, 2), number_text(values->band_upper, 2),
                                                values->in_band() ? tr("in") : tr("out"))
                                     : tr("undefined"));
    say(Alpha, number_text(values->alpha));
    say(Predicted, pathway_word(values->predicted), pathway_chip(values->predicted, theme));
    say(Realised, pathway_word(values->realised), pathway_chip(values->realised, theme));
    if (!first) first = values;
  }
  setAccessibleDescription(runs_.empty() ? QString() : lineText(0));
}

/// In a narrow window the least needed cells give way first.
void CursorStrip::fit() {
  for (auto* head : heads_) head->setVisible(true);
  write();
  for (const Cell cell : {Alpha, Realised, Margin, Band, Step, LogR, Predicted}) {
    layout_->activate();
    if (layout_->minimumSize().width() <= width()) return;
    heads_[std::size_t(cell)]->setVisible(false);
    write();
  }
}

void CursorStrip::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fit();
}

void CursorStrip::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    write();
  }
  if (event->type() == QEvent::PaletteChange) write();
  QWidget::changeEvent(event);
}

void CursorStrip::translate() {
  const QString texts[cells] = {tr("Run"),
                                tr("Step"),
                                QStringLiteral("z<sub>w</sub>"),
                                QStringLiteral("z<sub>l</sub>"),
                                tr("Margin"),
                                QStringLiteral("log r"),
                                tr("Band"),
                                QStringLiteral("α"),
                                tr("Predicted"),
                                tr("Realised")};
  for (int cell = 0; cell < cells; ++cell) heads_[std::size_t(cell)]->setText(texts[cell]);
  heads_[Predicted]->setToolTip(tr("Pathway that the incentives and scores of this step predict"));
  heads_[Realised]->setToolTip(tr("Pathway of the change of z_w and z_l to the next step"));
  setAccessibleName(tr("Values at the cursor"));
}

}  // namespace bandscope::app
