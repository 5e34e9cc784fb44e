// SPDX-License-Identifier: GPL-3.0-or-later
// New experiment on a server: the engine's own, behind a program in place of ssh.
#include <QAbstractItemModelTester>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardItemModel>
#include <QStandardPaths>
#include <QTest>
#include <QTextEdit>
#include <QToolButton>
#include <QTreeView>

#include "app/base/elided_line.h"
#include "app/launch/data_panel.h"
#include "app/launch/launch_page.h"
#include "app/launch/pair_example.h"
#include "app/launch/recent_paths.h"
#include "app/launch/remote_folder_dialog.h"
#include "app/launch/runs_table.h"
#include "app/launch/send_bar.h"
#include "app/launch/spec_field.h"
#include "app/launch/spec_form.h"
#include "app/launch/where_choice.h"
#include "app/spec/toml_literals.h"
#include "core/record/record_reader.h"
#include "tests/app/far_server.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestWhere : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<FarServer> far_;
  std::unique_ptr<ServerLink> link_;
  std::unique_ptr<LaunchPage> page_;

  QComboBox* choice() const { return page_->findChild<QComboBox*>("where"); }
  QLineEdit* line(const char* key) const { return page_->findChild<QLineEdit*>(key); }
  void setKey(const char* key, const QString& value) {
    SpecText spec(page_->text());
    spec.set(key, value);
    page_->setText(spec.text());
  }
  [[nodiscard]] bool reached() {
    return QTest::qWaitFor([&] { return link_->ready(); }, kPatienceMs);
  }
  void chooseServer() {
    const int row = choice()->findData("far");
    choice()->setCurrentIndex(row);
    Q_EMIT choice()->activated(row);
  }
  /// A spec that trains for two steps there.
  void fillIn(const QString& name, const QString& more = {}) {
    page_->setText("[run]\nname = \"" + name +
                   "\"\ndevice = \"cpu\"\n[model]\npath = \"\"\n[data]\ntrain = \"\"\nmax_length = 160\n"
                   "max_prompt_length = 96\n[training]\nbatch_size = 4\nmicro_batch = 2\nsteps = 2\n" +
                   more);
    setKey("model.path", toml_quoted(far_->path("models/tiny")));
    setKey("data.train", toml_quoted(far_->path("data/pairs.jsonl")));
  }
  bool trained(const QString& name) const {
    const QString record = far_->runs() + "/" + name + "/run.h5";
    if (!QFile::exists(record)) return false;
    try {
      const auto run = RecordReader::open(record.toStdString());
      return run.state() == RunState::done && run.steps() == 2;
    } catch (const std::exception&) {
      return false;  // it is being made
    }
  }

 private Q_SLOTS:
  void initTestCase() {
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test-where");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
  }
  void init() {
    QSettings().clear();
    far_ = std::make_unique<FarServer>();
    far_->addModel("tiny");
    far_->addPairs("pairs.jsonl");
    far_->use();
    link_ = std::make_unique<ServerLink>(far_->address(), far_->path("mirrors"));
    page_ = std::make_unique<LaunchPage>();
    page_->setRunsFolder(folder_.filePath("runs"));
    page_->setPlaces({link_.get()});
    page_->resize(1100, 760);
    page_->show();
    QVERIFY(QTest::qWaitForWindowExposed(page_.get()));
  }
  void cleanup() {
    page_.reset();
    link_.reset();
    // What was started there may be about to end, and still write.
    QTRY_VERIFY(QDir(far_->path({})).removeRecursively());
    far_.reset();
  }

  void aServerIsChosenOnceItIsReached() {
    QCOMPARE(choice()->count(), 2);
    const auto* model = qobject_cast<QStandardItemModel*>(choice()->model());
    QVERIFY(!model->item(1)->isEnabled());
    link_->connectToServer();
    QVERIFY(reached());
    QTRY_VERIFY(model->item(1)->isEnabled());
    QCOMPARE(choice()->itemText(1), QString("gpu-box"));
    page_->setModel("/local/model");
    page_->setData("/local/pairs.jsonl");
    chooseServer();
    QCOMPARE(page_->where()->id(), QString("far"));
    // What is this machine's stays here.
    QVERIFY2(!page_->text().contains("/local/"), qPrintable(page_->text()));
    QVERIFY(page_->findChild<ElidedLine*>("where-about")->whole().contains("cpu"));
    QVERIFY(page_->findChild<QLineEdit*>("runs-there")->text().contains("gpu-box"));
    QVERIFY(!page_->startButton()->isEnabled());
    QTRY_VERIFY(!page_->problem().isEmpty());
    QVERIFY(page_->choosePlace({}));
    QVERIFY(page_->text().contains("\"/local/model\"") && page_->text().contains("\"/local/pairs.jsonl\""));
    // Undo and Redo bring the machine with what the spec says of it.
    page_->undo();
    QCOMPARE(page_->where()->id(), QString("far"));
    QVERIFY(!page_->text().contains("/local/"));
    page_->undo();
    QCOMPARE(page_->where()->id(), QString());
    QVERIFY(page_->text().contains("\"/local/model\""));
    page_->redo();
    QCOMPARE(page_->where()->id(), QString("far"));
    page_->redo();
    QCOMPARE(page_->where()->id(), QString());
    QVERIFY(page_->text().contains("\"/local/pairs.jsonl\""));
    chooseServer();
    // What is typed for one machine may be what was said of another.
    page_->setModel("/local/model");
    page_->setData("/local/pairs.jsonl");
    QCOMPARE(page_->where()->id(), QString("far"));
    // And is chosen the next time.
    page_ = std::make_unique<LaunchPage>();
    QCOMPARE(page_->where()->id(), QString("far"));
    page_->setPlaces({link_.get()});
    QCOMPARE(page_->where()->reached(), link_.get());
    page_->setPlaces({});
    QCOMPARE(page_->where()->id(), QString());
    QVERIFY(page_->where()->isHidden());
  }

  void foldersThereAreBrowsed() {
    for (int i = 0; i < 620; ++i)
      write_file(far_->path(QString("data/part-%1.jsonl").arg(i, 4, 10, QLatin1Char('0'))), "{}\n");
    QDir().mkpath(far_->path("data/set/deep"));
    link_->connectToServer();
    QVERIFY(reached());
    RemoteFolderDialog models(link_.get(), RemoteFolderDialog::Kind::folder, "models", {});
    QAbstractItemModelTester tester(models.model());
    models.show();
    QTRY_COMPARE(models.model()->rowCount(), 1);
    QVERIFY(models.model()->item(0).model);
    QVERIFY(!models.chooseButton()->isEnabled());
    models.view()->setCurrentIndex(models.model()->index(0, 0));
    QVERIFY(models.chooseButton()->isEnabled());
    QSignalSpy chosen(&models, &RemoteFolderDialog::chosen);
    models.chooseButton()->click();
    QCOMPARE(chosen.size(), 1);
    QCOMPARE(QFileInfo(chosen[0][0].toString()).canonicalFilePath(),
             QFileInfo(far_->path("models/tiny")).canonicalFilePath());

    RemoteFolderDialog data(link_.get(), RemoteFolderDialog::Kind::file_or_folder, "data",
                            far_->path("data/set/none.jsonl"));
    data.show();
    QTRY_COMPARE(data.model()->rowCount(), 1);  // the folder that the path lies in
    QCOMPARE(data.model()->item(0).name, QString("deep"));
    data.findChild<QToolButton*>()->click();
    QTRY_VERIFY(data.model()->rowCount() >= 400);
    QCOMPARE(data.model()->item(0).name, QString("pairs.jsonl"));
    QVERIFY(data.model()->item(0).bytes > 0 && data.model()->item(0).changed.isValid());
    QTRY_VERIFY([&] {
      data.view()->scrollToBottom();
      return data.model()->rowCount() == 622;
    }());
    QCOMPARE(data.model()->item(621).name, QString("set"));
    // What is gone there is said, and the line's end too.
    QDir(far_->path("data/set")).removeRecursively();
    Q_EMIT data.view()->activated(data.model()->index(621, 0));
    QTRY_VERIFY2(data.said().contains("does not list"), qPrintable(data.said()));
    QVERIFY(!data.chooseButton()->isEnabled());
  }

  void dataAreLookedAtAndPlannedThere() {
    link_->connectToServer();
    QVERIFY(reached());
    chooseServer();
    fillIn("far", "[sweep]\n\"calibration.enabled\" = [false, true]\n");
    auto* example = page_->trainPanel()->example();
    QTRY_VERIFY(page_->trainPanel()->isVisible());
    QVERIFY2(example->view()->toPlainText().contains("Chosen"), qPrintable(example->view()->toPlainText()));
    QVERIFY2(!page_->trainPanel()->facts().contains("pairs"), qPrintable(page_->trainPanel()->facts()));
    QVERIFY(page_->trainPanel()->concerns().isEmpty());
    example->nextButton()->click();
    QCOMPARE(example->index(), 1);
    QTRY_VERIFY2(page_->outlook().contains("iB"), qPrintable(page_->outlook() + page_->problem()));
    QVERIFY2(page_->outlook().contains("2 steps of 4 pairs"), qPrintable(page_->outlook()));
    QVERIFY(page_->runsTable()->item(0, page_->runsTable()->columnCount() - 2)->text().contains("iB"));
    QVERIFY(page_->startButton()->isEnabled());
    // The model and data are not looked for on this machine.
    QVERIFY(page_->model().folder.isEmpty());
    QVERIFY(page_->data().first_rows && page_->data().survey->pairs.empty());
    // A path that the server does not serve.
    setKey("model.path", "\"/etc\"");
    QTRY_VERIFY2(page_->problem().contains("/etc"), qPrintable(page_->problem()));
    QVERIFY(!page_->outlook().contains("iB"));
    // The line goes: that is said, and the plan comes when it is back.
    setKey("model.path", toml_quoted(far_->path("models/tiny")));
    far_->cut();
    QTRY_VERIFY2(page_->problem().contains("not reached"), qPrintable(page_->problem()));
    QVERIFY(!page_->startButton()->isEnabled());
    QTRY_VERIFY2(page_->outlook().contains("iB"), qPrintable(page_->outlook() + page_->problem()));
    QTRY_VERIFY(page_->startButton()->isEnabled());
    // Names that are taken there.
    page_->setTaken([](const QString& server, const QString& name) { return server == "far" && name == "far"; });
    page_->checkNames();
    QVERIFY2(page_->problem().contains("far-2"), qPrintable(page_->problem()));
    QVERIFY(!page_->startButton()->isEnabled());
    page_->begin();
    QVERIFY(page_->text().contains("\"far-2\""));
  }

  void runsAreStartedAndQueuedThere() {
    link_->connectToServer();
    QVERIFY(reached());
    chooseServer();
    fillIn("one");
    QSignalSpy started(page_.get(), &LaunchPage::startedElsewhere), here(page_.get(), &LaunchPage::startAsked);
    QTRY_VERIFY(page_->startButton()->isEnabled());
    page_->startButton()->click();
    QVERIFY(!page_->startButton()->isEnabled());
    QTRY_COMPARE(started.size(), 1);
    QCOMPARE(started[0][0].toString(), QString("far"));
    QCOMPARE(started[0][1].toStringList(), QStringList{"one"});
    QTRY_VERIFY(trained("one"));
    fillIn("two");
    QTRY_VERIFY(page_->queueButton()->isEnabled());
    page_->queueButton()->click();
    QTRY_COMPARE(started.size(), 2);
    QTRY_VERIFY(trained("two"));
    QCOMPARE(here.size(), 0);
    QVERIFY(!QDir(folder_.filePath("runs")).exists());
    QCOMPARE(recent_paths(PathKind::data, "far").value(0), far_->path("data/pairs.jsonl"));
    QVERIFY(recent_paths(PathKind::data).isEmpty());
    // The server's own words where it refuses.
    fillIn("bad");
    setKey("data.train", "\"/etc/passwd\"");
    QTRY_VERIFY(page_->startButton()->isEnabled());
    page_->startButton()->click();
    QTRY_VERIFY2(page_->problem().contains("Not started"), qPrintable(page_->problem()));
    QCOMPARE(started.size(), 2);
  }

  void aFileOfThisMachineIsSentAlong() {
    const QString file = folder_.filePath("mine.jsonl");
    write_file(file, hh_rows(2000));
    link_->connectToServer();
    QVERIFY(reached());
    chooseServer();
    fillIn("sent");
    setKey("data.train", "\"\"");
    page_->form()->field("data.train")->sendFile(file);
    QVERIFY(page_->sending()->isVisible());
    QVERIFY(!page_->startButton()->isEnabled());
    QTRY_VERIFY(page_->text().contains("-mine.jsonl\""));
    QVERIFY(!page_->sending()->isVisible());
    QTRY_VERIFY2(page_->trainPanel()->isVisible(), qPrintable(page_->problem()));
    QVERIFY(page_->trainPanel()->example()->view()->toPlainText().contains("question"));
    QTRY_VERIFY(page_->startButton()->isEnabled());
    // Of a server that serves no data.
    auto address = far_->address();
    address.data.clear();
    ServerLink bare(address, far_->path("mirrors"));
    page_->setPlaces({&bare});
    bare.connectToServer();
    QTRY_VERIFY(page_->where()->reached() == &bare);
    auto* menu = page_->form()->field("data.train")->findChild<QToolButton*>("pick")->menu();
    Q_EMIT menu->aboutToShow();
    QVERIFY(menu->actions().size() >= 2);
    menu->actions().at(1)->trigger();
    const auto* note = page_->form()->field("data.train")->findChild<ElidedLine*>();
    QVERIFY2(note->whole().contains("no folder of data"), qPrintable(note->whole()));
    page_->setPlaces({});
  }

  void devicesThereCanBeChosen() {
    link_->connectToServer();
    QVERIFY(reached());
    auto* field = page_->form()->field("run.device");
    QVERIFY(!field->findChild<QToolButton*>("pick"));
    chooseServer();
    auto* pick = field->findChild<QToolButton*>("pick");
    QVERIFY(pick && !pick->isHidden());
    Q_EMIT pick->menu()->aboutToShow();
    QVERIFY(pick->menu()->actions().size() >= 2);
    pick->menu()->actions().at(1)->trigger();
    QVERIFY2(page_->text().contains("device = \"cpu\""), qPrintable(page_->text()));
    page_->choosePlace({});
    QVERIFY(pick->isHidden());
    QVERIFY(!page_->text().contains("device = \"cpu\""));
  }
};

QTEST_MAIN(TestWhere)
#include "test_where.moc"
