// SPDX-License-Identifier: GPL-3.0-or-later
// Whole texts of a few pairs: of the one that is read, and of those that are saved.
#include "app/base/number_text.h"
#include "app/language/translated.h"
#include "app/page/pair_texts.h"
#include "core/error.h"

namespace bandscope::app {

PairTextParts texts_of(const QHash<qint64, PairTextParts>& texts, PairLines lines) {
  PairTextParts pair = texts.value(lines.chosen);
  if (!lines.two()) return pair;
  const PairTextParts other = texts.value(lines.rejected);
  return {pair.prompt, pair.chosen, other.rejected, other.rejected_prompt};
}

QHash<qint64, PairTextParts> PairTexts::whole(const Data& data, QSet<qint64> lines, std::size_t most,
                                              const std::stop_token& stop) {
  CheckedData checked;
  return collect(checked, data, std::move(lines), most, stop);
}

/// Of data on a server one pair is asked for at a time: whoever steps over many must not keep it busy with those that
/// nobody reads any more.
void PairTexts::readWhole(PairLines lines) {
  const bool under_way = whole_reading_ && (data_.there || lines == whole_wanted_);
  whole_wanted_ = lines;
  if (under_way) return;
  whole_stop_.request_stop();
  whole_stop_ = {};
  whole_reading_ = true;
  whole_failed_ = false;
  if (data_.there) return readWholeThere(lines);
  pool_.start([this, mine = ++whole_turn_, data = data_, stop = whole_stop_.get_token(), checked = checked_, lines] {
    QHash<qint64, PairTextParts> texts;
    QString problem;
    try {
      texts = collect(*checked, data, {lines.chosen, lines.rejected}, most_bytes, stop);
    } catch (const std::exception& error) {
      problem = translated_sentence(error);
    }
    QMetaObject::invokeMethod(this, [this, mine, lines, texts, problem] {
      if (mine == whole_turn_) endWhole(lines, texts, problem);
    });
  });
}

void PairTexts::endWhole(PairLines lines, const QHash<qint64, PairTextParts>& texts, const QString& problem) {
  whole_reading_ = false;
  if (lines != whole_wanted_) return readWhole(whole_wanted_);
  QString why = problem;
  for (const qint64 line : {lines.chosen, lines.rejected}) {
    if (!why.isEmpty() || texts.contains(line)) continue;
    const QString number = count_text(line + 1);
    why = data_.there ? tr("Line %1 of the data is not there, is no pair, or is too long to be sent.").arg(number)
                      : tr("Line %1 of the data is not there, or is no pair.").arg(number);
  }
  whole_failed_ = !why.isEmpty();
  if (whole_failed_) {
    Q_EMIT wholeFailed(lines, why);
  } else {
    Q_EMIT wholeRead(lines, texts_of(texts, lines));
  }
}

}  // namespace bandscope::app
