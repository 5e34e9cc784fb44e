// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/launch/pair_example.h"

#include <QAbstractTextDocumentLayout>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollBar>
#include <QTextBlock>
#include <QTextCursor>
#include <QTextEdit>
#include <QTextLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "app/base/color_scheme.h"
#include "app/base/number_text.h"

namespace bandscope::app {
namespace {

/// Of one part of a pair; more is not read at a glance.
constexpr qsizetype longest_shown = 4000;

constexpr int prompt_in_sight = 6 * grid;

enum class Part { prompt, chosen, rejected };

QTextCharFormat format_of(Part part, const QPalette& palette) {
  QTextCharFormat format;
  if (part == Part::prompt) {
    format.setForeground(palette.color(QPalette::PlaceholderText));
    return format;
  }
  // Chosen and rejected differ in the line's form too, not in strength alone.
  QColor hue = palette.color(QPalette::Link);
  if (part == Part::rejected) hue.setAlphaF(0.55F);
  format.setUnderlineStyle(part == Part::chosen ? QTextCharFormat::SingleUnderline : QTextCharFormat::DashUnderline);
  format.setUnderlineColor(hue);
  return format;
}

/// The text with its middle left out where it is long: a prompt's end and a response's beginning say most.
QString shortened(const QString& text, bool keep_end) {
  if (text.size() <= longest_shown) return text;
  if (keep_end) return QStringLiteral("… ") + text.right(longest_shown);
  return text.left(longest_shown) + QStringLiteral(" …");
}

}  // namespace

PairExample::PairExample(QWidget* parent)
    : QWidget(parent),
      previous_(new QToolButton(this)),
      next_(new QToolButton(this)),
      place_(new QLabel(this)),
      text_(new QTextEdit(this)) {
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->setSpacing(grid / 2);
  auto* row = new QHBoxLayout;
  row->setSpacing(grid / 2);
  previous_->setArrowType(Qt::LeftArrow);
  next_->setArrowType(Qt::RightArrow);
  row->addWidget(previous_);
  row->addWidget(next_);
  place_->setObjectName(QStringLiteral("example-place"));
  place_->setWordWrap(true);
  row->addWidget(place_, 1);
  layout->addLayout(row);
  text_->setObjectName(QStringLiteral("pair-example"));
  text_->setReadOnly(true);
  text_->setTabChangesFocus(true);
  text_->setFixedHeight(24 * grid);
  layout->addWidget(text_);
  connect(previous_, &QToolButton::clicked, this, [this] { step(-1); });
  connect(next_, &QToolButton::clicked, this, [this] { step(1); });
  translate();
}

void PairExample::show(const DataSummary& look) {
  const bool same = look.file == look_.file;
  const bool unchanged = same && look_.survey && look.survey && look.tokens == look_.tokens &&
                         look.first_rows == look_.first_rows && look.options.max_length == look_.options.max_length &&
                         look.options.max_prompt_length == look_.options.max_prompt_length &&
                         look.survey->examples.size() == look_.survey->examples.size();
  look_ = look;
  if (!same) index_ = 0;
  if (!unchanged) render();
}

void PairExample::step(int by) {
  index_ += by;
  render();
}

void PairExample::render() {
  const int count = look_.survey ? int(look_.survey->examples.size()) : 0;
  setVisible(count > 0);
  if (count == 0) return;
  index_ = std::clamp(index_, 0, count - 1);
  previous_->setEnabled(index_ > 0);
  next_->setEnabled(index_ + 1 < count);
  const data::SurveyedPair& pair = look_.survey->examples[std::size_t(index_)];
  data::TokenPair cut = pair.ids;
  if (look_.tokens) data::cut_pair(cut, look_.options);
  QString place = tr("Line %1 of the data").arg(count_text(pair.ids.row + 1));
  if (!look_.tokens && !look_.first_rows)
    place += QStringLiteral(" · ") + tr("scored spans are marked once the model is chosen");
  place_->setText(place);

  text_->clear();
  QTextCursor cursor(text_->document());
  QTextCharFormat heading;
  heading.setFontWeight(QFont::DemiBold);
  const auto add = [&](Part part, const QString& title, const std::vector<text::TokenId>& whole,
                       const std::vector<text::TokenId>& kept, const std::string& plain) {
    if (part != Part::prompt) cursor.insertBlock();
    QString head = title;
    if (look_.tokens) {
      const qint64 missing = qint64(whole.size()) - qint64(kept.size());
      head += QStringLiteral(" — ");
      head += part == Part::prompt ? tr("%n tokens, not scored", nullptr, int(kept.size()))
                                   : tr("%n tokens, scored", nullptr, int(kept.size()));
      if (missing > 0) head += QStringLiteral(" (") + tr("%n cut off", nullptr, int(missing)) + QLatin1Char(')');
    }
    cursor.insertText(head, heading);
    cursor.insertBlock();
    const QString text = QString::fromStdString(look_.tokens ? look_.tokens->decode(kept) : plain);
    cursor.insertText(shortened(text, part == Part::prompt),
                      look_.tokens || part == Part::prompt ? format_of(part, palette()) : QTextCharFormat());
  };
  add(Part::prompt, tr("Prompt"), pair.ids.prompt, cut.prompt, pair.text.prompt);
  const int chosen_at = cursor.position() + 1;
  const auto label = pair.text.label;  // a row of one response has no other
  if (label.value_or(true)) add(Part::chosen, tr("Chosen"), pair.ids.chosen, cut.chosen, pair.text.chosen);
  if (!label.value_or(false)) add(Part::rejected, tr("Rejected"), pair.ids.rejected, cut.rejected, pair.text.rejected);
  // The responses are what differs: the chosen one's beginning is in sight, the prompt's end above it.
  const QTextBlock chosen = text_->document()->findBlock(chosen_at);
  auto* const layout = text_->document()->documentLayout();
  const double top = layout->blockBoundingRect(chosen).top() - prompt_in_sight;
  text_->verticalScrollBar()->setValue(top > 0 ? lineAt(top) : 0);
}

/// The top of the first whole line at or below this height: a line that is cut cannot be read.
int PairExample::lineAt(double height) const {
  auto* const layout = text_->document()->documentLayout();
  for (QTextBlock block = text_->document()->begin(); block.isValid(); block = block.next()) {
    const QRectF around = layout->blockBoundingRect(block);
    if (around.bottom() < height) continue;
    for (int i = 0; i < block.layout()->lineCount(); ++i) {
      const double top = around.top() + block.layout()->lineAt(i).y();
      if (top >= height) return int(top);
    }
  }
  return int(height);
}

void PairExample::changeEvent(QEvent* event) {
  if (event->type() == QEvent::LanguageChange) translate();
  if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange) render();
  QWidget::changeEvent(event);
}

void PairExample::translate() {
  previous_->setAccessibleName(tr("Previous pair"));
  previous_->setToolTip(tr("Previous pair"));
  next_->setAccessibleName(tr("Next pair"));
  next_->setToolTip(tr("Next pair"));
  text_->setAccessibleName(tr("Example pair"));
}

}  // namespace bandscope::app
