// SPDX-License-Identifier: GPL-3.0-or-later
// The Answers tab: prompts go to the engine and its answers come back while they grow, of several models one after the
// other; what the engine says is not trusted; Stop and the window's end end it. A fake engine stands for it.
#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileInfo>
#include <QGuiApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include "app/answers/answer_board.h"
#include "app/answers/answer_form.h"
#include "app/answers/answer_line.h"
#include "app/answers/answer_log.h"
#include "app/answers/answer_runner.h"
#include "app/answers/answer_save.h"
#include "app/answers/answers_tab.h"
#include "app/library/run_library.h"
#include "app/page/pair_model.h"
#include "app/page/pairs_tab.h"
#include "app/page/run_page.h"
#include "app/page/transport.h"
#include "app/shell/main_window.h"
#include "core/error.h"
#include "core/record/run_folder.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestAnswers : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<AnswersTab> tab_;

  QString path(const QString& name) const { return folder_.filePath(name); }
  void put(const QString& name, const QByteArray& content) const {
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
  }
  QByteArray bytes(const QString& name) const {
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  /// With " for each ', and its end.
  static QByteArray line(const char* text) { return QByteArray(text).replace('\'', '"') + '\n'; }
  void engine(const char* what, const QByteArray& content = "x") const { put(QString("hold/") + what, content); }
  RunEntryPtr run(const QString& name) const {
    return read_entry({path("runs/" + name + "/run.h5"), path("runs"), name});
  }
  const Answer& answer(int row, int column) const { return tab_->log()->entry(row).answers[std::size_t(column)]; }
  qint64 engine_pid() const { return bytes("hold/pid").toLongLong(); }

 private Q_SLOTS:
  void initTestCase() {
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    QDir(folder_.path()).mkpath("hold");
    qputenv("FAKE_ENGINE_HOLD", path("hold").toUtf8());
    const std::filesystem::path runs = path("runs").toStdString();
    make_run(runs, {.name = "dpo", .steps = 4});
    make_run(runs, {.name = "dpo-rc", .calibrated = true, .steps = 4});
    for (const char* step : {"00000002", "00000004"}) {
      QDir(path("runs/dpo")).mkpath(QString("checkpoint-") + step);
      put(QString("runs/dpo/checkpoint-%1/DONE").arg(step), "");
    }
  }
  void init() {
    QSettings().clear();
    for (const char* what : {"answer", "lines", "refuse", "pid"}) QFile::remove(path(QString("hold/") + what));
    qputenv("BANDSCOPE_ENGINE", FAKE_ENGINE);
    tab_ = std::make_unique<AnswersTab>();
    tab_->resize(900, 600);
    tab_->setRuns({run("dpo"), run("dpo-rc")});
    tab_->show();
  }
  void cleanup() { tab_.reset(); }

  void both_runs_answer_while_they_write() {
    const QAbstractItemModelTester tester(tab_->log(), QAbstractItemModelTester::FailureReportingMode::QtTest);
    engine("answer");
    tab_->form()->setText("hello world");
    auto* prompt = tab_->form()->findChild<QPlainTextEdit*>("answer-prompt");
    QTest::keyClick(prompt, Qt::Key_Return);  // a new line, not the sending
    QCOMPARE(tab_->log()->rowCount(), 0);
    tab_->form()->setText("hello world");
    QVERIFY(QTest::qWaitForWindowActive(tab_.get()));
    QTest::keyClick(prompt, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(tab_->log()->rowCount(), 1);
    QTRY_COMPARE(tab_->board()->text(0), "HELLO");
    QCOMPARE(answer(0, 0).state, AnswerState::growing);
    QCOMPARE(answer(0, 1).state, AnswerState::waiting);  // one process at a time
    QVERIFY(tab_->board()->state(0).contains("2 tokens"));
    QFile::remove(path("hold/answer"));
    QTRY_VERIFY(!tab_->runner()->busy());
    QTRY_COMPARE(tab_->board()->text(1), "HELLO WORLD");
    QCOMPARE(answer(0, 0).text, "HELLO WORLD");
    QCOMPARE(answer(0, 0).label, "dpo");
    QCOMPARE(answer(0, 1).model, path("runs/dpo-rc"));
    QCOMPARE(answer(0, 1).tokens, 4);
    QCOMPARE(tab_->log()->index(0, AnswerLog::State).data().toString(), "2 of 2");
  }

  void models_and_checkpoints_are_chosen() {
    QTRY_VERIFY(tab_->form()->findChild<QComboBox*>("answer-step")->count() == 4);  // newest, 0, 2, 4
    auto* steps = tab_->form()->findChild<QComboBox*>("answer-step");
    steps->setCurrentIndex(2);
    QCOMPARE(tab_->form()->step(), std::optional<qint64>(2));
    tab_->form()->chooseModel(1, false);
    tab_->form()->chooseModel(2, true);
    tab_->form()->setText("a");
    tab_->send();
    QCOMPARE(answer(0, 0).model, path("runs/dpo@2"));
    QCOMPARE(answer(0, 0).label, "dpo@2");
    QCOMPARE(answer(0, 1).model, path("runs/dpo@0"));
    QVERIFY2(answer(0, 1).label.contains("before training"), qPrintable(answer(0, 1).label));
    tab_->form()->chooseModel(0, false);
    tab_->form()->chooseModel(2, false);
    QVERIFY(!tab_->form()->findChild<QPushButton*>("answer-send")->isEnabled());
    QTRY_VERIFY(!tab_->runner()->busy());
  }

  void settings_reach_the_engine() {
    AnswerSettings settings{17, 0.5, 0.9, 3, true};
    QCOMPARE(arguments_of(settings),
             (QStringList{"--max-tokens", "17", "--temperature", "0.5", "--top-p", "0.9", "--seed", "3", "--chat"}));
    tab_->form()->setSettings(settings);
    tab_->form()->setText("a");
    tab_->send();
    QCOMPARE(tab_->log()->entry(0).settings.max_tokens, 17);
    QTRY_VERIFY(!tab_->runner()->busy());
    const AnswersTab again;  // they are kept
    QCOMPARE(again.form()->settings().temperature, 0.5);
    QVERIFY(again.form()->settings().chat);
    tab_->form()->setSource(AnswerForm::Pair);
    QVERIFY(!tab_->form()->settings().chat);
  }

  void a_file_of_prompts() {
    put("prompts.jsonl",
        "{\"prompt\":\"one\",\"id\":7}\n{\"instruction\":\"two\",\"dataset\":\"d\"}\n"
        "{\"messages\":[{\"role\":\"user\",\"content\":\"three\"}]}\n");
    tab_->form()->setSource(AnswerForm::File);
    tab_->form()->setFile(path("prompts.jsonl"));
    tab_->send();
    QVERIFY(tab_->reading());
    QTRY_COMPARE(tab_->log()->rowCount(), 3);
    QCOMPARE(tab_->log()->entry(2).prompt.question, "three");
    QTRY_VERIFY(!tab_->runner()->busy());
    tab_->saveLines(path("out.jsonl"));
    QTRY_VERIFY(!bytes("out.jsonl").isEmpty());
    const auto lines = bytes("out.jsonl").trimmed().split('\n');
    QCOMPARE(lines.size(), 6);
    const auto first = QJsonDocument::fromJson(lines[0]).object();
    QCOMPARE(first, (QJsonObject{{"prompt", "one"}, {"id", 7}, {"output", "ONE"}, {"generator", "dpo"}}));
    tab_->saveAlpaca(path("out.json"));
    QTRY_VERIFY(!bytes("out-dpo-rc.json").isEmpty());
    const auto array = QJsonDocument::fromJson(bytes("out-dpo-rc.json")).array();
    QCOMPARE(array.size(), 3);
    QCOMPARE(array[1].toObject(),
             (QJsonObject{{"instruction", "two"}, {"output", ""}, {"generator", "dpo-rc"}, {"dataset", "d"}}));
    // Of several selected prompts these alone.
    const auto alone = QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows;
    tab_->history()->selectionModel()->setCurrentIndex(tab_->log()->index(0, 0), alone);
    tab_->history()->selectionModel()->select(tab_->log()->index(2, 0),
                                              QItemSelectionModel::Select | QItemSelectionModel::Rows);
    QCOMPARE(tab_->savedRows(), (std::vector<int>{0, 2}));
    tab_->history()->selectionModel()->setCurrentIndex(tab_->log()->index(0, 0), alone);
    tab_->copy();
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY2(copied.contains("one") && copied.contains("[dpo-rc]\nONE") && !copied.contains("three"),
             qPrintable(copied));
    put("bad.jsonl", "{\"prompt\":\"one\"}\n{\"text\":1}\n");
    tab_->form()->setFile(path("bad.jsonl"));
    tab_->send();
    QTRY_VERIFY2(tab_->form()->said().contains("row 1"), qPrintable(tab_->form()->said()));
    QCOMPARE(tab_->log()->rowCount(), 3);
  }

  void a_pair_of_the_data() {
    put("runs/pairs.jsonl",
        "{\"prompt\":\"p0\",\"chosen\":\"c0\",\"rejected\":\"r0\"}\n"
        "{\"prompt\":\"p1\",\"chosen\":\"c1\",\"rejected\":\"r1\"}\n");
    MadeRun made{.name = "with-data", .steps = 2};
    make_run(path("runs").toStdString(), made);
    const QString data = run("with-data")->config.at("data.train");
    if (!QFileInfo(data).isAbsolute()) {
      const QString there = QDir::cleanPath(path("runs/with-data/") + data);
      QDir().mkpath(QFileInfo(there).absolutePath());
      QVERIFY(QFile::copy(path("runs/pairs.jsonl"), there) || QFile::exists(there));
    }
    tab_->setRuns({run("with-data")});
    tab_->form()->setSource(AnswerForm::Pair);
    tab_->form()->setLine(1);
    tab_->send();
    QTRY_VERIFY2(tab_->log()->rowCount() == 1 || !tab_->form()->said().isEmpty(), "");
    QVERIFY2(tab_->form()->said().isEmpty(), qPrintable(tab_->form()->said()));
    QCOMPARE(tab_->log()->entry(0).prompt.question, "p1");
    QTRY_COMPARE(tab_->board()->text(0), "P1");
    QCOMPARE(tab_->board()->columns(), 1);
    QCOMPARE(tab_->board()->chosen(), "c1");
    QCOMPARE(tab_->board()->rejected(), "r1");
    tab_->form()->setLine(5);
    tab_->send();
    QTRY_VERIFY2(tab_->form()->said().contains("6"), qPrintable(tab_->form()->said()));
    QCOMPARE(tab_->log()->rowCount(), 1);
  }

  void stop_ends_the_engine() {
    engine("answer");
    tab_->form()->setText("hello world");
    tab_->send();
    QTRY_COMPARE(answer(0, 0).state, AnswerState::growing);
    QTRY_VERIFY(!answer(0, 0).text.isEmpty());
    const qint64 pid = engine_pid();
    QVERIFY(process_start(pid) > 0);
    tab_->stop();
    QVERIFY(!tab_->runner()->busy());
    QCOMPARE(answer(0, 0).state, AnswerState::stopped);
    QCOMPARE(answer(0, 1).state, AnswerState::stopped);
    QTRY_COMPARE(tab_->board()->text(0), "HELLO");  // what there is stays
    QTRY_COMPARE(process_start(pid), 0);
    // And one asks again.
    QFile::remove(path("hold/answer"));
    tab_->send();
    QTRY_COMPARE(answer(1, 1).state, AnswerState::done);
  }

  void the_end_of_the_window_ends_the_engine() {
    engine("answer");
    tab_->form()->setText("hello world");
    tab_->send();
    QTRY_VERIFY(!answer(0, 0).text.isEmpty());
    const qint64 pid = engine_pid();
    QVERIFY(process_start(pid) > 0);
    tab_.reset();
    QTRY_COMPARE(process_start(pid), 0);
  }

  void a_window_that_closes_while_text_comes() {
    engine("answer");
    qputenv("XDG_DATA_HOME", path("data").toUtf8());
    auto window = std::make_unique<MainWindow>();
    window->library()->setInterval(200);
    window->resize(1280, 800);
    window->open({path("runs"), path("runs/dpo/run.h5")});
    window->show();
    RunPage* page = window->page();
    QTRY_COMPARE(page->records(), (QStringList{path("runs/dpo/run.h5"), path("runs/dpo-rc/run.h5")}));
    page->setTab(RunPage::Answers);
    AnswersTab* tab = page->answers();
    QVERIFY(tab->isVisible() && !page->transport()->isVisible());
    // The pair that is chosen in Pairs is the one to ask.
    page->setTab(RunPage::Pairs);
    auto* pairs = page->findChild<PairsTab*>();
    QTRY_VERIFY(pairs->model()->rowCount() > 1);
    pairs->table()->selectRow(1);
    QCOMPARE(tab->form()->line(), pairs->model()->cells(1).row.row);
    page->setTab(RunPage::Answers);
    tab->form()->setText("hello world");
    tab->send();
    QCOMPARE(tab->log()->entry(0).answers.size(), std::size_t(2));
    QTRY_VERIFY(!tab->log()->entry(0).answers[0].text.isEmpty());
    const qint64 pid = engine_pid();
    QVERIFY(process_start(pid) > 0);
    window->close();
    window.reset();
    QTRY_COMPARE(process_start(pid), 0);
  }

  void problems_are_said() {
    engine("refuse", "/runs/dpo: has no checkpoint yet");
    tab_->form()->setText("a");
    tab_->send();
    QTRY_VERIFY(!tab_->runner()->busy());
    QCOMPARE(answer(0, 1).state, AnswerState::failed);
    QVERIFY2(answer(0, 0).problem.contains("has no checkpoint yet"), qPrintable(answer(0, 0).problem));
    QTRY_VERIFY(tab_->board()->state(0).contains("has no checkpoint yet"));
    QCOMPARE(tab_->log()->index(0, AnswerLog::State).data().toString(), "failed");
    auto imported = std::make_shared<RunEntry>(*run("dpo"));
    imported->config.clear();
    tab_->setRuns({imported, run("dpo-rc")});
    QFile::remove(path("hold/refuse"));
    tab_->send();
    QVERIFY2(answer(1, 0).problem.contains("imported"), qPrintable(answer(1, 0).problem));
    QTRY_COMPARE(answer(1, 1).state, AnswerState::done);
    QTRY_VERIFY(!tab_->runner()->busy());
    tab_->setRuns({run("dpo"), run("dpo-rc")});
    qputenv("BANDSCOPE_ENGINE", "/no/such/engine");
    tab_->send();
    QVERIFY(!tab_->runner()->busy());
    QVERIFY2(answer(2, 0).problem.contains("/no/such/engine"), qPrintable(answer(2, 0).problem));
  }

  void hostile_lines_data() {
    QTest::addColumn<QByteArray>("lines");
    QTest::addColumn<QString>("said");
    const QString strange = "not understood", nothing = "without an answer";
    QTest::newRow("nothing") << QByteArray("\n") << strange;
    QTest::newRow("no json") << QByteArray("hello\n") << strange;
    QTest::newRow("no object") << QByteArray("[1]\n") << strange;
    QTest::newRow("index beyond") << line("{'index':1,'piece':'x','tokens':1}") << strange;
    QTest::newRow("negative index") << line("{'index':-1,'piece':'x','tokens':1}") << strange;
    QTest::newRow("index no number") << line("{'index':'0','piece':'x','tokens':1}") << strange;
    QTest::newRow("tokens") << line("{'index':0,'piece':'x','tokens':1e300}") << strange;
    QTest::newRow("piece") << line("{'index':0,'piece':7,'tokens':1}") << strange;
    QTest::newRow("no output") << line("{'index':0,'answer':{},'tokens':1}") << strange;
    QTest::newRow("answer twice") << line("{'index':0,'answer':{'output':'x'},'tokens':1}") +
                                         line("{'index':0,'piece':'y','tokens':2}")
                                  << "";
    QTest::newRow("deep") << line("{'index':").chopped(1) + QByteArray(100000, '[') + '\n' << strange;
    QTest::newRow("broken UTF-8") << QByteArray("{\"index\":0,\"piece\":\"\xff\",\"tokens\":1}\n") << strange;
    QTest::newRow("endless line") << QByteArray(longest_answer_line + (1 << 20), 'x') << strange;
    QTest::newRow("cut off") << line("{'index':0,'piece':'x").chopped(1) << nothing;
    QTest::newRow("markup") << line("{'index':0,'answer':{'output':'<b>x</b>'},'tokens':1}") << "";
  }
  void hostile_lines() {
    QFETCH(QByteArray, lines);
    QFETCH(QString, said);
    engine("lines", lines);
    if (said == "not understood") engine("answer");  // it lives until it is ended
    tab_->form()->chooseModel(1, false);
    tab_->form()->setText("a");
    tab_->send();
    QTRY_VERIFY(!tab_->runner()->busy());
    if (said.isEmpty()) {
      QCOMPARE(answer(0, 0).state, AnswerState::done);
      QTRY_COMPARE(tab_->board()->text(0), answer(0, 0).text);
      return;
    }
    QCOMPARE(answer(0, 0).state, AnswerState::failed);
    QVERIFY2(answer(0, 0).problem.contains(said), qPrintable(answer(0, 0).problem));
    QTRY_COMPARE(process_start(engine_pid()), 0);
  }

  void the_real_engine() {
    const QString real = QStringLiteral(BANDSCOPE_BIN "/bandscope-engine");
    if (!QFile::exists(real)) QSKIP("this build has no engine");
    const QString spec = QStringLiteral(BANDSCOPE_SOURCE "/tests/fixtures/golden/runs/neox-dpo.toml");
    QProcess training;
    training.start(real, {spec, "--runs", path("real"), "--set", "training.steps=2"});
    QVERIFY(training.waitForFinished(300000) && training.exitCode() == 0);
    qputenv("BANDSCOPE_ENGINE", real.toUtf8());
    const auto trained = read_entry({path("real/neox-dpo/run.h5"), path("real"), "neox-dpo"});
    tab_->setRuns({trained});
    tab_->form()->setSettings({.max_tokens = 12});
    tab_->form()->setSource(AnswerForm::Pair);
    tab_->form()->setLine(0);
    tab_->send();
    QTRY_VERIFY2(tab_->log()->rowCount() == 1 || !tab_->form()->said().isEmpty(), "");
    QVERIFY2(tab_->form()->said().isEmpty(), qPrintable(tab_->form()->said()));
    QTRY_VERIFY(!tab_->runner()->busy());
    QVERIFY2(answer(0, 0).state == AnswerState::done, qPrintable(answer(0, 0).problem));
    const AnswerPrompt& asked = tab_->log()->entry(0).prompt;
    QVERIFY(!asked.chosen.isEmpty() && !asked.rejected.isEmpty());
    // What the engine says by itself.
    put("asked.jsonl", QByteArray::fromStdString(asked.line + "\n"));
    QProcess alone;
    alone.start(real, {"generate", path("real/neox-dpo"), path("asked.jsonl"), "--max-tokens", "12"});
    QVERIFY(alone.waitForFinished(300000) && alone.exitCode() == 0);
    QCOMPARE(answer(0, 0).text, QJsonDocument::fromJson(alone.readAllStandardOutput()).object()["output"].toString());
    QTRY_COMPARE(tab_->board()->text(0), answer(0, 0).text);
    QCOMPARE(tab_->board()->chosen(), asked.chosen);
    // A checkpoint that there is not.
    QDir(path("real/neox-dpo")).mkpath("checkpoint-00000001");
    put("real/neox-dpo/checkpoint-00000001/DONE", "");
    tab_->hide();
    tab_->show();
    auto* steps = tab_->form()->findChild<QComboBox*>("answer-step");
    QTRY_VERIFY(steps->findData(1) > 0);
    steps->setCurrentIndex(steps->findData(1));
    QVERIFY(QDir(path("real/neox-dpo/checkpoint-00000001")).removeRecursively());
    tab_->send();
    QTRY_VERIFY(tab_->log()->rowCount() == 2 && !tab_->runner()->busy());
    QVERIFY2(answer(1, 0).problem.contains("has no checkpoint of step 1; there are: 2"),
             qPrintable(answer(1, 0).problem));
  }
};

QTEST_MAIN(TestAnswers)
#include "test_answers.moc"
