// SPDX-License-Identifier: Apache-2.0
// The objectives against what is published of them: TRL's own losses, and the table in the documentation.
#include <QFile>
#include <QtTest>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/core/objective_values.h"

using namespace bandscope;
using nlohmann::json;

class TestObjectiveSources : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // tests/fixtures/trl/make_losses.py runs the source text of TRL's DPOTrainer.
  void losses_are_those_of_trl_data() {
    QTest::addColumn<QString>("loss");
    std::ifstream in(std::string(BANDSCOPE_SOURCE) + "/tests/fixtures/trl/losses.json");
    const json golden = json::parse(in);
    for (const json& loss : golden.at("losses")) {
      QTest::addRow("%s %g", loss.at("name").get<std::string>().c_str(), loss.at("parameters").at("beta").get<double>())
          << QString::fromStdString(loss.dump());
    }
  }
  void losses_are_those_of_trl() {
    QFETCH(QString, loss);
    const json golden = json::parse(loss.toStdString());
    const ObjectiveInfo* info = find_objective(golden.at("name").get<std::string>());
    QVERIFY(info);
    ParameterValues values = defaults(*info);
    for (const auto& [name, value] : golden.at("parameters").items()) {
      QVERIFY(values.contains(name));
      values[name] = value;
    }
    const auto objective = info->make(values, Likelihood::sum);
    QVERIFY(golden.at("pairs").size() >= 20);
    for (const json& pair : golden.at("pairs")) {
      const PairLikelihoods z{.z_w = pair[0], .z_l = pair[1], .z_w_ref = pair[2], .z_l_ref = pair[3]};
      QVERIFY(close(objective->loss(z), pair[4], 1e-13));
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
