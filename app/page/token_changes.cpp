// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/token_changes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/error.h"

namespace bandscope::app {
namespace {

std::vector<TokenChange> tokens_of(const QJsonValue& list) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<TokenChange> tokens;
  for (const auto& entry : list.toArray()) {
    const auto token = entry.toObject();
    tokens.push_back({token.value("text").toString(), token.value("token").toString(), token.value("id").toInteger(),
                      token.value("before").toDouble(nan), token.value("after").toDouble(nan)});
  }
  return tokens;
}

}  // namespace

PairTokens parse_pair_tokens(const QByteArray& json) {
  const auto answer = QJsonDocument::fromJson(json).object();
  if (!answer.contains("chosen") || !answer.contains("rejected")) {
    throw RunError(
        Message::tr("the engine's answer is not understood; engine and window may be of different versions"));
  }
  PairTokens pair;
  pair.row = answer.value("row").toInteger();
  pair.row_l = answer.value("row_l").toInteger(pair.row);
  pair.rejected_prompt = tokens_of(answer.value("rejected_prompt"));
  pair.step = answer.value("step").toInteger();
  pair.before = answer.value("before").toString();
  pair.after = answer.value("after").toString();
  pair.prompt = tokens_of(answer.value("prompt"));
  pair.chosen = tokens_of(answer.value("chosen"));
  pair.rejected = tokens_of(answer.value("rejected"));
  return pair;
}

std::vector<TokenPiece> pieces_of(const std::vector<TokenChange>& tokens) {
  std::vector<TokenPiece> pieces;
  bool open = false;  // the last piece waits for the rest of its letter
  for (const TokenChange& token : tokens) {
    if (!open) pieces.emplace_back();
    TokenPiece& piece = pieces.back();
    const QString name = QStringLiteral("%1 (id %2)").arg(token.token).arg(token.id);
    piece.name += open ? QStringLiteral(" + ") + name : name;
    piece.before += token.before;
    piece.after += token.after;
    piece.text = token.text.isEmpty() ? token.token : token.text;
    open = token.text.isEmpty();
  }
  return pieces;
}

TokenScale token_scale(const std::vector<const PairTokens*>& runs) {
  std::vector<double> sizes, all;
  for (const PairTokens* run : runs) {
    for (const auto* tokens : {&run->chosen, &run->rejected}) {
      const auto pieces = pieces_of(*tokens);
      for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (!std::isfinite(pieces[i].change())) continue;
        all.push_back(pieces[i].change());
        if (pieces.size() == 1 || i + 1 < pieces.size()) sizes.push_back(std::abs(pieces[i].change()));
      }
    }
  }
  TokenScale scale;
  if (sizes.empty()) return scale;
  // Rounded down: of some pieces the greatest one does not set the scale for the others; of two or three none is odd.
  const std::size_t count = sizes.size();
  const auto rank = std::ptrdiff_t(count < 4 ? count - 1 : std::size_t(0.95 * double(count - 1)));
  std::nth_element(sizes.begin(), sizes.begin() + rank, sizes.end());
  scale.full = std::max(TokenScale::least, sizes[std::size_t(rank)]);
  for (const double change : all) {
    if (scale.holds(change)) continue;
    ++scale.beyond;
    if (std::abs(change) > std::abs(scale.furthest)) scale.furthest = change;
  }
  return scale;
}

}  // namespace bandscope::app
