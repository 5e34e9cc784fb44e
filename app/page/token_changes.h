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
  qint64 row = 0, row_l = 0, step = 0;  ///< row_l: of the rejected response
  QString before, after;                ///< names of the weights
  std::vector<TokenChange> prompt, chosen, rejected;
  std::vector<TokenChange> rejected_prompt;  ///< where the rejected response answers another; else empty
};

/// Tokens that are one piece of text: a letter may be made of several, which cannot be coloured apart.
struct TokenPiece {
  QString text;  ///< as it stands in the response
  QString name;  ///< "token (id 12)", of several joined with +
  double before = 0, after = 0;
  double change() const { return after - before; }
};
std::vector<TokenPiece> pieces_of(const std::vector<TokenChange>& tokens);

/// What the colours of changes stand for, the same for all the runs that are shown together.
struct TokenScale {
  /// The change that gets the full colour, nats: 95 % of the pieces change less. The last piece of a response, which as
  /// a rule is the end token and often changes most, does not count. Never below `least`, so that noise does not look
  /// like an effect.
  double full = least;
  int beyond = 0;       ///< pieces that change more than `full`
  double furthest = 0;  ///< the greatest of their changes, with its sign
  static constexpr double least = 0.05;

  bool holds(double change) const { return !(change > full || change < -full); }
};
TokenScale token_scale(const std::vector<const PairTokens*>& runs);

/// Throws RunError when the text is no such answer.
PairTokens parse_pair_tokens(const QByteArray& json);

}  // namespace bandscope::app
