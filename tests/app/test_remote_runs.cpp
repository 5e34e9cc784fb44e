// SPDX-License-Identifier: GPL-3.0-or-later
// Runs on a server in the real window: listed, opened, followed, compared with one here; the line is cut and mended,
// the server goes, and what it says is not what it should be.
#include <sys/stat.h>

#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStackedWidget>
#include <QTreeView>
#include <QTreeWidget>
#include <algorithm>
#include <fstream>

#include "app/library/run_edits.h"
#include "app/library/run_grouping.h"
#include "app/library/shown_names.h"
#include "app/page/problem_bar.h"
#include "app/page/run_loader.h"
#include "app/page/run_page.h"
#include "app/server/remote_page.h"
#include "app/server/servers.h"
#include "core/benchmark/kept_answers.h"
#include "core/record/record_reader.h"
#include "tests/app/record_maker.h"
#include "tests/app/remote_box.h"
#include "tests/training/record_difference.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestRemoteRuns : public QObject, private RemoteBox {
  Q_OBJECT
 private Q_SLOTS:
  void initTestCase() { settle(); }
  void init() { renew(); }
  void cleanup() { box_.window.reset(); }

  void aServerWithoutRunsIsAGroupToo() {
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(link().ready(), 20000);
    QTRY_COMPARE(groupText(), QStringLiteral("far (0)"));
    window().servers()->setAddresses({});
    QVERIFY(!group().isValid());
  }

  void itsRunsAreListedOpenedAndComeAndGo() {
    const auto record = make_run(there(), {.name = "dpo", .steps = 60});
    make_run(there(), {.name = "dpo-rc", .calibrated = true, .steps = 60});
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read && run("dpo-rc") && run("dpo-rc")->read, 20000);
    QCOMPARE(groupText(), QStringLiteral("far (2)"));
    const auto own = read_entry(find_records({far_->runs()}, {}).front());
    QCOMPARE(run("dpo")->objective, own->objective);
    QCOMPARE(run("dpo")->steps, own->steps);
    QCOMPARE(run("dpo")->in_band, own->in_band);
    QCOMPARE(run("dpo")->probe_z_w, own->probe_z_w);
    QVERIFY(!run("dpo")->copied);
    // The other of the pair is shown beside it, as of runs here.
    QVERIFY(window().dock()->select(copyOf("dpo")));
    QTRY_COMPARE_WITH_TIMEOUT(page().loader()->runs().size(), std::size_t(2), 20000);
    QTRY_VERIFY(page().loader()->runs()[0]->last_step() == 60 && page().loader()->runs()[1]->last_step() == 60);
    QTRY_VERIFY(link().mirror(QStringLiteral("dpo")).phase == MirrorStanding::Phase::ended);
    QCOMPARE(window().stack()->currentWidget(), &page());
    QCOMPARE(serve_test::hdf5_difference((record).string(), copyOf("dpo").toStdString()), std::string());
    // The server's time says which of several runs is the newest; the copy's is that of this look at it.
    QTRY_VERIFY(run("dpo")->copied_at > 0);
    QCOMPARE(run("dpo")->found.changed,
             QFileInfo(QString::fromStdString(record.string())).lastModified().toMSecsSinceEpoch());
    QTRY_VERIFY(run("dpo")->config.count(QStringLiteral("model.path")) > 0);
    // It is called otherwise, and stays what it is.
    auto address = far_->address();
    address.name = QStringLiteral("gpu-box");
    window().servers()->setAddresses({address});
    QVERIFY(link().ready());
    QTRY_COMPARE(run("dpo")->server_name, address.name);
    QVERIFY(run("dpo")->config.count(QStringLiteral("model.path")) > 0);
    make_run(there(), {.name = "simpo", .objective = "simpo", .steps = 20});
    QTRY_VERIFY_WITH_TIMEOUT(run("simpo") && run("simpo")->read, 20000);
    QVERIFY(QDir(far_->runs() + QStringLiteral("/simpo")).removeRecursively());
    QTRY_VERIFY_WITH_TIMEOUT(!run("simpo"), 20000);
  }

  void theFilterFindsRunsThatWereNeverOpened() {
    make_run(there(), {.name = "dpo", .steps = 4, .seed = 42});
    make_run(there(), {.name = "dpo-rc", .calibrated = true, .steps = 4});
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read && run("dpo-rc") && run("dpo-rc")->read, 20000);
    const auto shown = [&](const char* filter) {
      window().dock()->filterField()->setText(QString::fromLatin1(filter));
      return window().dock()->lists(copyOf("dpo")) + 2 * window().dock()->lists(copyOf("dpo-rc"));
    };
    QTRY_COMPARE(shown("seed=42"), 1);
    QTRY_COMPARE(shown("calibration.enabled=true"), 2);
    QTRY_COMPARE(shown("objective=dpo"), 3);
    QTRY_COMPARE(shown("objective=kto"), 0);
    QTRY_COMPARE(shown(""), 3);
  }

  void oneThatIsRenamedStaysWhereItIs() {
    make_run(there(), {.name = "dpo", .steps = 40});
    make_run(there(), {.name = "ipo", .objective = "ipo", .steps = 40});
    make_run(box_.runs(), {.name = "here", .steps = 4});
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read && run("ipo") && run("ipo")->read, 20000);
    QVERIFY(window().dock()->select(copyOf("dpo")));
    QTRY_VERIFY_WITH_TIMEOUT(link().mirror(QStringLiteral("dpo")).phase == MirrorStanding::Phase::ended, 20000);
    QTRY_COMPARE(window().stack()->currentWidget(), &page());
    const auto file = [&](const char* name) {
      struct stat about {};
      return ::stat(copyOf(name).toLocal8Bit().constData(), &about) == 0 ? about.st_ino : 0;
    };
    const auto copy = file("dpo");
    QVERIFY(copy != 0);
    QSignalSpy left(window().stack(), &QStackedWidget::currentChanged);
    QStringList wrong;
    const auto look = [&] {
      if (!run("named")) return;
      if (run("dpo")) wrong << QStringLiteral("the old one is back");
      if (!run("named")->read) wrong << QStringLiteral("as if it were new");
      if (window().dock()->selectedRecords() != QStringList{copyOf("named")}) wrong << QStringLiteral("not selected");
    };
    connect(window().model(), &QAbstractItemModel::rowsInserted, this, look);
    connect(window().library(), &RunLibrary::settled, this, look);
    connect(window().servers(), &Servers::runsChanged, this, look);
    window().dock()->edits()->rename(run("dpo"), QStringLiteral("named"));
    QTRY_VERIFY_WITH_TIMEOUT(run("named"), 20000);
    QTest::qWait(2500);  // the server has looked, and the library as well
    disconnect(window().library(), nullptr, this, nullptr);
    disconnect(window().servers(), nullptr, this, nullptr);
    disconnect(window().model(), nullptr, this, nullptr);
    look();
    QCOMPARE(wrong, QStringList());
    QCOMPARE(left.count(), 0);
    QCOMPARE(page().loader()->records(), QStringList{copyOf("named")});
    QTRY_VERIFY(page().loader()->run(copyOf("named")) && page().loader()->run(copyOf("named"))->last_step() == 40);
    // Its copy is the one that there was, and goes on being one.
    QCOMPARE(file("named"), copy);
    QVERIFY(!QFile::exists(QFileInfo(copyOf("dpo")).path()));
    QVERIFY(link().follows(QStringLiteral("named")) && !link().follows(QStringLiteral("dpo")));
    QTRY_VERIFY(link().mirror(QStringLiteral("named")).phase == MirrorStanding::Phase::ended);
  }

  void foldersOfRunsThereAreGroups() {
    make_run(there() / "sweep", {.name = "dpo", .steps = 4});
    connectFar();
    const QString run = QStringLiteral("sweep/dpo");
    QTRY_VERIFY_WITH_TIMEOUT(window().model()->find(link().mirrorOf(run)).isValid(), 20000);
    const auto at = window().model()->find(link().mirrorOf(run));
    QCOMPARE(at.data().toString(), QStringLiteral("dpo"));
    QCOMPARE(at.parent().data().toString(), QString::fromUtf8("far · sweep (1)"));
    QVERIFY(!group().isValid());
    QVERIFY(QDir(far_->runs() + QStringLiteral("/sweep")).removeRecursively());
    QTRY_COMPARE_WITH_TIMEOUT(groupText(), QStringLiteral("far (0)"), 20000);
  }

  void aLiveRunGrowsOnTheScreenAndOutlivesCuts() {
    MadeRun made{.name = "live", .steps = 500, .state = RunState::running};
    auto writer = begin_run(there(), made);
    for (int step = 1; step <= 20; ++step) append_step(writer, made, step);
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("live") && run("live")->read, 20000);
    QVERIFY(window().dock()->select(copyOf("live")));
    const auto shown = [&] {
      const auto read = page().loader()->run(copyOf("live"));
      return read ? read->last_step() : 0;
    };
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 20.0, 20000);
    append_step(writer, made, 21);
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 21.0, 20000);
    far_->cut();
    QTRY_VERIFY_WITH_TIMEOUT(link().state() == ServerLink::State::lost, 20000);
    QTRY_VERIFY(
        group().siblingAtColumn(RunModel::Progress).data().toString().startsWith(QStringLiteral("not reached since ")));
    for (int step = 22; step <= 30; ++step) append_step(writer, made, step);
    QTRY_VERIFY(page().findChild<ProblemBar*>()->text().contains(QStringLiteral("the copy as it was then")));
    QCOMPARE(shown(), 21.0);
    far_->mend();
    link().tryNow();
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 30.0, 30000);
    QCOMPARE(groupText(), QStringLiteral("far (1)"));
    writer.set_status(RunState::done);
    writer.close();
    QTRY_VERIFY_WITH_TIMEOUT(link().mirror(QStringLiteral("live")).phase == MirrorStanding::Phase::ended, 20000);
    QTRY_VERIFY(page().loader()->run(copyOf("live")) && !page().loader()->run(copyOf("live"))->live());
    QCOMPARE(serve_test::hdf5_difference((there() / "live/run.h5").string(), copyOf("live").toStdString()),
             std::string());
  }

  void oneThatComesBackUnderItsNameIsFollowedAnew() {
    make_run(there(), {.name = "dpo", .steps = 40});
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read, 20000);
    QVERIFY(window().dock()->select(copyOf("dpo")));
    QTRY_VERIFY_WITH_TIMEOUT(link().mirror(QStringLiteral("dpo")).phase == MirrorStanding::Phase::ended, 20000);
    far_->cut();
    QTRY_VERIFY_WITH_TIMEOUT(link().state() == ServerLink::State::lost, 20000);
    QVERIFY(QDir(far_->runs() + QStringLiteral("/dpo")).removeRecursively());
    far_->mend();
    link().tryNow();
    QTRY_VERIFY_WITH_TIMEOUT(!run("dpo"), 30000);
    QVERIFY(!link().follows(QStringLiteral("dpo")));
    make_run(there(), {.name = "dpo", .steps = 60});
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read, 20000);
    QVERIFY(window().dock()->select(copyOf("dpo")));
    const auto shown = [&] {
      const auto read = page().loader()->run(copyOf("dpo"));
      return read ? read->last_step() : 0;
    };
    QTRY_COMPARE_WITH_TIMEOUT(shown(), 60.0, 20000);
  }

  void whatWasCopiedIsThereWithoutTheServer() {
    make_run(there(), {.name = "dpo", .steps = 40});
    make_run(there(), {.name = "never", .objective = "ipo", .steps = 40});
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read && run("never") && run("never")->read, 20000);
    QVERIFY(window().dock()->select(copyOf("dpo")));
    QTRY_VERIFY_WITH_TIMEOUT(link().mirror(QStringLiteral("dpo")).phase == MirrorStanding::Phase::ended, 20000);
    window().close();
    box_.window.reset();
    far_->cut();
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("never"), 20000);
    QTRY_COMPARE(window().dock()->selectedRecords(), QStringList{copyOf("dpo")});  // as when the window was closed
    QTRY_VERIFY(page().loader()->run(copyOf("dpo")) && page().loader()->run(copyOf("dpo"))->last_step() == 40);
    QVERIFY(window().dock()->select(copyOf("never")));
    auto* state = window().findChild<QLabel*>(QStringLiteral("remote-state"));
    QTRY_VERIFY(state->isVisible() && state->text().contains(QStringLiteral("no way to far")));
    QVERIFY(state->text().contains(QStringLiteral("no copy of this run here yet")));
    far_->mend();
    window().findChild<QPushButton*>(QStringLiteral("connect-again"))->click();
    QTRY_VERIFY_WITH_TIMEOUT(page().loader()->run(copyOf("never")), 30000);
  }

  void whatWasAnsweredComesWithIt() {
    const MadeRun made{.name = "asked", .steps = 20};
    auto writer = begin_run(there(), made);
    for (int step = 1; step <= made.steps; ++step) append_step(writer, made, step);
    EvaluationRow row;
    row.step = made.steps;
    row.task = "colours";
    row.metric = "acc";
    row.filter = "none";
    row.value = 1;
    row.samples = 1;
    writer.append_evaluation(std::vector<EvaluationRow>{row});
    writer.set_status(RunState::done);
    writer.close();
    const auto kept = evaluation_folder(there() / "asked/run.h5", made.steps);
    std::filesystem::create_directories(kept);
    std::ofstream(kept / "results.json") << R"({"results":{"colours":{"alias":"Colours"}}})";
    std::ofstream(kept / "samples_colours.jsonl")
        << R"({"doc_id":0,"target":"1","arguments":{"gen_args_0":{"arg_0":"Which?","arg_1":" red"}},)"
        << R"("filtered_resps":[["-1","False"]],"filter":"none","metrics":["acc"],"doc_hash":"h","acc":1.0})"
        << "\n";
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("asked") && run("asked")->read, 20000);
    QVERIFY(window().dock()->select(copyOf("asked")));
    page().setTab(RunPage::Evaluation);
    const auto scores = [&] {
      const auto read = page().loader()->run(copyOf("asked"));
      return read ? read->scores : nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(scores() && scores()->items.size() == 1, 20000);
    // It is read anew when the last of the files has come.
    QTRY_COMPARE(scores()->alias("colours"), std::string("Colours"));
    QCOMPARE(read_task_answers(evaluation_folder(copyOf("asked").toStdString(), made.steps), "colours").size(),
             std::size_t(1));
    page().setTab(RunPage::Dynamics);
  }

  void aCopyThatCannotBeWrittenIsTriedAgain() {
    make_run(there(), {.name = "dpo", .steps = 10});
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read, 20000);
    // A file stands where the folder is to be.
    const QString place = QFileInfo(copyOf("dpo")).path();
    QDir().mkpath(QFileInfo(place).path());
    write_file(place, "x");
    QVERIFY(window().dock()->select(copyOf("dpo")));
    auto* state = window().findChild<QLabel*>(QStringLiteral("remote-state"));
    QTRY_VERIFY_WITH_TIMEOUT(link().mirror(QStringLiteral("dpo")).phase == MirrorStanding::Phase::failed, 20000);
    QTRY_VERIFY(state->isVisible() && state->text().contains(place));
    QVERIFY(QFile::remove(place));
    QTRY_VERIFY_WITH_TIMEOUT(page().loader()->run(copyOf("dpo")), 40000);
  }

  void oneThereAndItsNamesakeHereCompare() {
    make_run(there(), {.name = "dpo", .steps = 40, .seed = 2});
    make_run(box_.runs(), {.name = "dpo", .steps = 40});
    connectFar();
    QTRY_VERIFY_WITH_TIMEOUT(run("dpo") && run("dpo")->read && box_.run(QStringLiteral("dpo")), 20000);
    QTRY_COMPARE(window().dock()->selectAll({box_.record(QStringLiteral("dpo")), copyOf("dpo")}), 2);
    QTRY_COMPARE_WITH_TIMEOUT(page().loader()->runs().size(), std::size_t(2), 20000);
    QVERIFY(shown_names(page().shown()).contains(QString::fromUtf8("dpo · far")));
  }
};

QTEST_MAIN(TestRemoteRuns)
#include "test_remote_runs.moc"
