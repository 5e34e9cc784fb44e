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
    tokens.push_back({token.value("text").toString(), token.value("token").toString(),
                      token.value("id").toInteger(), token.value("before").toDouble(nan),
                      token.value("after").toDouble(nan)});
  }
  return tokens;
}

}  // namespace

PairTokens parse_pair_tokens(const QByteArray& json) {
  const auto answer = QJsonDocument::fromJson(json).object();
  if (!answer.contains("chosen") || !answer.contains("rejected")) {
    throw RunError("the engine's answer is not understood; engine and window may be of different versions");
  }
  PairTokens pair;
  pair.row = answer.value("row").toInteger();
  pair.step = answer.value("step").toInteger();
  pair.before = answer.value("before").toString();
  pair.after = answer.value("after").toString();
  pair.prompt = tokens_of(answer.value("prompt"));
  pair.chosen = tokens_of(answer.value("chosen"));
  pair.rejected = tokens_of(answer.value("rejected"));
  return pair;
}

double PairTokens::scale() const {
  std::vector<double> sizes;
  for (const auto* tokens : {&chosen, &rejected}) {
    for (const auto& token : *tokens) {
      if (std::isfinite(token.change())) sizes.push_back(std::abs(token.change()));
    }
  }
  if (sizes.empty()) return 0.05;
  const auto rank = std::ptrdiff_t(std::ceil(0.95 * double(sizes.size() - 1)));
  std::nth_element(sizes.begin(), sizes.begin() + rank, sizes.end());
  return std::max(0.05, sizes[std::size_t(rank)]);
}

}  // namespace bandscope::app
