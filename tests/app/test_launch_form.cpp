// SPDX-License-Identifier: GPL-3.0-or-later
// The form and the text of a spec say the same, for every key of the schema, one value or a list to sweep, whatever way
// the text is laid out; checked with the parser that the engine uses.
#include <QComboBox>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>
#include <memory>
#include <set>

#include "app/launch/choice_list.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "app/spec/portable_spec.h"
#include "app/spec/spec_text.h"
#include "app/spec/toml_literals.h"
#include "core/objective/objective.h"
#include "core/spec/run_spec.h"

using namespace bandscope;
using namespace bandscope::app;

namespace {

std::vector<std::string> tomls(const QString& text, const std::vector<Override>& overrides = {}) {
  std::vector<std::string> all;
  for (const auto& spec : parse_run_specs(text.toStdString(), "spec", "/base", overrides)) all.push_back(to_toml(spec));
  return all;
}

/// Two values that are allowed, as TOML.
QStringList two_values(const SpecKey& key) {
  if (key.key == "objective.name") return {"\"dpo\"", "\"ipo\""};  // a formula needs its loss
  if (key.key == "run.device") return {"\"cpu\"", "\"cuda:1\""};
  if (key.key == "objective.loss") return {"\"softplus(-(zw-zl))\"", "\"-zw+zl\""};
  if (key.key == "model.lora.targets") return {"[\"q_proj\"]", "[\"q_proj\", \"v_proj\"]"};
  if (key.key == "evaluation.tasks") return {"[\"/t/arc.yaml\"]", "[\"/t/arc.yaml\", \"/t/b\"]"};
  if (key.key == "optimizer.betas") return {"[0.9, 0.95]", "[0.8, 0.99]"};
  if (key.type == "boolean") return {"false", "true"};
  if (key.key == "parallel.zero") return {"0", "1"};
  if (key.type == "integer") return {"4", "8"};
  if (key.type == "number") return {"0.25", "0.375"};
  if (key.type == "path") return {"\"/data/ü #1, part\"", "\"/data/it's [2]\""};
  if (key.type == "choice") {
    return {toml_quoted(QString::fromStdString(key.choices.front())),
            toml_quoted(QString::fromStdString(key.choices.back()))};
  }
  return {"\"a-b\"", "\"ä b\""};
}

/// An objective that has the key.
QString objective_for(const QString& key) {
  if (key == "objective.loss") return "formula";
  for (const auto& info : objectives()) {
    for (const auto& parameter : info.parameters) {
      if (key == "objective." + QString::fromStdString(parameter.name)) return QString::fromStdString(info.name);
    }
  }
  return "dpo";
}

QStringList layouts(const QString& objective) {
  const QString loss = objective == "formula" ? ", loss = \"zl-zw\"" : "";
  const QString loss_line = objective == "formula" ? "loss = \"zl-zw\"\n" : "";
  return {
      "# mine\n[model]\npath = \"/m\"  # the model\ntuning = \"lora\"\ngradient_checkpointing = true\n\n[data]\ntrain "
      "= "
      "\"/d.jsonl\"\n\n[scores]\nscope = "
      "\"all\"\n[objective]\nname = \"" +
          objective + "\"\n" + loss_line,
      "# mine\nmodel = { path = \"/m\", tuning = \"lora\", gradient_checkpointing = true, lora = { alpha = 8 } }  # "
      "the model\ndata = { train = "
      "\"/d.jsonl\" }\nscores = { scope = \"all\" }\nobjective = { name = \"" +
          objective + "\"" + loss + " }\n",
      "# mine\nmodel.path = \"/m\"  # the model\nmodel.tuning = \"lora\"\nmodel.gradient_checkpointing = "
      "true\ndata.train = \"/d.jsonl\"\nscores.scope = "
      "\"all\"\n"
      "objective.name = \"" +
          objective + "\"\n" + (loss_line.isEmpty() ? "" : "objective." + loss_line),
      "# mine\n[sweep]\n[model]\ntuning = \"lora\"\ngradient_checkpointing = true\nlora = { rank = 2 }\npath = \"/m\"  "
      "# the model\n[scores]\nscope = "
      "\"all\""
      "\n[objective]\n# ours\nname = \"" +
          objective + "\"\n" + loss_line + "[data]\ntrain = \"/d.jsonl\""};
}

}  // namespace

class TestLaunchForm : public QObject {
  Q_OBJECT
  std::unique_ptr<SpecForm> form_, other_;  ///< one that is edited, one that only reads the text

 private Q_SLOTS:
  void initTestCase() {
    form_ = std::make_unique<SpecForm>();
    other_ = std::make_unique<SpecForm>();
  }
  void cleanupTestCase() {
    form_.reset();
    other_.reset();
  }

  void everyKeyRoundTrips_data() {
    QTest::addColumn<QString>("key");
    for (const auto& key : spec_keys()) QTest::newRow(key.key.c_str()) << QString::fromStdString(key.key);
    std::set<std::string> seen;
    for (const auto& info : objectives()) {
      for (const auto& parameter : info.parameters) {
        const std::string key = "objective." + parameter.name;
        if (seen.insert(key).second) QTest::newRow(key.c_str()) << QString::fromStdString(key);
      }
    }
  }

  void everyKeyRoundTrips() {
    QFETCH(QString, key);
    if (key == "calibration.enabled") return;  // a choice of its own, below
    SpecForm& form = *form_;
    auto* field = form.field(key);
    QVERIFY(field);
    const QStringList values = two_values(field->key());
    for (const QString& layout : layouts(objective_for(key))) {
      for (const QString& value : values) {
        SpecText text(layout);
        QVERIFY(text.readable());
        form.show(text);
        field->setValue(value, std::nullopt);
        form.apply(key, text);
        const auto wanted = tomls(layout, {{key.toStdString(), value.toStdString()}});
        QVERIFY2(tomls(text.text()) == wanted, qPrintable(key + " = " + value + " in\n" + text.text()));
        QVERIFY2(text.text().contains("# mine") && text.text().contains("# the model"), qPrintable(text.text()));
        // What the text says is what the field shows, and what the field then writes.
        other_->show(text);
        SpecText again = text;
        other_->apply(key, again);
        QCOMPARE(tomls(again.text()), wanted);
      }
      // A list, and back to its first value.
      SpecText text(layout);
      form.show(text);
      const QString list = "[" + values.join(", ") + "]";
      field->setValue(std::nullopt, list);
      form.apply(key, text);
      const auto wanted = tomls(layout, {{("sweep." + key).toStdString(), list.toStdString()}});
      QVERIFY2(tomls(text.text()) == wanted, qPrintable(key + " swept in\n" + text.text()));
      other_->show(text);
      QCOMPARE(toml_elements(other_->field(key)->sweep().value_or("")), std::optional(values));
      QCOMPARE(other_->field(key)->sweepButton()->text(), QStringLiteral("×2"));
      QSignalSpy edited(other_.get(), &SpecForm::edited);
      other_->field(key)->sweepButton()->click();
      QVERIFY(!edited.isEmpty());
      other_->apply(key, text);
      QVERIFY(!text.value("sweep." + key));
      QVERIFY2(tomls(text.text()) == tomls(layout, {{key.toStdString(), values[0].toStdString()}}),
               qPrintable(text.text()));
      // Taken out, the default holds (where the layout did not write it).
      if (key == "model.path" || key == "data.train" || SpecText(layout).value(key)) continue;
      text.remove(key);
      QVERIFY2(tomls(text.text()) == tomls(layout), qPrintable(text.text()));
    }
  }

  void calibrationIsOneChoice() {
    SpecForm form;
    const QString head = layouts("dpo")[0];
    for (const auto& [written, index] :
         {std::pair<QString, int>{"[sweep]\n\"calibration.enabled\" = [true, false]\n", 2},
          {"[sweep]\ncalibration.enabled = [true]\n", 1},
          {"[sweep.calibration]\nenabled = [false]\n", 0},
          {"[calibration]\nenabled = false\n", 0},
          {"", 1}}) {
      SpecText text(head + written);
      form.show(text);
      auto* choice = form.findChild<QComboBox*>("calibration.enabled");
      QCOMPARE(choice->currentIndex(), index);
      for (int wanted = 0; wanted < 3; ++wanted) {
        SpecText changed = text;
        choice->setCurrentIndex(wanted);
        form.apply("calibration.enabled", changed);
        const auto specs = parse_run_specs(changed.text().toStdString(), "spec", "/base");
        QCOMPARE(specs.size(), std::size_t(wanted == 2 ? 2 : 1));
        QCOMPARE(specs.front().calibration.enabled, wanted == 1);
        form.show(text);
      }
    }
  }

  void anotherObjectiveDropsWhatItDoesNotHave() {
    SpecForm form;
    SpecText text(layouts("simpo")[0] + "gamma = 0.5\nbeta = 2.0\n[sweep]\n\"objective.gamma\" = [1, 2]\n");
    form.show(text);
    QVERIFY(form.field("objective.gamma")->isVisibleTo(&form));
    QVERIFY(!form.field("objective.tau")->isVisibleTo(&form));
    form.field("objective.name")->setValue("\"dpo\"", std::nullopt);
    form.apply("objective.name", text);
    QVERIFY(!text.value("objective.gamma") && !text.value("sweep.objective.gamma"));
    QCOMPARE(text.value("objective.beta"), std::optional<QString>("2.0"));
    QCOMPARE(tomls(text.text()).size(), std::size_t(1));
    // Swept objectives show the parameters of each.
    text.set("sweep.objective.name", "[\"ipo\", \"simpo\"]");
    form.show(text);
    QVERIFY(form.field("objective.tau")->isVisibleTo(&form) && form.field("objective.gamma")->isVisibleTo(&form));
  }

  void helpIsThatOfTheChosenObjective() {
    SpecForm form;
    const auto help_of_tau = [&](const char* objective) {
      form.show(SpecText(layouts(objective)[0]));
      return form.findChild<QLineEdit*>("objective.tau")->accessibleDescription();
    };
    const QString of_ipo = help_of_tau("ipo"), of_discopop = help_of_tau("discopop");
    QVERIFY2(of_ipo.contains("1 / (2 tau)"), qPrintable(of_ipo));
    QVERIFY2(of_discopop.contains("exponential"), qPrintable(of_discopop));
    QVERIFY(form.findChild<QLineEdit*>("objective.tau")->toolTip().contains(of_discopop));
  }

  void brokenTextLeavesTheFormAsItWas() {
    SpecForm form;
    SpecText text("[optimizer]\nlearning_rate = 1e-5\n");
    form.show(text);
    form.show(SpecText("[optimizer\nlearning_rate = 2e-5\n"));
    QVERIFY(!form.widget()->isEnabled());
    QCOMPARE(form.field("optimizer.learning_rate")->value(), std::optional<QString>("1e-5"));
    SpecText broken("[optimizer");
    form.apply("optimizer.learning_rate", broken);
    QCOMPARE(broken.text(), QString("[optimizer"));
    form.show(text);
    QVERIFY(form.widget()->isEnabled());
  }

  void whatIsNoValueYetLeavesTheTextReadable() {
    SpecForm form;
    SpecText text(layouts("dpo")[0]);
    form.show(text);
    auto* field = form.field("optimizer.learning_rate");
    for (const char* typed : {"1", "1e", "1e-", "1e-5", "]", "# x", "0.1 # y", "a = 1"}) {
      field->findChild<QLineEdit*>("optimizer.learning_rate")->setText(typed);
      form.apply("optimizer.learning_rate", text);
      QVERIFY2(text.readable(), typed);
      QCOMPARE(toml_unquoted(text.value("optimizer.learning_rate").value_or("")), QString(typed));
      QCOMPARE(text.text().count("# the model"), 1);
    }
  }

  void listsReadBackAsTheyAreShown() {
    SpecKey text_key;
    text_key.type = "path";
    SpecKey number;
    number.type = "number";
    QCOMPARE(list_toml(number, " 1e-6 , 5e-7,"), QString("[1e-6, 5e-7]"));
    QCOMPARE(list_toml(text_key, "a, \"b, c\", d'e"), QString("[\"a\", \"b, c\", \"d'e\"]"));
    const QStringList literals{"\"plain\"",    "\"a, b\"",          "\"[x]\"", "\"\"",
                               "\" spaces \"", "\"quote \\\" in\"", "\"\\\\\""};
    QCOMPARE(toml_elements(list_toml(text_key, list_text(text_key, literals))), std::optional(literals));
    QCOMPARE(toml_elements("[1, # one, two\n [2, 3], '],', ]"), std::optional(QStringList{"1", "[2, 3]", "'],'"}));
    QVERIFY(!toml_elements("1, 2") && !toml_elements("[1"));
  }

  void theWheelScrollsTheFormAndChoosesNothing() {
    SpecForm form;
    form.resize(420, 300);
    form.show(SpecText(layouts("dpo")[0]));
    form.QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(&form));
    for (const char* name : {"objective.likelihood", "calibration.enabled", "model.tuning"}) {
      auto* choice = form.findChild<QComboBox*>(name);
      const int before = choice->currentIndex();
      choice->setFocus();
      QWheelEvent down(QPointF(5, 5), choice->mapToGlobal(QPointF(5, 5)), {}, QPoint(0, -120), Qt::NoButton, {},
                       Qt::NoScrollPhase, false);
      QCoreApplication::sendEvent(choice, &down);
      QWheelEvent up(QPointF(5, 5), choice->mapToGlobal(QPointF(5, 5)), {}, QPoint(0, 120), Qt::NoButton, {},
                     Qt::NoScrollPhase, false);
      QCOMPARE(choice->currentIndex(), before);
      QCoreApplication::sendEvent(choice, &up);
      QCOMPARE(choice->currentIndex(), before);
    }
  }

  void choicesStayInTheOrderTheyWereTicked() {
    ChoiceList list({"dpo", "ipo", "simpo"});
    list.setChosen({"simpo", "dpo"});
    QCOMPARE(list.chosen(), QStringList({"simpo", "dpo"}));
    list.menu()->actions()[1]->trigger();
    QCOMPARE(list.chosen(), QStringList({"simpo", "dpo", "ipo"}));
    list.menu()->actions()[2]->trigger();
    QCOMPARE(list.text(), QString("dpo, ipo"));
  }

  void pathsOfAPortableSpecAreAbsolute() {
    const QString spec = portable_spec(
        "model.path = \"m\"\n[data]\ntrain = \"../d.jsonl\"\nprobe = \"\"\n[sweep]\n\"model.reference\" = [\"\", "
        "\"r\", "
        "\"/a\"]\n\"evaluation.tasks\" = [[], [\"a.yaml\", \"/b\"]]\n[evaluation]\ntasks = [\"t\", 7]\n",
        "/base/x");
    const SpecText text(spec);
    QCOMPARE(text.value("model.path"), std::optional<QString>("\"/base/x/m\""));
    QCOMPARE(text.value("data.train"), std::optional<QString>("\"/base/d.jsonl\""));
    QCOMPARE(text.value("data.probe"), std::optional<QString>("\"\""));
    QCOMPARE(text.value("evaluation.tasks"), std::optional<QString>("[\"/base/x/t\", 7]"));
    QCOMPARE(text.value("sweep.evaluation.tasks"), std::optional<QString>("[[], [\"/base/x/a.yaml\", \"/b\"]]"));
    QCOMPARE(text.value("sweep.model.reference"), std::optional<QString>("[\"\", \"/base/x/r\", \"/a\"]"));
  }
};

QTEST_MAIN(TestLaunchForm)
#include "test_launch_form.moc"
