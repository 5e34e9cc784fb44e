// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/page/comparison.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "app/base/number_text.h"
#include "app/help/terms.h"
#include "core/error.h"
#include "core/record/record_reader.h"
#include "viz/figure/latex_text.h"

namespace bandscope::app {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

QString tr(const char* text) { return QCoreApplication::translate("Comparison", text); }

enum class Show { number, percent, count, duration };

QString written(double value, Show show, bool difference) {
  if (std::isnan(value)) return QStringLiteral("–");
  if (difference && value == 0) return QStringLiteral("0");
  switch (show) {
    case Show::number:
      return difference ? signed_text(value) : number_text(value);
    case Show::percent: {
      const int points = qRound(value * 100);
      return difference ? signed_text(points, 0) + QStringLiteral(" pp") : percent_text(value);
    }
    case Show::count:
      return difference ? signed_text(value, 0) : count_text(qint64(value));
    case Show::duration:
      return difference ? signed_text(value, 0) + QStringLiteral(" s") : duration_text(value);
  }
  return {};
}

struct Figure {
  const char* title;
  Show show;
  std::function<double(const RunSummary&)> value;
  std::optional<Term> term = {};  ///< what the title is about
};

const std::vector<Figure>& figures() {
  static const std::vector<Figure> all = {
      {QT_TRANSLATE_NOOP("Comparison", "steps"), Show::count, [](const auto& s) { return double(s.steps); }},
      {QT_TRANSLATE_NOOP("Comparison", "training time"), Show::duration, [](const auto& s) { return s.seconds; }},
      {QT_TRANSLATE_NOOP("Comparison", "z_w, last step"), Show::number,
       [](const auto& s) { return s.steps ? s.last_z_w : nan; }, Term::z_w},
      {QT_TRANSLATE_NOOP("Comparison", "z_l, last step"), Show::number,
       [](const auto& s) { return s.steps ? s.last_z_l : nan; }, Term::z_l},
      {QT_TRANSLATE_NOOP("Comparison", "margin, last step"), Show::number,
       [](const auto& s) { return s.steps ? s.last_margin : nan; }, Term::margin},
      {QT_TRANSLATE_NOOP("Comparison", "probe z_w, change"), Show::number,
       [](const auto& s) { return s.last_probe && s.first_probe ? s.last_probe->z_w - s.first_probe->z_w : nan; },
       Term::probe},
      {QT_TRANSLATE_NOOP("Comparison", "probe z_l, change"), Show::number,
       [](const auto& s) { return s.last_probe && s.first_probe ? s.last_probe->z_l - s.first_probe->z_l : nan; },
       Term::probe},
      {QT_TRANSLATE_NOOP("Comparison", "probe z_w, last"), Show::number,
       [](const auto& s) { return s.last_probe ? s.last_probe->z_w : nan; }, Term::probe},
      {QT_TRANSLATE_NOOP("Comparison", "probe margin, last"), Show::number,
       [](const auto& s) { return s.last_probe ? s.last_probe->margin : nan; }, Term::probe},
      {QT_TRANSLATE_NOOP("Comparison", "probe accuracy, last"), Show::percent,
       [](const auto& s) { return s.last_probe ? s.last_probe->accuracy : nan; }, Term::effective_margin},
      {QT_TRANSLATE_NOOP("Comparison", "steps in the band"), Show::percent,
       [](const auto& s) { return s.band_defined ? s.in_band_share : nan; }, Term::band},
      {QT_TRANSLATE_NOOP("Comparison", "both rise, realised"), Show::percent,
       [](const auto& s) { return s.steps ? s.realised.both_rise : nan; }, Term::both_rise},
      {QT_TRANSLATE_NOOP("Comparison", "both fall, realised"), Show::percent,
       [](const auto& s) { return s.steps ? s.realised.both_fall : nan; }, Term::both_fall},
      {QT_TRANSLATE_NOOP("Comparison", "disentangled, realised"), Show::percent,
       [](const auto& s) { return s.steps ? s.realised.disentangled : nan; }, Term::disentangled},
      {QT_TRANSLATE_NOOP("Comparison", "disentangled, predicted"), Show::percent,
       [](const auto& s) { return s.steps ? s.predicted.disentangled : nan; }, Term::predicted},
      {QT_TRANSLATE_NOOP("Comparison", "alerts"), Show::count, [](const auto& s) { return double(s.alerts.size()); }},
  };
  return all;
}

/// A pair is named by what tells its runs apart.
QStringList head_of(const std::vector<ComparedRun>& runs) {
  QStringList head{QString()};
  const bool pair = runs.size() == 2 && runs[0].summary.calibrated != runs[1].summary.calibrated &&
                    runs[0].error.empty() && runs[1].error.empty();
  for (const auto& run : runs) {
    const char* rc =
        run.summary.calibrated ? QT_TRANSLATE_NOOP("Comparison", "w/ RC") : QT_TRANSLATE_NOOP("Comparison", "w/o RC");
    head << (pair ? QStringLiteral("%1 · %2").arg(tr(rc), run.name) : run.name);
  }
  return head;
}

}  // namespace

ComparedRun read_compared(const QString& record, const QString& name) {
  ComparedRun run;
  run.name = name;
  try {
    const auto reader = RecordReader::open(record.toStdString());
    run.summary = summarize(reader);
    run.config = flatten_spec(reader.spec_toml());
  } catch (const std::exception& error) {
    run.error = message_of(error);
  }
  return run;
}

ComparisonTable final_figures(const std::vector<ComparedRun>& runs) {
  ComparisonTable table;
  table.head = head_of(runs);
  const bool two = runs.size() == 2;
  if (two) table.head << QStringLiteral("Δ");
  for (const auto& figure : figures()) {
    QStringList row{tr(figure.title)};
    std::vector<double> values;
    for (const auto& run : runs) {
      values.push_back(run.error.empty() ? figure.value(run.summary) : nan);
      row << written(values.back(), figure.show, false);
    }
    if (std::all_of(values.begin(), values.end(), [](double value) { return std::isnan(value); })) continue;
    if (two) row << written(values[1] - values[0], figure.show, true);
    table.rows.push_back(row);
    table.tips << (figure.term ? term_tip(*figure.term) : QString());
  }
  return table;
}

ComparisonTable config_table(const std::vector<ComparedRun>& runs, bool differences_only) {
  ComparisonTable table;
  table.head = head_of(runs);
  std::set<QString> keys;
  for (const auto& run : runs) {
    for (const auto& [key, value] : run.config) keys.insert(key);
  }
  for (const auto& key : keys) {
    QStringList row{key};
    std::set<QString> values;
    for (const auto& run : runs) {
      const auto at = run.config.find(key);
      row << (at == run.config.end() ? QStringLiteral("–") : at->second);
      values.insert(row.last());
    }
    if (!differences_only || values.size() > 1) table.rows.push_back(row);
  }
  return table;
}

ComparisonTable turned(const ComparisonTable& table) {
  ComparisonTable other;
  other.head << table.head.value(0);
  for (const auto& row : table.rows) other.head << row.value(0);
  for (qsizetype column = 1; column < table.head.size(); ++column) {
    QStringList row{table.head[column]};
    for (const auto& old : table.rows) row << old.value(column);
    other.rows.push_back(row);
  }
  other.tips = table.tips;
  return other;
}

QString as_text(const ComparisonTable& table) {
  std::vector<QStringList> rows{table.head};
  rows.insert(rows.end(), table.rows.begin(), table.rows.end());
  std::vector<qsizetype> widths(std::size_t(table.head.size()), 0);
  for (const auto& row : rows) {
    for (qsizetype i = 0; i < row.size(); ++i) widths[std::size_t(i)] = std::max(widths[std::size_t(i)], row[i].size());
  }
  QString text;
  for (const auto& row : rows) {
    QStringList cells;
    for (qsizetype i = 0; i < row.size(); ++i) {
      cells << (i == 0 ? row[i].leftJustified(widths[0]) : row[i].rightJustified(widths[std::size_t(i)]));
    }
    text += cells.join(QStringLiteral("  ")) + QLatin1Char('\n');
  }
  return text;
}

QString as_csv(const ComparisonTable& table) {
  QString text;
  std::vector<QStringList> rows{table.head};
  rows.insert(rows.end(), table.rows.begin(), table.rows.end());
  for (const auto& row : rows) {
    QStringList cells;
    for (QString cell : row) {
      cell.replace(QChar(0x2212), QLatin1Char('-'));
      if (cell.contains(QLatin1Char(',')) || cell.contains(QLatin1Char('"')) || cell.contains(QLatin1Char('\n'))) {
        cell = QLatin1Char('"') + cell.replace(QLatin1Char('"'), QStringLiteral("\"\"")) + QLatin1Char('"');
      }
      cells << cell;
    }
    text += cells.join(QLatin1Char(',')) + QLatin1Char('\n');
  }
  return text;
}

QString as_latex(const ComparisonTable& table) {
  const auto line = [](const QStringList& row) {
    QStringList cells;
    for (const auto& cell : row) cells << viz::latex_text(cell);
    return cells.join(QStringLiteral(" & ")) + QStringLiteral(" \\\\\n");
  };
  QString text =
      QStringLiteral("\\begin{tabular}{l%1}\n\\toprule\n").arg(QString(table.head.size() - 1, QLatin1Char('r')));
  text += line(table.head) + QStringLiteral("\\midrule\n");
  for (const auto& row : table.rows) text += line(row);
  return text + QStringLiteral("\\bottomrule\n\\end{tabular}\n");
}

}  // namespace bandscope::app
