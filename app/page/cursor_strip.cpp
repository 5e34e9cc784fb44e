// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/cursor_strip.h"

#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QScrollArea>
#include <QScrollBar>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"
#include "app/base/plain_text.h"
#include "app/help/pathway_labels.h"
#include "app/help/terms.h"
#include "app/library/run_styles.h"
#include "app/page/cursor_values.h"

namespace bandscope::app {
namespace {

constexpr int most_in_view = 6;
constexpr int height_per_line = 160;  // of the window: charts come before numbers
constexpr int line_gap = 2, column_gap = 2 * grid;

QString plain(const QString& head) {
  return QString(head).replace(QLatin1String("<sub>"), QLatin1String("_")).remove(QLatin1String("</sub>"));
}

QString with_difference(double value, std::optional<double> first, int places = 3) {
  const QString text = number_text(value, places);
  if (!first || std::isnan(value) || std::isnan(*first)) return text;
  return QStringLiteral("%1 (%2)").arg(text, signed_text(value - *first, places));
}

QGridLayout* new_grid(QWidget* parent) {
  auto* layout = new QGridLayout(parent);
  layout->setContentsMargins(grid, 0, grid, 0);
  layout->setHorizontalSpacing(column_gap);
  layout->setVerticalSpacing(line_gap);
  return layout;
}

}  // namespace

CursorStrip::CursorStrip(QWidget* parent)
    : QWidget(parent), top_(new QWidget(this)), scroll_(new QScrollArea(this)), top_layout_(new_grid(top_)) {
  setObjectName(QStringLiteral("cursor-strip"));
  auto* inner = new QWidget;
  layout_ = new_grid(inner);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, grid / 2, 0, grid / 2);
  outer->setSpacing(line_gap);
  outer->addWidget(top_);
  outer->addWidget(scroll_);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidgetResizable(true);
  scroll_->setWidget(inner);
  scroll_->viewport()->setAutoFillBackground(false);
  inner->setAutoFillBackground(false);
  for (int cell = 0; cell < cells; ++cell) {
    auto* head = new QLabel(top_);
    head->setForegroundRole(QPalette::PlaceholderText);
    top_layout_->addWidget(head, 0, cell);
    heads_.push_back(head);
  }
  top_layout_->setColumnStretch(cells, 1);
  layout_->setColumnStretch(cells, 1);
  setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
  translate();
  write();
  fit();
}

void CursorStrip::addLine() {
  auto& labels = lines_.emplace_back();
  for (int cell = 0; cell < cells; ++cell) {
    auto* label = new QLabel(scroll_->widget());
    const bool rich = cell == Run || cell == Predicted || cell == Realised;
    label->setTextFormat(rich ? Qt::RichText : Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout_->addWidget(label, int(lines_.size()) - 1, cell);
    labels.push_back(label);
  }
}

void CursorStrip::show(const std::vector<viz::RunDataPtr>& runs, std::optional<double> cursor, bool smoothed) {
  // With a cursor values carry their differences, which need room.
  const bool other = runs_.size() != runs.size() || cursor_.has_value() != cursor.has_value() || smoothed != smoothed_;
  // Of a run with calibration it is the applied ratio; where α is 1 the two are the same.
  if (runs_ != runs)
    applied_ = std::ranges::any_of(runs, [](const auto& run) { return run->calibrated || viz::ratio_changed(*run); });
  runs_ = runs;
  cursor_ = cursor;
  smoothed_ = smoothed;
  while (lines_.size() < runs_.size()) addLine();
  while (lines_.size() > runs_.size()) {
    for (QLabel* label : lines_.back()) delete label;
    lines_.pop_back();
    layout_->setRowMinimumHeight(int(lines_.size()), 0);
  }
  write();
  if (other) widths_.fill(0);
  if (other || lineHeight() > line_height_ || outgrown()) fit();
}

/// Whether a value needs more room than its column has. Columns only grow while the same runs are shown, so that
/// nothing jumps from step to step.
bool CursorStrip::outgrown() const {
  for (int cell = 0; cell < cells; ++cell) {
    for (const QLabel* label : column(Cell(cell))) {
      if (label->sizeHint().width() > widths_[std::size_t(cell)]) return true;
    }
  }
  return false;
}

int CursorStrip::lineHeight() const {
  int height = heads_[Run]->sizeHint().height();
  for (const auto& line : lines_) {
    for (const QLabel* label : line) height = std::max(height, label->sizeHint().height());
  }
  return height;
}

QString CursorStrip::lineText(int line) const {
  QStringList parts;
  for (int cell = Step; cell < cells; ++cell) {
    const QString value = lines_[std::size_t(line)][std::size_t(cell)]->property("plain").toString();
    const bool hidden = heads_[std::size_t(cell)]->isHidden();
    if (!value.isEmpty() && !hidden)
      parts << QStringLiteral("%1 %2").arg(plain(heads_[std::size_t(cell)]->text()), value);
  }
  return parts.join(QStringLiteral(", "));
}

QString CursorStrip::lineRun(int line) const { return lines_[std::size_t(line)][Run]->toolTip(); }

int CursorStrip::linesInView() const {
  const int room = std::clamp(window()->height() / height_per_line, 2, most_in_view);
  return std::min(room, int(runs_.size()));
}

void CursorStrip::write() {
  heads_[Run]->setText(runs_.size() > 2 ? tr("%1 runs").arg(runs_.size()) : tr("Run"));
  nameRatio(applied_ ? Term::log_r_applied : Term::log_r);
  heads_[Step]->setText(smoothed_ ? tr("Step, raw values") : tr("Step"));
  const auto on_same = [](const auto& run) { return run->same_pairs; };
  const bool all = std::all_of(runs_.begin(), runs_.end(), on_same);
  const bool none = std::none_of(runs_.begin(), runs_.end(), on_same);
  heads_[Realised]->setText(all == none ? tr("Realised")
                            : all       ? tr("Realised, same pairs")
                                        : tr("Realised, different pairs"));
  const auto looks = run_styles(runs_, chart_theme());
  std::optional<CursorValues> first;
  for (std::size_t line = 0; line < runs_.size(); ++line) writeLine(line, looks[line], &first);
  setAccessibleDescription(runs_.empty() ? QString() : lineText(0));
}

void CursorStrip::writeLine(std::size_t line, const viz::RunStyle& look, std::optional<CursorValues>* first) {
  const auto theme = chart_theme();
  auto& labels = lines_[line];
  const auto& run = *runs_[line];
  const auto values = cursor_values(run, cursor_.value_or(run.last_step()));
  const auto say = [&](Cell cell, const QString& text, const QString& rich = {}) {
    labels[cell]->setText(rich.isEmpty() ? text : rich);
    labels[cell]->setProperty("plain", text);
  };
  for (int cell = Step; cell < cells; ++cell) labels[std::size_t(cell)]->setProperty("plain", QString());
  const QString whole = QString::fromStdString(run.name);
  const QString name = fontMetrics().elidedText(whole, Qt::ElideMiddle, 140);
  say(Run, name, QStringLiteral("%1 %2").arg(style_sample(look), name.toHtmlEscaped()));
  labels[Run]->setToolTip(plain_text(whole));
  labels[Run]->setAccessibleName(QStringLiteral("%1, %2").arg(whole, run.calibrated ? tr("w/ RC") : tr("w/o RC")));
  if (!values) {
    for (int cell = Step; cell < cells; ++cell) labels[std::size_t(cell)]->clear();
    say(Step, tr("no step yet"));
    return;
  }
  // What the runs were at different steps does not compare.
  const bool same_step = *first && (**first).step == values->step;
  const auto difference = [&](double CursorValues::*member) {
    return same_step ? std::optional<double>((**first).*member) : std::nullopt;
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
  labels[Predicted]->setToolTip(pathway_tip(values->predicted));
  labels[Realised]->setToolTip(
      pathway_tip(values->realised) + QStringLiteral("<p>") +
      (values->same_pairs ? tr("Same pairs: the likelihoods of this step's pairs before and after its update.")
                          : tr("Different pairs: the change from this step's pairs to the next step's.")) +
      QStringLiteral("</p>"));
  if (!*first) *first = values;
}

std::vector<QLabel*> CursorStrip::column(Cell cell) const {
  std::vector<QLabel*> labels{heads_[cell]};
  for (const auto& line : lines_) labels.push_back(line[cell]);
  return labels;
}

void CursorStrip::fit() {
  int total = 2 * grid - column_gap;
  bool shown[cells];
  for (int cell = 0; cell < cells; ++cell) {
    int& width = widths_[std::size_t(cell)];
    shown[cell] = true;
    for (const QLabel* label : column(Cell(cell))) width = std::max(width, label->sizeHint().width());
    total += width + column_gap;
  }
  line_height_ = lineHeight();
  const int in_view = linesInView();
  const bool scrolls = in_view < int(runs_.size());
  const int room = width() - (scrolls ? scroll_->verticalScrollBar()->sizeHint().width() : 0);
  for (const Cell cell : {Alpha, Realised, Margin, Band, Step, LogR, Predicted}) {
    if (total <= room) break;
    shown[cell] = false;
    total -= widths_[std::size_t(cell)] + column_gap;
  }
  for (int cell = 0; cell < cells; ++cell) {
    for (QLabel* label : column(Cell(cell))) label->setVisible(shown[cell]);
    for (QGridLayout* layout : {top_layout_, layout_})
      layout->setColumnMinimumWidth(cell, shown[cell] ? widths_[std::size_t(cell)] : 0);
  }
  scroll_->setVisible(in_view > 0);
  scroll_->setFixedHeight(std::max(0, in_view * (line_height_ + line_gap) - line_gap));
  scroll_->setVerticalScrollBarPolicy(scrolls ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
  scroll_->setFocusPolicy(scrolls ? Qt::StrongFocus : Qt::NoFocus);
  for (std::size_t line = 0; line < lines_.size(); ++line) layout_->setRowMinimumHeight(int(line), line_height_);
}

void CursorStrip::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fit();
}

void CursorStrip::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) {
    translate();
    write();
    widths_.fill(0);
    fit();
  }
  if (event->type() == QEvent::PaletteChange) write();
  QWidget::changeEvent(event);
}

void CursorStrip::explain(Cell cell, Term term) {
  heads_[cell]->setToolTip(term_tip(term));
  heads_[cell]->setAccessibleDescription(term_description(term));
}

/// Only where it is another: this is asked at every move of the cursor.
void CursorStrip::nameRatio(Term term) {
  if (ratio_ == term) return;
  ratio_ = term;
  heads_[LogR]->setText(term_entry(term).symbol);
  explain(LogR, term);
}

void CursorStrip::translate() {
  ratio_.reset();
  const QString texts[cells] = {tr("Run"),
                                tr("Step"),
                                QStringLiteral("z<sub>w</sub>"),
                                QStringLiteral("z<sub>l</sub>"),
                                tr("Margin"),
                                heads_[LogR]->text(),
                                tr("Band"),
                                QStringLiteral("α"),
                                tr("Predicted"),
                                tr("Realised")};
  for (int cell = 0; cell < cells; ++cell) heads_[std::size_t(cell)]->setText(texts[cell]);
  const std::pair<Cell, Term> tips[] = {{Zw, Term::z_w},           {Zl, Term::z_l},      {Margin, Term::margin},
                                        {Band, Term::band},        {Alpha, Term::alpha}, {Predicted, Term::predicted},
                                        {Realised, Term::realised}};
  for (const auto& [cell, term] : tips) explain(cell, term);
  heads_[Step]->setToolTip(tr("Values are as recorded at this step, also where charts are smoothed."));
  setAccessibleName(tr("Values at the cursor"));
}

}  // namespace bandscope::app
