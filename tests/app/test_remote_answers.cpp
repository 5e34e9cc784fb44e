// SPDX-License-Identifier: GPL-3.0-or-later
// New experiment on a server that answers nonsense, and one whose paths must not be looked for on this machine.
#include <sys/inotify.h>
#include <unistd.h>

#include <QComboBox>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>

#include "app/launch/data_panel.h"
#include "app/launch/launch_page.h"
#include "app/launch/remote_folder_dialog.h"
#include "app/launch/remote_plan.h"
#include "app/launch/remote_rows.h"
#include "app/launch/where_choice.h"
#include "app/spec/toml_literals.h"
#include "tests/app/far_server.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestRemoteAnswers : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<FarServer> far_;
  std::unique_ptr<ServerLink> link_;

  [[nodiscard]] bool reach(const QByteArray& hello) {
    far_->useTold(hello);
    link_ = std::make_unique<ServerLink>(far_->address(), far_->path("mirrors"));
    link_->connectToServer();
    return QTest::qWaitFor([&] { return link_->ready(); }, kPatienceMs);
  }
  static QByteArray roots(const QString& folder) {
    return ",\"devices\":[{\"name\":\"cpu\"}],\"roots\":[\"runs\",\"data/0\",\"models/0\"],\"folders\":[\"" +
           (folder + "/runs\",\"" + folder + "/data\",\"" + folder + "/models\"]").toUtf8();
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test-answers-there");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
  }
  void init() {
    QSettings().clear();
    far_ = std::make_unique<FarServer>();
  }
  void cleanup() {
    link_.reset();
    far_.reset();
  }

  void plansAreReadWithCare() {
    const auto plans = [](const char* json) { return plans_of(wire::Json::parse(json)); };
    QVERIFY(plans("{}").empty());
    QVERIFY(plans("{\"plans\":7}").empty());
    QVERIFY(plans("{\"plans\":[7,null,\"x\",{},{\"memory\":[]}]}").empty());
    QVERIFY(plans("{\"plans\":[{\"memory\":{\"total\":1e300}}]}").empty());
    QVERIFY(plans("{\"plans\":[{\"memory\":{\"total\":1},\"tokens_per_step\":-1}]}").empty());
    QVERIFY(plans("{\"plans\":[{\"memory\":{\"total\":1},\"seconds_total\":1e99}]}").empty());
    const auto good = plans(
        "{\"plans\":[{\"name\":\"a\",\"memory\":{\"activations\":3,\"optimizer\":2,\"weights\":1,\"total\":6},"
        "\"steps\":4}]}");
    QCOMPARE(good.size(), std::size_t(1));
    QCOMPARE(good[0].memory.front().first, QString("weights"));
    QCOMPARE(good[0].memory.back().first, QString("activations"));
    QCOMPARE(good[0].steps, 4);
  }

  void rowsAreReadWithCare() {
    const DataQuestion question{"/d/pairs.jsonl", nullptr, {}, {}};
    const auto rows = [&](const char* json) { return summary_of_rows(wire::Json::parse(json), question); };
    for (const char* json : {"{}", "{\"rows\":{}}", "{\"rows\":[null,1,[],\"no json\",\"{}\",\"[1]\",\"null\"]}"}) {
      const auto look = rows(json);
      QVERIFY(!look.survey && look.first_rows && look.file == question.file);
      QVERIFY(data_facts(look).isEmpty());
    }
    const auto look =
        rows("{\"rows\":[null,\"{\\\"prompt\\\":\\\"p\\\",\\\"chosen\\\":\\\"c\\\",\\\"rejected\\\":\\\"r\\\"}\"]}");
    QVERIFY(look.survey);
    QCOMPARE(look.survey->examples.size(), std::size_t(1));
    QCOMPARE(look.survey->examples[0].ids.row, std::int64_t(1));
  }

  void folders_data() {
    QTest::addColumn<QByteArray>("members");
    QTest::addColumn<int>("rows");
    QTest::newRow("nothing") << QByteArray() << -1;
    QTest::newRow("no list") << QByteArray("\"items\":{}") << -1;
    QTest::newRow("no items") << QByteArray("\"items\":[1,null,{},{\"name\":7},{\"name\":\"a/b\"},{\"name\":\"..\"}]")
                              << 0;
    QTest::newRow("odd values")
        << QByteArray(
               "\"items\":[{\"name\":\"a\",\"folder\":\"yes\",\"bytes\":-5,\"changed\":1e300},{\"name\":\"b\","
               "\"bytes\":18446744073709551615,\"changed\":18446744073709551615,\"model\":true}]")
        << 2;
    QTest::newRow("endless") << QByteArray("\"items\":[],\"next\":5,\"all\":18446744073709551615") << 0;
    QTest::newRow("backwards") << QByteArray("\"items\":[{\"name\":\"a\"}],\"next\":0,\"all\":9") << 1;
  }
  void folders() {
    QFETCH(QByteArray, members);
    QFETCH(int, rows);
    QVERIFY(reach(roots(far_->path("there"))));
    far_->answer("folder", members);
    RemoteFolderDialog dialog(link_.get(), RemoteFolderDialog::Kind::file_or_folder, "data", {});
    dialog.show();
    if (rows < 0) {
      QTRY_COMPARE(dialog.model()->phase(), RemoteFolderModel::Phase::failed);
      QVERIFY(!dialog.chooseButton()->isEnabled());
    } else {
      QTRY_COMPARE(dialog.model()->phase(), RemoteFolderModel::Phase::there);
      QCOMPARE(dialog.model()->rowCount(), rows);
    }
  }

  void jobsOfSlurmAreSubmitted() {
    QVERIFY(reach(roots(far_->path("there")) + ",\"jobs\":\"slurm\""));
    far_->answer("start", "\"runs\":[\"dpo\",\"dpo-rc\"],\"ids\":[\"1\",\"2\"]");
    far_->answer("queue", "\"runs\":{\"dpo\":1}");
    LaunchPage page;
    page.setPlaces({link_.get()});
    page.show();
    QVERIFY(page.choosePlace("far"));
    QCOMPARE(page.startButton()->text(), QString("Submit job"));
    page.setModel("/m");
    page.setData("/d.jsonl");
    QTRY_VERIFY(page.startButton()->isEnabled());
    QSignalSpy started(&page, &LaunchPage::startedElsewhere);
    page.startButton()->click();
    QTRY_COMPARE(started.size(), 1);
    QCOMPARE(started[0][1].toStringList().size(), 2);
    page.queueButton()->click();
    QTRY_COMPARE(started.size(), 2);
    QVERIFY(started[1][1].toStringList().isEmpty());
    page.choosePlace({});
    QCOMPARE(page.startButton()->text(), QString("Start"));
  }

  void theAnswerOfAnEarlierServerDoesNotFreeStart() {
    QVERIFY(reach(roots(far_->path("there"))));
    auto address = far_->address();
    address.id = address.name = QStringLiteral("second");
    ServerLink second(address, far_->path("mirrors"));
    second.connectToServer();
    QTRY_VERIFY(second.ready());
    LaunchPage page;
    page.setPlaces({link_.get(), &second});
    page.show();
    QSignalSpy started(&page, &LaunchPage::startedElsewhere);
    const auto start = [&](const QString& place) {
      if (!page.choosePlace(place)) return false;
      page.setModel("/m");
      page.setData("/d.jsonl");
      if (!QTest::qWaitFor([&] { return page.startButton()->isEnabled(); }, kPatienceMs)) return false;
      page.startButton()->click();
      return page.handingOver();
    };
    // The file that a server wrote down what it was asked in, and the number of the only start that is in it.
    const auto asked = [&] {
      QFile file(far_->path("answers/asked"));
      QByteArrayList ids;
      if (file.open(QIODevice::ReadOnly)) {
        for (const auto& line : file.readAll().split('\n')) {
          const auto request = wire::Json::parse(line.toStdString(), nullptr, false);
          if (request.is_object() && request.value("request", "") == "start")
            ids << QByteArray::number(request.at("id").get<int>());
        }
      }
      return ids;
    };
    // Answers to it come in front of that to another request.
    const auto answer = [&](ServerLink* link, const QByteArray& id, const QByteArray& members) {
      write_file(far_->path("answers/folder"),
                 "{\"v\":1,\"id\":" + id + "," + members + "}\n{\"v\":1,\"id\":@ID@,\"ok\":true}\n");
      bool done = false;
      link->ask(wire::Ask::folder, {{"root", "runs"}, {"path", ""}}, &page, [&](const wire::Outcome&) { done = true; });
      return QTest::qWaitFor([&] { return done; }, kPatienceMs);
    };
    QVERIFY(start("far"));
    QTRY_COMPARE(asked().size(), 1);
    QVERIFY(start("second"));
    QTRY_COMPARE(asked().size(), 2);
    QVERIFY(answer(link_.get(), asked()[0], "\"ok\":false,\"refusal\":\"failed\",\"error\":\"no room\""));
    QVERIFY(page.handingOver() && !page.startButton()->isEnabled());
    QVERIFY2(page.problem().contains("Not started on gpu-box: no room"), qPrintable(page.problem()));
    QVERIFY(answer(&second, asked()[1], "\"ok\":true,\"runs\":[\"dpo\"]"));
    QVERIFY(!page.handingOver());
    QVERIFY(started.size() == 1 && started[0][0].toString() == "second");
  }

  void nothingOfThisMachineIsTouched() {
    // What lies at the server's paths here is another machine's by chance.
    make_model(far_->path("there/models/m"));
    QDir().mkpath(far_->path("there/data"));
    QDir().mkpath(far_->path("there/runs"));
    write_file(far_->path("there/data/pairs.jsonl"), hh_rows(20));
    const int watch = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    for (const char* place : {"there/models/m", "there/models", "there/data", "there/runs"})
      QVERIFY(::inotify_add_watch(watch, far_->path(place).toLocal8Bit().constData(),
                                  IN_OPEN | IN_ACCESS | IN_CREATE) >= 0);
    QVERIFY(reach(roots(far_->path("there"))));
    far_->answer("data_rows",
                 "\"rows\":[\"{\\\"prompt\\\":\\\"p\\\",\\\"chosen\\\":\\\"c\\\",\\\"rejected\\\":\\\"r\\\"}\"]");
    far_->answer("plan", "\"plans\":[{\"name\":\"dpo\",\"memory\":{\"total\":3221225472},\"steps\":3}]");
    far_->answer("start", "\"runs\":[\"dpo\",7,null],\"ids\":{}");
    LaunchPage page;
    page.setRunsFolder(folder_.filePath("runs"));
    page.setPlaces({link_.get()});
    page.show();
    QTRY_VERIFY(page.choosePlace("far"));
    page.setModel(far_->path("there/models/m"));
    page.setData(far_->path("there/data/pairs.jsonl"));
    QTRY_VERIFY(page.trainPanel()->isVisibleTo(&page) && page.data().survey);
    QTRY_VERIFY2(page.outlook().contains("3.0 GiB"), qPrintable(page.outlook() + page.problem()));
    QVERIFY(page.startButton()->isEnabled());
    QSignalSpy started(&page, &LaunchPage::startedElsewhere);
    page.startButton()->click();
    QTRY_COMPARE(started.size(), 1);
    QCOMPARE(started[0][1].toStringList(), QStringList{"dpo"});
    char event[4096];
    QVERIFY2(::read(watch, event, sizeof event) < 0, "a file at the server's paths was opened here");
    ::close(watch);
  }
};

QTEST_MAIN(TestRemoteAnswers)
#include "test_remote_answers.moc"
