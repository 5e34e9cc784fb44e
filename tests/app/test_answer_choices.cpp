// SPDX-License-Identifier: GPL-3.0-or-later
// Whom the Answers tab asks, what, and with which settings: runs of one name are two, what was chosen when it was sent
// counts, what is gone is said, and what is saved is saved.
#include <QComboBox>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include "app/answers/answer_board.h"
#include "app/answers/answer_form.h"
#include "app/answers/answer_log.h"
#include "app/answers/answer_runner.h"
#include "app/answers/answers_tab.h"
#include "app/base/color_scheme.h"
#include "app/base/elided_line.h"
#include "app/library/pair_data.h"
#include "core/error.h"
#include "core/input/sha256.h"
#include "tests/app/record_maker.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestAnswerChoices : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;
  std::unique_ptr<AnswersTab> tab_;

  QString path(const QString& name) const { return folder_.filePath(name); }
  void put(const QString& name, const QByteArray& content) const {
    QDir().mkpath(QFileInfo(path(name)).absolutePath());
    QFile file(path(name));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
  }
  QByteArray bytes(const QString& name) const {
    QFile file(path(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
  }
  /// The run `name` in the folder `seed`, with a pair of its own.
  RunEntryPtr run(const QString& seed, const QString& name) const {
    return read_entry({path(seed + "/" + name + "/run.h5"), path(seed), name});
  }
  static QByteArray pair_of(const QByteArray& word) {
    return "{\"prompt\":\"" + word + "?\",\"chosen\":\"yes\",\"rejected\":\"no\"}\n";
  }
  QString data_of(const QString& seed) const { return seed + "/dpo/data/hh-harmless.jsonl"; }
  const AnswerEntry& entry(int row) const { return tab_->log()->entry(row); }
  void ask(const QString& prompt) const {
    tab_->form()->setText(prompt);
    tab_->send();
    QTRY_VERIFY(!tab_->runner()->busy());
  }
  QStringList offered() const {
    QStringList names;
    for (const auto* action : tab_->form()->findChild<QToolButton*>("answer-models")->menu()->actions())
      names << action->text();
    return names;
  }

 private Q_SLOTS:
  void initTestCase() {
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
    QDir(folder_.path()).mkpath("hold");
    qputenv("FAKE_ENGINE_HOLD", path("hold").toUtf8());
    qputenv("BANDSCOPE_ENGINE", FAKE_ENGINE);
    for (const char* seed : {"a", "b"}) {
      put(data_of(seed), pair_of(seed));
      make_run(path(seed).toStdString(),
               {.name = "dpo", .steps = 4, .data_sha256 = sha256_of(pair_of(seed).toStdString())});
    }
    put("a/dpo/checkpoint-00000002/DONE", "");
  }
  void init() {
    QSettings().clear();
    QFile::remove(path("hold/answer"));
    tab_ = std::make_unique<AnswersTab>();
    tab_->resize(900, 600);
    tab_->setRuns({run("a", "dpo"), run("b", "dpo")});
    tab_->show();
  }
  void cleanup() { tab_.reset(); }

  void two_runs_of_one_name_are_two() {
    QCOMPARE(offered().mid(0, 2), (QStringList{"dpo", "dpo (2)"}));
    // The choice belongs to the run, wherever it stands.
    tab_->form()->chooseModel(1, false);
    tab_->setRuns({run("b", "dpo"), run("a", "dpo")});
    QCOMPARE(tab_->form()->chosenModels(), std::vector<int>{1});
    tab_->form()->chooseModel(0, true);
    tab_->setRuns({run("a", "dpo"), run("b", "dpo")});
    ask("one");
    QCOMPARE(entry(0).answers[0].label, "dpo");
    QCOMPARE(entry(0).answers[1].label, "dpo (2)");
    // Of a page that has the other one alone, it is the same model.
    tab_->setRuns({run("b", "dpo")});
    QCOMPARE(offered().front(), "dpo");
    ask("two");
    QCOMPARE(entry(1).answers.size(), std::size_t(1));
    tab_->saveLines(path("out.jsonl"));
    tab_->saveAlpaca(path("out.json"));
    QTRY_VERIFY(!bytes("out-dpo-2.json").isEmpty());
    QCOMPARE(QJsonDocument::fromJson(bytes("out-dpo.json")).array().size(), 1);
    QCOMPARE(QJsonDocument::fromJson(bytes("out-dpo-2.json")).array().size(), 2);
    QStringList generators;
    for (const auto& line : bytes("out.jsonl").trimmed().split('\n'))
      generators << QJsonDocument::fromJson(line).object()["generator"].toString();
    QCOMPARE(generators, (QStringList{"dpo", "dpo (2)", "dpo (2)"}));
  }

  void a_pair_is_of_the_run_that_it_was_chosen_in() {
    tab_->form()->setSource(AnswerForm::Pair);
    const auto* said = tab_->form()->findChild<ElidedLine*>("answer-pair-run");
    QVERIFY(said->whole().endsWith("dpo"));
    tab_->setPair(run("b", "dpo")->found.record, 0);
    QVERIFY2(said->isVisible() && said->whole().contains("dpo (2)"), qPrintable(said->whole()));
    tab_->send();
    QTRY_COMPARE(tab_->log()->rowCount(), 1);
    QCOMPARE(entry(0).prompt.question, "b?");
    // A run that is not on the page any more is not asked for.
    tab_->setRuns({run("a", "dpo")});
    QVERIFY(!said->isVisible());
    tab_->send();
    QTRY_COMPARE(tab_->log()->rowCount(), 2);
    QCOMPARE(entry(1).prompt.question, "a?");
    QTRY_VERIFY(!tab_->runner()->busy());
  }

  void what_was_chosen_when_it_was_sent_counts() {
    put("prompts.jsonl", "{\"prompt\":\"one\"}\n");
    tab_->form()->setSource(AnswerForm::File);
    tab_->form()->setFile(path("prompts.jsonl"));
    tab_->form()->setSettings({.max_tokens = 17});
    tab_->send();
    QVERIFY(tab_->reading());
    tab_->form()->setSettings({.max_tokens = 400});
    tab_->form()->chooseModel(0, false);
    tab_->setRuns({run("b", "dpo")});
    QTRY_COMPARE(tab_->log()->rowCount(), 1);
    QCOMPARE(entry(0).settings.max_tokens, 17);
    QCOMPARE(entry(0).answers.size(), std::size_t(2));
    QCOMPARE(entry(0).answers[0].model, path("a/dpo"));
    QTRY_VERIFY(!tab_->runner()->busy());
  }

  void data_that_have_changed_are_noticed() {
    tab_->setRuns({run("a", "dpo")});
    tab_->form()->setSource(AnswerForm::Pair);
    tab_->send();
    QTRY_COMPARE(tab_->log()->rowCount(), 1);
    put(data_of("a"), pair_of("another"));
    tab_->send();
    QTRY_VERIFY2(tab_->form()->said().contains("has changed since"), qPrintable(tab_->form()->said()));
    QCOMPARE(tab_->log()->rowCount(), 1);
    put(data_of("a"), pair_of("a"));
    tab_->send();
    QTRY_COMPARE(tab_->log()->rowCount(), 2);
    // The record at this path is another one.
    make_run(path("a").toStdString(), {.name = "dpo", .steps = 4, .data_sha256 = std::string(64, '0')});
    tab_->send();
    QTRY_VERIFY2(tab_->form()->said().contains("has changed since"), qPrintable(tab_->form()->said()));
    make_run(path("a").toStdString(),
             {.name = "dpo", .steps = 4, .data_sha256 = sha256_of(pair_of("a").toStdString())});
    QTRY_VERIFY(!tab_->runner()->busy());
  }

  void a_checkpoint_that_is_gone_stays_chosen_and_is_said() {
    auto* steps = tab_->form()->findChild<QComboBox*>("answer-step");
    const auto* gone = tab_->form()->findChild<QLabel*>("answer-step-gone");
    QTRY_VERIFY(steps->findData(2) > 0);
    steps->setCurrentIndex(steps->findData(2));
    QVERIFY(!gone->isVisible());
    QVERIFY(QDir(path("a/dpo/checkpoint-00000002")).removeRecursively());
    tab_->hide();
    tab_->show();
    QTRY_VERIFY(gone->isVisible());
    QVERIFY2(gone->text().contains("2"), qPrintable(gone->text()));
    QCOMPARE(tab_->form()->step(), std::optional<qint64>(2));
    ask("a");
    QCOMPARE(entry(0).answers[0].model, path("a/dpo@2"));
    steps->setCurrentIndex(0);
    QVERIFY(!gone->isVisible());
    put("a/dpo/checkpoint-00000002/DONE", "");
  }

  void in_a_low_window_one_can_send_and_stop() {
    QVERIFY(QTest::qWaitForWindowActive(tab_.get()));
    tab_->resize(560, 340);
    for (const char* name : {"answer-send", "answer-stop"}) {
      auto* button = tab_->findChild<QPushButton*>(name);
      QTRY_COMPARE(button->visibleRegion().boundingRect(), button->rect());
      const QRect there(button->mapTo(tab_.get(), QPoint()), button->size());
      QVERIFY(tab_->rect().contains(there));
    }
    put("prompts.jsonl", "{\"prompt\":\"one\"}\n");
    tab_->form()->setSource(AnswerForm::File);
    tab_->form()->setFile(path("prompts.jsonl"));
    tab_->history()->setFocus();
    QTest::keyClick(tab_->history(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(tab_->log()->rowCount(), 1);
    QTRY_VERIFY(!tab_->runner()->busy());
  }

  void what_was_to_be_saved_is_saved() {
    ask("one");
    constexpr int files = 30;
    for (int i = 0; i < files; ++i) tab_->saveLines(path(QStringLiteral("saved-%1.jsonl").arg(i)));
    tab_.reset();
    for (int i = 0; i < files; ++i) QVERIFY(!bytes(QStringLiteral("saved-%1.jsonl").arg(i)).isEmpty());
  }

  void reading_is_stopped() {
    put("prompts.jsonl", "{\"prompt\":\"one\"}\n");
    std::stop_source stop;
    QCOMPARE(prompts_in(path("prompts.jsonl"), stop.get_token()).size(), std::size_t(1));
    stop.request_stop();
    QVERIFY_EXCEPTION_THROWN(prompts_in(path("prompts.jsonl"), stop.get_token()), ReadStopped);
  }

  void colours_follow_the_look() {
    apply_color_scheme(ColorScheme::light);
    tab_->setRuns({run("a", "dpo")});
    ask("one");
    const QString light = tab_->board()->name(0);
    apply_color_scheme(ColorScheme::dark);
    QTRY_VERIFY(tab_->board()->name(0) != light);
    apply_color_scheme(ColorScheme::light);
    QTRY_COMPARE(tab_->board()->name(0), light);
  }
};

QTEST_MAIN(TestAnswerChoices)
#include "test_answer_choices.moc"
