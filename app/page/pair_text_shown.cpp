// SPDX-License-Identifier: GPL-3.0-or-later
// What is shown of a pair: its tokens, or its texts, and what is said over them.
#include <QFileInfo>
#include <QLabel>
#include <QPushButton>
#include <QTextEdit>
#include <algorithm>

#include "app/base/number_text.h"
#include "app/engine/checkpoints.h"
#include "app/page/pair_text_view.h"
#include "app/page/token_legend.h"
#include "app/page/token_text.h"

namespace bandscope::app {

QString PairTextView::why_missing(const QString& record) const {
  const bool text = texts_lines_ == lines_;
  const QString no_text = !text && no_texts_lines_ == lines_ ? u' ' + tr("No text: %1").arg(no_texts_) : QString();
  if (there_.contains(record)) {
    if (text) return tr("Tokens are coloured on the machine of the weights only; here is the text.");
    if (no_text.isEmpty()) return tr("Tokens are coloured on the machine of the weights only; the text is on its way.");
    return tr("Tokens are coloured on the machine of the weights only.") + no_text;
  }
  if (newest_checkpoint(QFileInfo(record).absolutePath()).isEmpty()) {
    return tr("The run has no checkpoint to take its weights from: it writes one at its end, and when it is asked "
              "to.") +
           no_text;
  }
  if (process_)
    return lines_.two() ? tr("Computing the log-probabilities of lines %1 and %2 before and after training…")
                              .arg(count_text(lines_.chosen + 1), count_text(lines_.rejected + 1))
                        : tr("Computing the log-probabilities of line %1 before and after training…")
                              .arg(count_text(lines_.chosen + 1));
  return problem_;
}

QString PairTextView::place() const {
  return lines_.two() ? tr("Lines %1 and %2").arg(count_text(lines_.chosen + 1), count_text(lines_.rejected + 1))
                      : tr("Line %1").arg(count_text(lines_.chosen + 1));
}

bool PairTextView::write() {
  const QStringList records = shown();
  std::vector<const PairTokens*> known;
  for (const auto& record : records) {
    if (const auto* pair = cache_.object(key(record))) known.push_back(pair);
  }
  const TokenScale scale = token_scale(known);
  for (qsizetype i = 0; i < qsizetype(panes_.size()); ++i) {
    QTextEdit& text = *panes_[std::size_t(i)].text;
    const auto* pair = i < records.size() ? cache_.object(key(records[i])) : nullptr;
    if (pair) {
      write_tokens(text, *pair, scale);
    } else if (i == 0 && known.empty() && texts_lines_ == lines_) {
      write_texts(text, texts_);
    } else {
      text.clear();
      // Beside the other run's text there is room for the reason; alone it stands in the line above.
      text.setPlaceholderText(i < records.size() && !known.empty() ? why_missing(records[i]) : QString());
    }
  }
  legend_->setVisible(!known.empty());
  legend_->setScale(scale);
  if (known.empty()) {
    say(why_missing(record_));
    return false;
  }
  const auto& first = *known.front();
  const auto same = [&](const PairTokens* pair) { return pair->before == first.before && pair->after == first.after; };
  if (std::all_of(known.begin(), known.end(), same)) {
    say(tr("%1: change of each token's log-probability from %2 to %3.").arg(place(), first.before, first.after));
  } else {
    QStringList weights;
    for (const auto* pair : known) weights << pair->before + QStringLiteral(" → ") + pair->after;
    say(tr("%1: change of each token's log-probability, %2.").arg(place(), weights.join(QStringLiteral("; "))));
  }
  const bool all = known.size() == std::size_t(records.size());
  if (all) stop_->hide();  // another run may be under way still, of which nothing is to be seen
  return all;
}

}  // namespace bandscope::app
