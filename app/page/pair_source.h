// SPDX-License-Identifier: GPL-3.0-or-later
// The pairs of some steps of a record, or those that two records have in common. It is used by one thread at a time.
#pragma once

#include <QString>
#include <QStringList>
#include <cstdint>
#include <memory>
#include <optional>

#include "app/page/pair_texts.h"
#include "app/page/pair_values.h"

namespace bandscope::app {

class PairSource {
 public:
  /// More rows than these are not read: of many steps the last ones.
  static constexpr std::size_t most_rows = 1'000'000;

  struct Answer {
    PairRowsPtr rows = std::make_shared<const PairRows>();
    std::int64_t first_step = 0, last_step = 0;  ///< as read, of the first record
    std::size_t of_one = 0;                      ///< pairs that only one of two runs has at these steps
    PairTexts::Data data;                        ///< what the first run was trained on
  };

  /// One record, or two.
  explicit PairSource(QStringList records);
  ~PairSource();

  const QStringList& records() const { return records_; }

  /// The pairs of the last step that is not after `step` and of the span − 1 steps before it; nullopt: of the last one
  /// that every record has. Of two records the pairs that both have, each as it was when it last was trained on. Throws
  /// DataError; the records are opened anew the next time then.
  Answer read(std::optional<std::int64_t> step, std::int64_t span);

 private:
  struct Opened;
  Opened open(const QString& record) const;

  QStringList records_;
  std::vector<Opened> opened_;
};

}  // namespace bandscope::app
