// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of pairs, from the data that a run was trained on: how each begins, for the table, and which of them hold
// what is looked for. The file is read from front to back on worker threads, when something is asked for; what is kept
// of it is bounded. Of data on a server the asked for rows are fetched, a few at a time.
#pragma once

#include <QHash>
#include <QObject>
#include <QSet>
#include <QString>
#include <QThreadPool>
#include <QTimer>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "app/library/pair_data.h"

namespace bandscope::data {
struct PairText;
}

namespace bandscope::app {

/// The lines of a pair's responses, from 0: one line, or two where rows are of one response.
struct PairLines {
  qint64 chosen = -1, rejected = -1;
  bool two() const { return chosen != rejected; }
  bool operator==(const PairLines&) const = default;
};

/// Whole texts of one pair, or of a row of one response: then the other one's are empty.
struct PairTextParts {
  QString prompt, chosen, rejected;
  QString rejected_prompt = {};  ///< where the rejected response answers another; else empty
};
/// Of a pair, from the texts of its lines.
PairTextParts texts_of(const QHash<qint64, PairTextParts>& texts, PairLines lines);

class PairTexts : public QObject {
  Q_OBJECT

 public:
  using Data = PairData;
  struct Preview {
    QString prompt, chosen;  ///< where they begin, on one line
  };
  using Lines = std::shared_ptr<const std::vector<std::int64_t>>;

  /// Previews of single lines that are kept.
  static constexpr qsizetype most_apart = 4096;
  /// Characters of each text that a preview has.
  static constexpr int preview_length = 96;
  /// Bytes of previews that are kept of a file; those of later lines are read when they are asked for.
  static constexpr std::size_t most_bytes = std::size_t{96} << 20;

  explicit PairTexts(QObject* parent = nullptr, std::size_t kept_bytes = most_bytes);
  ~PairTexts() override;

  /// Who fetches rows of data on servers; without one they have no texts.
  void setElsewhere(ElsewhereFiles* files) { files_ = files; }
  /// Other data than before are forgotten. Nothing is read yet.
  void setData(const Data& data);
  const Data& data() const { return data_; }

  /// How the texts of this line (from 0) begin; nullopt: not known yet, it is looked for now, or never (problem()).
  std::optional<Preview> preview(std::int64_t line) const;
  /// Why there are no texts; empty where there are, or nobody asked yet.
  QString problem() const { return problem_; }
  bool reading() const { return reading_; }
  /// Looks again where there was a problem: the data may be back.
  void retry();
  /// Bytes of previews that are kept.
  std::size_t kept() const { return kept_; }

  /// Looks for the text in prompts and responses, whatever the case; found() says where it is. An earlier search is
  /// dropped. An empty text only does that.
  void search(const QString& text);
  /// Whole texts of these lines, on the caller's thread. Throws DataError where the data are gone, others than the
  /// run's, or the texts are larger than `most` bytes; what is there so far when it is stopped.
  static QHash<qint64, PairTextParts> whole(const Data& data, QSet<qint64> lines, std::size_t most,
                                            const std::stop_token& stop);
  bool searching() const { return searching_; }

  /// Reads the whole texts of a pair; wholeRead() hands them over, or wholeFailed() says why not, unless another pair
  /// is wished for meanwhile. What failed is read again by retry().
  void readWhole(bandscope::app::PairLines lines);

 Q_SIGNALS:
  /// More previews are known, or why there are none.
  void changed();
  /// Lines that hold the text, ascending; null, and why, where the data cannot be read.
  void found(const QString& text, const PairTexts::Lines& lines, const QString& problem);
  void wholeRead(bandscope::app::PairLines lines, const bandscope::app::PairTextParts& texts);
  /// `why` is a sentence.
  void wholeFailed(bandscope::app::PairLines lines, const QString& why);

 private:
  /// Previews of lines that follow one another in the file, packed.
  struct Block {
    std::vector<std::int64_t> lines;
    std::vector<std::uint32_t> prompt_ends, chosen_ends;  ///< in `bytes`
    std::string bytes;
    std::optional<Preview> find(std::int64_t line) const;
    void add(std::int64_t line, const Preview& preview);
  };
  static Preview preview_of(const data::PairText& pair);
  static PairTextParts parts_of(const data::PairText& pair);
  static QHash<qint64, PairTextParts> collect(CheckedData& checked, const Data& data, QSet<qint64> lines,
                                              std::size_t most, const std::stop_token& stop);
  void readOn();
  void readThere();
  void readWholeThere(PairLines lines);
  void endWhole(PairLines lines, const QHash<qint64, PairTextParts>& texts, const QString& problem);
  void take(const std::shared_ptr<const Block>& block, bool wanted_only);
  void ended(const QString& problem);

  const std::size_t kept_bytes_;
  ElsewhereFiles* files_ = nullptr;
  Data data_;
  QString problem_;
  std::vector<std::shared_ptr<const Block>> blocks_;  ///< by ascending lines
  QHash<qint64, Preview> apart_;                      ///< asked for beyond what is kept
  mutable QSet<qint64> wanted_;
  mutable QTimer soon_;  ///< joins the cells of one painting
  std::size_t kept_ = 0;
  bool reading_ = false, searching_ = false;
  bool read_once_ = false;  ///< the blocks are all there will be
  PairLines whole_wanted_;  ///< the pair whose whole texts were wished for last
  bool whole_reading_ = false, whole_failed_ = false;
  quint64 turn_ = 0, search_turn_ = 0, whole_turn_ = 0;
  std::stop_source stop_, search_stop_, whole_stop_;
  std::shared_ptr<CheckedData> checked_;  ///< shared with the workers
  QThreadPool pool_;
};

}  // namespace bandscope::app
