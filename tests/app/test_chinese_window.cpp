// SPDX-License-Identifier: GPL-3.0-or-later
// The Chinese window from end to end: every page, dialog, menu, tooltip, name for screen readers and painted word.
// What is still English is found by its words, but for names, symbols, keys and units.
#include <QApplication>
#include <QDialog>
#include <QListWidget>
#include <QMenuBar>
#include <QRegularExpression>
#include <QSettings>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <memory>

#include "app/figure/figure_dialog.h"
#include "app/launch/data_panel.h"
#include "app/launch/launch_page.h"
#include "app/launch/recipes.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "app/library/run_columns.h"
#include "app/library/run_edits.h"
#include "app/library/run_library.h"
#include "app/library/run_model.h"
#include "app/library/runs_dock.h"
#include "app/page/chart_tab.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_controls.h"
#include "app/page/run_page.h"
#include "app/page/steer_dialog.h"
#include "app/queue/queue_panel.h"
#include "app/queue/run_queue.h"
#include "app/settings/settings_dialog.h"
#include "app/shell/main_window.h"
#include "core/objective/objective.h"
#include "core/record/columns.h"
#include "core/spec/run_spec.h"
#include "tests/app/launch_samples.h"
#include "tests/app/record_maker.h"
#include "tests/app/seen_texts.h"
#include "viz/figure/figures.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

namespace {

/// Words that are the same in Chinese texts: names, symbols, units, file formats, keys of the keyboard.
const char* const same_words =
    "Bandscope Qt HDF GNU General Public License Apache Okabe Ito NVIDIA GPU GPUs CPU CUDA SWMR JSON TOML PNG PDF SVG "
    "CSV "
    "Hugging Face PEFT TRL HH SmolLM Gemma lm-evaluation-harness evaluation harness Instruct Mistral Llama Qwen Pythia "
    "Anthropic UltraFeedback Binarized AlpacaEval "
    "LoRA QLoRA NF AdamW ZeRO SGD DPO SimPO IPO KTO RC Eq EMA SHA EOS BOS ID TRL OpenSSH ssh Slurm English "
    "log exp cos sin min max Pr KL kto GiB MiB KiB GB MB kB pt mm px Hz "
    "Ctrl Shift Alt Meta Home End Esc Del Delete Return Enter Backspace Space Tab PgUp PgDown PgDn Ins Page Up Down "
    "Left "
    "Right "
    "BANDSCOPE ENGINE TRAINING ON PATH engine bandscope dpi ACL ICML ICLR NeurIPS IEEE LaTeX iii cpu cuda "
    "BPE Base Chen CPO DIL BCE Sigmoid Betas Epsilon sqrt softplus jsonl parquet safetensors sigmoid train test spec "
    // runs and notes of this test
    "live waits runs done";

QSet<QString> known_words() {
  QSet<QString> known;
  const auto add = [&](const QString& text) {
    static const QRegularExpression word(QStringLiteral("[A-Za-z]+"));
    for (auto at = word.globalMatch(text); at.hasNext();) known.insert(at.next().captured());
  };
  add(QString::fromLatin1(same_words));
  for (const auto& key : spec_keys()) {
    add(QString::fromStdString(key.key));
    for (const auto& choice : key.choices) add(QString::fromStdString(choice));
    add(QString::fromStdString(key.default_text));
  }
  for (const auto& objective : objectives()) {
    add(QString::fromStdString(objective.name));
    for (const auto& parameter : objective.parameters) add(QString::fromStdString(parameter.name));
  }
  for (const auto& recipe : recipes()) add(QFileInfo(recipe.file).fileName());
  add(QString::fromUtf8(hh_rows(10)));
  return known;
}

/// The English of a text: words of three letters and more that are no names.
QStringList english(QString text) {
  // Panels of recorded columns go by the columns' names.
  if (std::ranges::find(column_names, text.toStdString()) != column_names.end()) return {};
  static const QSet<QString> known = known_words();
  static const QRegularExpression markup(QStringLiteral("<[^<>]*>|&[a-z]+;"));
  // Paths, files, dotted keys, key=value, options, quoted values, format patterns.
  static const QRegularExpression code(
      QStringLiteral("\\S*/\\S*|\\*?[\\w-]*\\.[a-z][\\w.]*|\\S+=\\S+|--[a-z-]+|\"[^\"]*\"|\\w*_\\w*|\\w*\\d\\w*"));
  static const QRegularExpression word(QStringLiteral("[A-Za-z]{3,}"));
  // What libraries say of a text that is no TOML or no JSON, what a record says in its own words, and words cut short.
  static const QRegularExpression foreign(
      QStringLiteral("Error while parsing[^\n]*|parse error at[^）]*|out of memory on cpu[^\n]*|[A-Za-z_][\\w.-]*…"));
  text.remove(foreign);
  text.remove(markup);
  text.remove(QRegularExpression(QStringLiteral("&(?=\\w)")));
  text.replace(code, QStringLiteral(" "));
  QStringList words;
  for (auto at = word.globalMatch(text); at.hasNext();) {
    const QString one = at.next().captured();
    if (!known.contains(one)) words << one;
  }
  return words;
}

}  // namespace

class TestChineseWindow : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<MainWindow> window_;
  std::unique_ptr<RecordWriter> live_;
  TextReader reader_;

  QString at(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }
  QString record(const char* name) const { return folder_.filePath(QStringLiteral("runs/%1/run.h5").arg(name)); }
  void settle() {
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents();
    QCoreApplication::processEvents();
  }
  /// Everything is drawn: two looks in a row are the same.
  void drawn(QWidget* root = nullptr) {
    QStringList last;
    QTRY_VERIFY([&] {
      QStringList now = painted_words(root ? root : window_.get());
      std::swap(now, last);
      return !last.isEmpty() && now == last;
    }());
  }
  void choose(const QStringList& records) {
    QTRY_COMPARE(window_->dock()->selectAll(records), int(records.size()));
    window_->stack()->setCurrentWidget(window_->page());
    settle();
  }
  void readTabs() {
    for (int tab = 0; tab < window_->page()->tabs()->count(); ++tab) {
      window_->page()->tabs()->setCurrentIndex(tab);
      settle();
      auto* charts = window_->page()->charts();
      const auto buttons = charts ? charts->findChildren<QToolButton*>() : QList<QToolButton*>();
      for (auto* button : buttons) {
        if (!button->isCheckable() || !button->isVisible()) continue;
        button->setChecked(true);
        settle();
        drawn();
        reader_.read(window_.get());
      }
      drawn();
      reader_.read(window_.get());
    }
  }
  /// Dialogs that are open, read and closed.
  int readDialogs() {
    int count = 0;
    for (auto* widget : QApplication::topLevelWidgets()) {
      auto* dialog = qobject_cast<QDialog*>(widget);
      if (!dialog || !dialog->isVisible()) continue;
      ++count;
      settle();
      reader_.read(dialog);
      dialog->reject();
    }
    settle();
    return count;
  }
  void report(std::size_t least = 100) {
    // One line for each text, the first places where it stands.
    std::map<QString, QStringList> wrong;
    for (const auto& [text, where] : reader_.seen) {
      if (!english(text).isEmpty()) wrong[text] << where;
    }
    for (const auto& [text, places] : wrong) {
      qWarning().noquote() << QString(text).replace('\n', "\\n").left(160) << "  [" << english(text).join(' ').left(80)
                           << "] " << places.front();
    }
    QVERIFY2(reader_.seen.size() > least, qPrintable(QString::number(reader_.seen.size())));
    reader_.seen.clear();
    QCOMPARE(int(wrong.size()), 0);
  }

 private Q_SLOTS:
  void initTestCase() {
    qputenv("XDG_DATA_HOME", at("data").toUtf8());
    qputenv("BANDSCOPE_ENGINE", FAKE_ENGINE);
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test-chinese");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    const std::filesystem::path runs = at("runs").toStdString();
    make_run(runs, {.name = "dpo", .steps = 60, .layers = true, .alert = true});
    make_run(runs, {.name = "dpo-rc", .calibrated = true, .steps = 60});
    make_run(runs, {.name = "kto", .objective = "kto", .steps = 30, .state = RunState::failed});
    make_run(runs, {.name = "ipo", .objective = "ipo", .steps = 30, .state = RunState::stopped});
    const MadeRun live{.name = "live", .objective = "cpo", .calibrated = true, .steps = 60, .planned = 80};
    live_ = std::make_unique<RecordWriter>(begin_run(runs, live));
    for (int step = 1; step <= 20; ++step) append_step(*live_, live, step);
    make_model(at("model"));
    write_file(at("pairs.jsonl"), hh_rows(64));
    write_file(at("broken.jsonl"), "{\"prompt\": 1}\nno json\n" + hh_rows(4));
    window_ = std::make_unique<MainWindow>();
    window_->setLanguage("zh_CN");
    window_->resize(780, 760);
    window_->open({at("runs")});
    window_->show();
    QTRY_COMPARE(window_->model()->runs(), 5);
  }
  void cleanupTestCase() {
    window_.reset();
    live_->set_status(RunState::done);
    live_.reset();
  }

  void pagesOfRuns() {
    reader_.read(window_.get());  // welcome
    choose({record("dpo")});
    QTRY_VERIFY(!window_->page()->shown().empty());
    drawn();
    readTabs();
    window_->page()->setCursor(30);
    auto* pairs = window_->page()->findChild<PairsTab*>();
    window_->page()->setTab(RunPage::Pairs);
    pairs->setTokensShown(true);
    settle();
    reader_.read(window_.get());
    choose({record("kto"), record("ipo")});
    drawn();
    readTabs();
    choose({record("live")});
    drawn();
    readTabs();
    choose({record("kto")});
    drawn();
    reader_.read(window_.get());
    report();
  }

  void newExperiment() {
    window_->newExperiment();
    auto* launch = window_->launch();
    launch->form()->setAdvanced(true);
    reader_.read(window_.get());
    for (int index = 0; index < int(recipes().size()); ++index) {
      launch->useRecipe(index);
      settle();
      reader_.read(window_.get());
    }
    launch->setText(
        "[run]\nname = \"a/b\"\nseed = 1.5\n[objective]\nname = \"simpo\"\nbeta = -1\n[optimizer]\nlearning_rate = -3\n"
        "betas = 3\n[training]\nbatch_size = 0\nbach_size = 3\n[model]\ndtype = \"x\"\npath = \"\"\n[data]\nsplit = "
        "\"/\"\n");
    settle();
    reader_.read(window_.get());
    launch->setText("[run\n");
    settle();
    reader_.read(window_.get());
    for (const char* data : {"broken.jsonl", "pairs.jsonl", "model"}) {
      launch->setText(starting_spec());
      launch->setModel(data == QByteArray("broken.jsonl") ? folder_.path() : at("model"));
      launch->setData(at(data));
      launch->setRunsFolder(at("runs"));
      const bool good = data == QByteArray("pairs.jsonl");
      QTRY_VERIFY(good ? !launch->trainPanel()->facts().isEmpty() : !launch->problem().isEmpty());
      if (data == QByteArray("broken.jsonl")) QTRY_VERIFY(!launch->trainPanel()->concerns().isEmpty());
      drawn();
      reader_.read(window_.get());
    }
    for (const auto& key : spec_keys()) {
      if (auto* field = launch->form()->field(QString::fromStdString(key.key))) {
        field->sweepButton()->setChecked(true);
        reader_.read(field);
      }
    }
    report();
  }

  void queueAndWaitingRuns() {
    window_->queue()->setPaused(true);
    write_file(at("spec.toml"),
               "[run]\nname = \"waits\"\n[model]\npath = \"m\"\n[data]\ntrain = \"x.jsonl\"\n[sweep]\n"
               "\"calibration.enabled\" = [false, true]\n");
    window_->queueRun(at("spec.toml"), at("runs"));
    QTRY_VERIFY(window_->dock()->select(record("waits")));
    settle();
    reader_.read(window_.get());
    QMenu menu;
    window_->queuePanel()->fillMenu(menu);
    reader_.read(&menu);
    report();
  }

  void menusAndTheirDialogs() {
    choose({record("live")});
    QTRY_VERIFY(window_->page()->controls()->run());
    QList<QAction*> actions;
    const auto take = [&](QMenu* menu, const auto& again) -> void {
      reader_.read(menu);
      for (auto* action : menu->actions()) {
        if (action->menu()) {
          again(action->menu(), again);
        } else {
          actions << action;
        }
      }
    };
    for (auto* entry : window_->menuBar()->actions()) {
      reader_.read(entry->menu());
      take(entry->menu(), take);
    }
    int dialogs = 0;
    for (auto* action : actions) {
      const bool ends = action->shortcut() == QKeySequence::Quit || action->shortcut() == QKeySequence("Ctrl+Q") ||
                        action->menuRole() == QAction::QuitRole;
      // What opens a dialog says so with three dots; settings, help and about are known.
      if (ends || action->isCheckable() || !action->isEnabled()) continue;
      if (!action->text().contains(QStringLiteral("…")) && action->menu() == nullptr &&
          !window_->menuBar()->actions().last()->menu()->actions().contains(action)) {
        continue;
      }
      action->trigger();
      settle();
      dialogs += readDialogs();
    }
    QVERIFY2(dialogs >= 8, qPrintable(QString::number(dialogs)));
    QMenu runs, columns;
    window_->dock()->fillMenu(runs);
    reader_.read(&runs);
    window_->dock()->columns()->fill(columns, 2);
    reader_.read(&columns);
    report();
  }

  void questionsAndDialogsOfTheirOwn() {
    choose({record("dpo")});
    const auto runs = window_->dock()->selected();
    auto* edits = window_->dock()->edits();
    edits->askTags(runs);
    QVERIFY(readDialogs() == 1);
    edits->askNote(runs);
    QVERIFY(readDialogs() == 1);
    edits->askRename(runs.front());
    QVERIFY(readDialogs() == 1);
    edits->askTrash(runs);
    QVERIFY(readDialogs() == 1);
    FigureDialog figure({record("dpo"), record("dpo-rc")}, "dynamics", window_.get());
    figure.open();
    drawn(&figure);
    reader_.read(&figure);
    figure.reject();
    choose({record("live")});
    QTRY_VERIFY(window_->page()->controls()->run());
    auto* controls = window_->page()->controls();
    controls->askStop();
    QVERIFY(readDialogs() == 1);
    controls->askCalibration(false);
    QVERIFY(readDialogs() == 1);
    SteerDialog steer(controls, window_.get());
    steer.open();
    QVERIFY(readDialogs() == 1);
    SettingsDialog settings(AppSettings{}, at("runs"), window_.get());
    settings.open();
    auto* pages = settings.findChild<QListWidget*>("pages");
    for (int page = 0; page < pages->count(); ++page) {
      pages->setCurrentRow(page);
      settle();
      reader_.read(&settings);
    }
    settings.reject();
    report();
  }

  void menusOfCharts() {
    choose({record("dpo")});
    window_->page()->setTab(RunPage::Dynamics);
    drawn();
    auto* view = window_->page()->charts()->view();
    for (auto* child : view->findChildren<QWidget*>()) {
      if (!child->isVisible() || !child->inherits("QWidget")) continue;
      QTest::mouseClick(child, Qt::RightButton, {}, child->rect().center());
      settle();
    }
    const auto menus = view->findChildren<QMenu*>();
    QVERIFY(!menus.isEmpty());
    for (auto* menu : menus) {
      reader_.read(menu);
      menu->close();
    }
    report(10);
  }
};

QTEST_MAIN(TestChineseWindow)
#include "test_chinese_window.moc"
