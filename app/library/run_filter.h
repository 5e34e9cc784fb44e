// SPDX-License-Identifier: GPL-3.0-or-later
// The filter field of the run library: words that must occur, and key=value terms on the run's config.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "app/library/run_entry.h"

namespace bandscope::app {

/// "simpo rc objective=dpo calibration.enabled=true": all terms must hold. A word is looked for in name, objective,
/// model, data, state, tags and note, ignoring case. A key is a dotted config key or the last or first part of one
/// ("objective" is objective.name, "learning_rate" is optimizer.learning_rate); a value matches when equal as a number
/// or as text, or when it is a prefix ending in `*`. Besides config keys: state, rc, tag and starred ("tag=baseline
/// starred=true").
class RunFilter {
 public:
  explicit RunFilter(const QString& text = {});
  bool empty() const { return words_.empty() && terms_.empty(); }
  bool accepts(const RunEntry& entry) const;

 private:
  struct Term {
    QString key, value;
  };
  QStringList words_;
  std::vector<Term> terms_;
};

}  // namespace bandscope::app
