// SPDX-License-Identifier: GPL-3.0-or-later
// Texts of pairs whose data are on a server: the rows that are in sight are fetched, in requests of a few rows.
#include <algorithm>

#include "app/language/translated.h"
#include "app/page/pair_texts.h"
#include "core/error.h"
#include "training/data/pair_text.h"
#include "training/data/rows.h"

namespace bandscope::app {
namespace {

/// The pair of a row that was fetched; nothing where it is none.
std::optional<data::PairText> text_of_row(const std::optional<std::string>& row, data::PairTextReader& reader) {
  std::optional<data::PairText> text;
  if (!row) return text;
  try {
    data::load_rows_from_text(*row, "row", [&](const data::DataRow& one) {
      data::PairForm form{};
      if (one.value != nullptr) text = reader.read(*one.value, form);
      return false;
    });
  } catch (const data::RowProblem&) {
    // No run was trained on it.
  } catch (const Error&) {
    // What a server says may be anything.
  }
  return text;
}

}  // namespace

void PairTexts::readThere() {
  if (!files_) return ended(tr("The data are on a server."));
  std::vector<qint64> rows(wanted_.begin(), wanted_.end());
  if (rows.size() > ElsewhereFiles::most_rows) rows.resize(ElsewhereFiles::most_rows);
  std::ranges::sort(rows);
  // The others are wished for again where they still are in sight when these have come.
  wanted_.clear();
  files_->dataRows(data_.there, rows, this,
                   [this, mine = ++turn_, rows](const ElsewhereFiles::DataRows& texts, const Message& problem) {
                     if (mine != turn_) return;
                     if (!problem.empty()) return ended(translated_sentence(problem));
                     if (apart_.size() > most_apart) apart_.clear();
                     data::PairTextReader reader(true);
                     for (std::size_t i = 0; i < rows.size(); ++i) {
                       const auto text = text_of_row(texts[i], reader);
                       apart_.insert(rows[i], text ? preview_of(*text) : Preview{});
                     }
                     ended({});
                   });
}

void PairTexts::readWholeThere(PairLines lines) {
  const quint64 mine = ++whole_turn_;
  if (!files_) return endWhole(lines, {}, tr("The data are on a server."));
  std::vector<qint64> rows{std::min(lines.chosen, lines.rejected)};
  if (lines.two()) rows.push_back(std::max(lines.chosen, lines.rejected));
  files_->dataRows(data_.there, rows, this,
                   [this, mine, lines, rows](const ElsewhereFiles::DataRows& texts, const Message& problem) {
                     if (mine != whole_turn_) return;
                     if (!problem.empty()) return endWhole(lines, {}, translated_sentence(problem));
                     data::PairTextReader reader(true);
                     QHash<qint64, PairTextParts> parts;
                     for (std::size_t i = 0; i < rows.size(); ++i) {
                       if (const auto text = text_of_row(texts[i], reader)) parts.insert(rows[i], parts_of(*text));
                     }
                     endWhole(lines, parts, {});
                   });
}

}  // namespace bandscope::app
