// SPDX-License-Identifier: Apache-2.0
// The objectives against what is published of them: TRL's own losses, and the table in the documentation.
#include <QFile>
#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "core/objective/formula.h"
#include "core/objective/formula_examples.h"
#include "tests/core/objective_values.h"

using namespace bandscope;
using nlohmann::json;

namespace {

/// A row of the table, or the row that a formula of the library would have.
std::optional<ObjectiveInfo> named(const std::string& name) {
  if (const ObjectiveInfo* info = find_objective(name)) return *info;
  for (const FormulaExample& example : formula_examples())
    if (example.title.english() == name) return formula_objective(example.formula);
  return std::nullopt;
}

}  // namespace

class TestObjectiveSources : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // tests/fixtures/trl/make_losses.py runs the losses of TRL's trainers.
  void losses_are_those_of_trl_data() {
    QTest::addColumn<QString>("loss");
    std::ifstream in(std::string(BANDSCOPE_SOURCE) + "/tests/fixtures/trl/losses.json");
    const json golden = json::parse(in);
    for (const json& loss : golden.at("losses")) {
      QTest::addRow("%s %s %s", loss.at("name").get<std::string>().c_str(), loss.at("parameters").dump().c_str(),
                    loss.at("likelihood").get<std::string>().c_str())
          << QString::fromStdString(loss.dump());
    }
  }
  void losses_are_those_of_trl() {
    QFETCH(QString, loss);
    const json golden = json::parse(loss.toStdString());
    const auto info = named(golden.at("name").get<std::string>());
    QVERIFY(info);
    ParameterValues values = defaults(*info);
    for (const auto& [name, value] : golden.at("parameters").items()) {
      QVERIFY(values.contains(name));
      values[name] = value;
    }
    const bool sum = golden.at("likelihood") == "sum";
    const auto objective = info->make(values, sum ? Likelihood::sum : Likelihood::mean);
    QVERIFY(golden.at("pairs").size() >= 20);
    for (const json& pair : golden.at("pairs")) {
      const PairLikelihoods z{
          .z_w = pair[0], .z_l = pair[1], .z_w_ref = pair[2], .z_l_ref = pair[3], .len_w = pair[4], .len_l = pair[5]};
      QVERIFY2(close(objective->loss(z), pair[6], 1e-12),
               qPrintable(
                   QString("%1, TRL: %2").arg(objective->loss(z), 0, 'g', 17).arg(pair[6].get<double>(), 0, 'g', 17)));
    }
  }

  void all_that_trl_has_are_compared() {
    std::ifstream in(std::string(BANDSCOPE_SOURCE) + "/tests/fixtures/trl/losses.json");
    std::set<std::string> names;
    for (const json golden = json::parse(in); const json& loss : golden.at("losses")) names.insert(loss.at("name"));
    for (const ObjectiveInfo& info : objectives()) {
      // Those whose source names a loss of TRL's, and those of its other trainers.
      const bool named_there = info.name == "robust-dpo" || info.name == "hinge" || info.name == "exo" ||
                               info.name == "nca" || info.name == "sppo" || info.name.starts_with("apo-") ||
                               info.name == "discopop" || info.name == "dpo" || info.name == "ipo" ||
                               info.name == "simpo" || info.name == "cpo" || info.name == "orpo";
      if (named_there) QVERIFY2(names.contains(info.name), info.name.c_str());
    }
  }

  void the_documentation_has_a_row_for_each() {
    QFile file(QStringLiteral(BANDSCOPE_SOURCE "/core/objective/OBJECTIVES.md"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QStringList names;
    for (const QString& line : QString::fromUtf8(file.readAll()).split('\n')) {
      if (!line.startsWith("| `")) continue;
      const QStringList cells = line.mid(2, line.size() - 4).split(" | ");
      QVERIFY2(cells.size() == 7, qPrintable(line));
      const QString name = cells[0].section('`', 1, 1);
      if (names.isEmpty() || names.last() != name) names << name;  // DPO has two rows
      const ObjectiveInfo* info = find_objective(name.toStdString());
      QVERIFY2(info, qPrintable(line));
      QVERIFY2(cells[4] == (info->entangled ? "yes" : "no"), qPrintable(line));
      const QString source = QString::fromStdString(info->source).remove('(').remove(')');
      QVERIFY2(name == "dpo" || cells[5].startsWith(source), qPrintable(line));
    }
    QStringList expected;
    for (const ObjectiveInfo& info : objectives()) expected << QString::fromStdString(info.name);
    QCOMPARE(names, expected);
  }
};

QTEST_GUILESS_MAIN(TestObjectiveSources)
#include "test_objective_sources.moc"
