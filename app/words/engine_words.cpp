// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/words/engine_words.h"

#include <QCache>
#include <QCoreApplication>
#include <QMutex>
#include <QRegularExpression>
#include <algorithm>
#include <cstring>
#include <vector>

#include "app/words/sentences.h"

namespace bandscope::app {
namespace {

constexpr const char* context = "Engine";
constexpr qsizetype longest = 4000;  ///< characters of a text that is looked at; a sentence is far shorter
constexpr int deepest = 6;           ///< sentences within sentences
constexpr int most_places = 6;       ///< that a sentence may have before it

struct EngineWords {
  Q_DECLARE_TR_FUNCTIONS(EngineWords)
};

struct Pattern {
  const Sentence* sentence = nullptr;
  QRegularExpression form;
  QString rarest;               ///< longest piece between two values: looked for before the whole form is
  qsizetype written = 0;        ///< characters that are not values
  bool says_something = false;  ///< it has words of its own, not only values
  std::vector<int> values;      ///< numbers of the captures, in the order of the text
};

Pattern pattern_of(const Sentence& sentence) {
  static const QRegularExpression place(QStringLiteral("%([1-9])"));
  Pattern pattern;
  pattern.sentence = &sentence;
  const QString text = QString::fromUtf8(sentence.text);
  QString form = QStringLiteral("\\A");
  qsizetype from = 0;
  const auto piece = [&](const QString& words) {
    form += QRegularExpression::escape(words);
    pattern.written += words.size();
    if (words.size() > pattern.rarest.size()) pattern.rarest = words;
    pattern.says_something |= std::any_of(words.begin(), words.end(), [](QChar c) { return c.isLetter(); });
  };
  for (auto at = place.globalMatch(text); at.hasNext();) {
    const auto match = at.next();
    piece(text.mid(from, match.capturedStart() - from));
    // What a sentence begins with is a name or a number: a text with "FILE: " before the sentence is taken apart first.
    form += match.capturedStart() == 0 ? QStringLiteral("((?:(?!: ).)+?)") : QStringLiteral("(.*?)");
    pattern.values.push_back(match.captured(1).toInt());
    from = match.capturedEnd();
  }
  piece(text.mid(from));
  pattern.form.setPattern(form + QStringLiteral("\\z"));
  pattern.form.setPatternOptions(QRegularExpression::DotMatchesEverythingOption);
  return pattern;
}

/// Those with most words of their own first.
const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all = [] {
    std::vector<Pattern> made;
    for (const auto& table : {run_sentences(), spec_sentences(), data_sentences(), model_sentences(), text_sentences(),
                              record_sentences(), figure_sentences()}) {
      for (const auto& sentence : table) made.push_back(pattern_of(sentence));
    }
    std::stable_sort(made.begin(), made.end(),
                     [](const Pattern& a, const Pattern& b) { return a.written > b.written; });
    return made;
  }();
  return all;
}

std::optional<QString> known(const QString& text, int depth);

std::optional<QString> by_pattern(const Pattern& pattern, const QString& text, int depth) {
  if (!text.contains(pattern.rarest)) return std::nullopt;
  const auto match = pattern.form.match(text);
  if (!match.hasMatch()) return std::nullopt;
  QStringList values(9);
  bool inner_known = false;
  for (std::size_t i = 0; i < pattern.values.size(); ++i) {
    QString value = match.captured(int(i) + 1);
    if (std::strchr(pattern.sentence->values, '0' + pattern.values[i]) != nullptr) {
      const auto words = known(value, depth + 1);
      inner_known |= words.has_value();
      if (words) value = *words;
    }
    values[pattern.values[i] - 1] = value;
  }
  if (!pattern.says_something && !inner_known && *pattern.sentence->values != '\0') return std::nullopt;
  const QString form = QCoreApplication::translate(context, pattern.sentence->text);
  QString made;
  for (qsizetype i = 0; i < form.size(); ++i) {
    const int number = form[i] == QLatin1Char('%') && i + 1 < form.size() ? form[i + 1].digitValue() : -1;
    if (number >= 1) {
      made += values[number - 1];
      ++i;
    } else {
      made += form[i];
    }
  }
  return made;
}

std::optional<QString> by_patterns(const QString& text, int depth) {
  if (text.isEmpty()) return std::nullopt;
  for (const auto& pattern : patterns()) {
    if (auto words = by_pattern(pattern, text, depth)) return words;
  }
  return std::nullopt;
}

std::optional<QString> known(const QString& text, int depth) {
  if (text.size() > longest || depth > deepest) return std::nullopt;
  if (auto words = by_patterns(text, depth)) return words;
  // A missing key is explained by its line of help.
  if (depth > 0) {
    const QString help = QCoreApplication::translate("SpecHelp", text.toUtf8().constData());
    if (help != text) return help;
  }
  // "FILE: sentence": most messages begin with the place that they are about.
  const QLatin1String mark(": ");
  int tried = 0;
  for (auto at = text.indexOf(mark); at > 0 && tried < most_places; at = text.indexOf(mark, at + 2), ++tried) {
    if (const auto rest = by_patterns(text.mid(at + 2), depth + 1)) {
      return EngineWords::tr("%1: %2", "a place, and what is wrong there").arg(text.left(at), *rest);
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<QString> known_engine_words(const QString& text) { return known(text, 0); }

QString engine_words(const QString& text) {
  // A list of runs asks for the same few texts at every repaint.
  struct Said {
    QMutex mutex;
    QString language;
    QCache<QString, QString> words{500};
  };
  static Said said;
  const QString language = QCoreApplication::translate(context, "paused");
  const QMutexLocker lock(&said.mutex);
  if (language != said.language) {
    said.words.clear();
    said.language = language;
  }
  if (const QString* words = said.words.object(text)) return *words;
  const QString words = known(text, 0).value_or(text);
  said.words.insert(text, new QString(words));
  return words;
}

QString engine_words(const std::exception& error) { return engine_words(QString::fromUtf8(error.what())); }

QString event_kind_word(const QString& kind) {
  if (kind == QLatin1String("alert")) return EngineWords::tr("alert");
  if (kind == QLatin1String("checkpoint")) return EngineWords::tr("checkpoint");
  if (kind == QLatin1String("learning-rate")) return EngineWords::tr("learning rate");
  if (kind == QLatin1String("momentum")) return EngineWords::tr("momentum");
  if (kind == QLatin1String("non-finite")) return EngineWords::tr("not finite");
  if (kind == QLatin1String("note")) return EngineWords::tr("note");
  if (kind == QLatin1String("pause")) return EngineWords::tr("pause");
  if (kind == QLatin1String("rc")) return EngineWords::tr("reward calibration");
  if (kind == QLatin1String("resume")) return EngineWords::tr("resume");
  if (kind == QLatin1String("stop")) return EngineWords::tr("stop");
  return kind;
}

QString engine_sentence(const QString& text) {
  const QString words = engine_words(text);
  return words.endsWith(QLatin1Char('.')) || words.endsWith(QChar(0x3002)) ? words : EngineWords::tr("%1.").arg(words);
}

QString engine_sentence(const std::exception& error) { return engine_sentence(QString::fromUtf8(error.what())); }

}  // namespace bandscope::app
