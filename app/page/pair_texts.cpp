// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/pair_texts.h"

#include <QElapsedTimer>
#include <algorithm>
#include <utility>

#include "app/language/translated.h"
#include "core/error.h"
#include "training/data/pair_text.h"
#include "training/data/rows.h"

namespace bandscope::app {
namespace {

/// Cells asked for within one painting come in one go.
constexpr int asked_together_ms = 30;
/// Between two blocks that are handed over while the file is read.
constexpr qint64 block_ms = 250;

/// Where a text begins, on one line.
QString beginning(const std::string& text) {
  constexpr int room = PairTexts::preview_length;
  // Four bytes are the longest character; runs of white space are one blank, hence some more.
  const QString start = QString::fromUtf8(text.data(), qsizetype(std::min<std::size_t>(text.size(), 8 * room)));
  const QString line = start.simplified();
  if (line.size() <= room) return line;
  const int cut = line[room - 1].isHighSurrogate() ? room - 1 : room;
  return line.left(cut) + QStringLiteral("…");
}

/// Every usable pair of the data in the file's order, until it is stopped.
template <class Handler>
void each_text(const PairTexts::Data& data, const std::stop_token& stop, Handler handler) {
  data::PairTextReader reader(true);
  data::load_rows(data.source(), [&](const data::DataRow& row) {
    if (stop.stop_requested()) throw ReadStopped{};
    if (row.value == nullptr) return true;
    try {
      data::PairForm form{};
      return handler(row.index, reader.read(*row.value, form));
    } catch (const data::RowProblem&) {
      return true;  // no run was trained on it
    }
  });
}

}  // namespace

std::optional<PairTexts::Preview> PairTexts::Block::find(std::int64_t line) const {
  const auto at = std::lower_bound(lines.begin(), lines.end(), line);
  if (at == lines.end() || *at != line) return std::nullopt;
  const auto i = std::size_t(at - lines.begin());
  const std::size_t begin = i == 0 ? 0 : chosen_ends[i - 1];
  const auto text = [&](std::size_t from, std::size_t to) {
    return QString::fromUtf8(bytes.data() + from, qsizetype(to - from));
  };
  return Preview{text(begin, prompt_ends[i]), text(prompt_ends[i], chosen_ends[i])};
}

void PairTexts::Block::add(std::int64_t line, const Preview& preview) {
  lines.push_back(line);
  bytes += preview.prompt.toStdString();
  prompt_ends.push_back(std::uint32_t(bytes.size()));
  bytes += preview.chosen.toStdString();
  chosen_ends.push_back(std::uint32_t(bytes.size()));
}

PairTexts::PairTexts(QObject* parent, std::size_t kept_bytes)
    : QObject(parent), kept_bytes_(kept_bytes), checked_(std::make_shared<CheckedData>()) {
  pool_.setMaxThreadCount(3);  // one reads previews, one searches, one reads what is shown whole
  soon_.setSingleShot(true);
  soon_.setInterval(asked_together_ms);
  connect(&soon_, &QTimer::timeout, this, &PairTexts::readOn);
}

PairTexts::~PairTexts() {
  stop_.request_stop();
  search_stop_.request_stop();
  whole_stop_.request_stop();
  pool_.clear();
  pool_.waitForDone();
}

void PairTexts::setData(const Data& data) {
  if (data == data_) return;
  stop_.request_stop();
  ++turn_;
  whole_stop_.request_stop();
  ++whole_turn_;
  whole_reading_ = whole_failed_ = false;
  search({});
  data_ = data;
  problem_.clear();
  blocks_.clear();
  apart_.clear();
  wanted_.clear();
  kept_ = 0;
  reading_ = read_once_ = false;
  Q_EMIT changed();
}

std::optional<PairTexts::Preview> PairTexts::preview(std::int64_t line) const {
  auto block = std::upper_bound(blocks_.begin(), blocks_.end(), line,
                                [](std::int64_t wanted, const auto& one) { return wanted < one->lines.front(); });
  if (block != blocks_.begin()) {
    if (auto known = (*--block)->find(line)) return known;
  }
  if (const auto at = apart_.find(line); at != apart_.end()) return *at;
  if (problem_.isEmpty()) {
    wanted_.insert(line);
    if (!reading_ && !soon_.isActive()) soon_.start();
  }
  return std::nullopt;
}

void PairTexts::retry() {
  if (whole_failed_) readWhole(whole_wanted_);
  if (problem_.isEmpty()) return;
  problem_.clear();
  Q_EMIT changed();
}

PairTexts::Preview PairTexts::preview_of(const data::PairText& pair) {
  return {beginning(pair.prompt), beginning(pair.chosen)};
}

PairTextParts PairTexts::parts_of(const data::PairText& pair) {
  return {QString::fromStdString(pair.prompt), QString::fromStdString(pair.chosen),
          QString::fromStdString(pair.rejected), QString::fromStdString(pair.rejected_prompt)};
}

void PairTexts::readOn() {
  if (reading_ || wanted_.isEmpty() || !problem_.isEmpty()) return;
  reading_ = true;
  if (data_.there) return readThere();
  stop_ = {};
  const bool keep = !std::exchange(read_once_, true);
  auto wanted = wanted_;
  pool_.start([this, mine = ++turn_, data = data_, stop = stop_.get_token(), checked = checked_, keep,
               most = kept_bytes_, wanted = std::move(wanted)]() mutable {
    const auto post = [this, mine](auto act) {
      QMetaObject::invokeMethod(this, [this, mine, act] {
        if (mine == turn_) act();
      });
    };
    QString problem;
    try {
      checked->check(data, stop);
      auto block = std::make_shared<Block>(), apart = std::make_shared<Block>();
      std::size_t kept = 0;
      QElapsedTimer since;
      since.start();
      const auto hand_over = [&] {
        if (!block->lines.empty()) post([this, block] { take(block, false); });
        if (!apart->lines.empty()) post([this, apart] { take(apart, true); });
        block = std::make_shared<Block>();
        apart = std::make_shared<Block>();
        since.restart();
      };
      each_text(data, stop, [&](std::int64_t line, const data::PairText& text) {
        const bool all = keep && kept < most;
        const bool asked = wanted.remove(line);
        if (!all && !asked) return all || !wanted.isEmpty();
        const std::size_t before = block->bytes.size();
        (all ? block : apart)->add(line, preview_of(text));
        if (all) kept += block->bytes.size() - before + sizeof(std::int64_t) + 2 * sizeof(std::uint32_t);
        if (since.elapsed() > block_ms) hand_over();
        return true;
      });
      hand_over();
    } catch (const ReadStopped&) {
      return;
    } catch (const std::exception& error) {
      problem = translated_sentence(error);
    }
    // What was asked for and is not in the data is there without a text: it is not looked for again.
    post([this, problem, wanted] {
      for (const qint64 line : wanted) {
        if (problem.isEmpty() && apart_.size() < most_apart) apart_.insert(line, {});
      }
      ended(problem);
    });
  });
}

void PairTexts::take(const std::shared_ptr<const Block>& block, bool wanted_only) {
  if (wanted_only) {
    if (apart_.size() > most_apart) apart_.clear();
    for (const auto line : block->lines) {
      apart_.insert(line, *block->find(line));
      wanted_.remove(line);
    }
  } else {
    kept_ += block->bytes.size() + block->lines.size() * (sizeof(std::int64_t) + 2 * sizeof(std::uint32_t));
    wanted_.removeIf([&](qint64 line) { return line >= block->lines.front() && line <= block->lines.back(); });
    blocks_.push_back(block);
  }
  Q_EMIT changed();
}

void PairTexts::ended(const QString& problem) {
  reading_ = false;
  problem_ = problem;
  if (!problem.isEmpty()) {
    read_once_ = false;
    wanted_.clear();
  }
  // Lines that came into sight while others were read.
  wanted_.removeIf([this](qint64 line) { return apart_.contains(line); });
  if (!wanted_.isEmpty()) soon_.start();
  Q_EMIT changed();
}

QHash<qint64, PairTextParts> PairTexts::collect(CheckedData& checked, const Data& data, QSet<qint64> lines,
                                                std::size_t most, const std::stop_token& stop) {
  QHash<qint64, PairTextParts> texts;
  std::size_t bytes = 0;
  try {
    checked.check(data, stop);
    each_text(data, stop, [&](std::int64_t line, const data::PairText& pair) {
      if (!lines.remove(line)) return !lines.isEmpty();
      bytes += pair.prompt.size() + pair.chosen.size() + pair.rejected.size() + pair.rejected_prompt.size();
      if (bytes > most) {
        throw DataError(plain_message(
            tr("The texts of the shown pairs are larger than %1 MiB: show fewer of them, or save them without "
               "texts.")
                .arg(most >> 20)));
      }
      texts.insert(line, parts_of(pair));
      return !lines.isEmpty();
    });
  } catch (const ReadStopped&) {
  }
  return texts;
}

void PairTexts::search(const QString& text) {
  search_stop_.request_stop();
  ++search_turn_;
  searching_ = !text.isEmpty();
  if (text.isEmpty()) return;
  search_stop_ = {};
  pool_.start([this, mine = search_turn_, data = data_, stop = search_stop_.get_token(), checked = checked_, text] {
    auto lines = std::make_shared<std::vector<std::int64_t>>();
    QString problem;
    try {
      checked->check(data, stop);
      const auto holds = [&](const std::string& part) {
        return QString::fromStdString(part).simplified().contains(text, Qt::CaseInsensitive);
      };
      each_text(data, stop, [&](std::int64_t line, const data::PairText& pair) {
        if (holds(pair.prompt) || holds(pair.chosen) || holds(pair.rejected)) lines->push_back(line);
        return true;
      });
    } catch (const ReadStopped&) {
      return;
    } catch (const std::exception& error) {
      problem = translated_sentence(error);
      lines.reset();
    }
    QMetaObject::invokeMethod(this, [this, mine, text, lines, problem] {
      if (mine != search_turn_) return;
      searching_ = false;
      Q_EMIT found(text, lines, problem);
    });
  });
}

}  // namespace bandscope::app
