// SPDX-License-Identifier: GPL-3.0-or-later
// What `bandscope-engine tokens` says of a pair: its tokens with their log-probabilities before and after training.
#pragma once

#include <QByteArray>
#include <QString>
#include <vector>

namespace bandscope::app {

struct TokenChange {
  QString text;   ///< as it stands in the response
  QString token;  ///< the vocabulary's entry
  qint64 id = 0;
  double before = 0, after = 0;  ///< nats; NaN in the prompt, which is not scored
  double change() const { return after - before; }
};

struct PairTokens {
  qint64 row = 0, step = 0;
  QString before, after;  ///< names of the weights
  std::vector<TokenChange> prompt, chosen, rejected;
  /// The change that gets the full colour: all but one in twenty are within it; never below 0.05 nats, so that noise
  /// does not look like an effect.
  double scale() const;
};

/// Throws RunError when the text is no such answer.
PairTokens parse_pair_tokens(const QByteArray& json);

}  // namespace bandscope::app
