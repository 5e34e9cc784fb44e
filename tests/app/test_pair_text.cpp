// SPDX-License-Identifier: GPL-3.0-or-later
// The text of a pair with its tokens: the engine's answer is read, coloured and kept; a failure is said; what is being
// computed is stopped when another pair is chosen. A script stands for the engine.
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTextBlock>
#include <QTextEdit>
#include <cmath>

#include "app/page/pair_text_view.h"
#include "app/page/token_legend.h"
#include "core/error.h"

using namespace bandscope;
using namespace bandscope::app;

namespace {

constexpr const char* kAnswer =
    R"({"row":6,"before":"SmolLM2","after":"checkpoint-00000040","step":40,"prompt":[{"id":1,"token":"Hi","text":"Hi"}],)"
    R"("chosen":[{"id":2,"token":" yes","text":" yes","before":-2.0,"after":-1.5},)"
    R"({"id":3,"token":"\\n","text":"\n","before":-1.0,"after":-1.0}],)"
    R"("rejected":[{"id":4,"token":" no","text":" no","before":-1.0,"after":-3.0}]})";

}  // namespace

class TestPairText : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString record(const QString& run) const { return folder_.filePath(run + "/run.h5"); }
  void engine(const QByteArray& body) {
    const QString file = folder_.filePath("engine");
    QFile::remove(file);
    QFile script(file);
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\necho \"$@\" >> " + folder_.filePath("calls").toLocal8Bit() + "\n" + body + "\n");
    script.close();
    script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    qputenv("BANDSCOPE_ENGINE", file.toLocal8Bit());
    QFile::remove(folder_.filePath("calls"));
  }
  QStringList calls() const {
    QFile file(folder_.filePath("calls"));
    return file.open(QIODevice::ReadOnly) ? QString::fromLocal8Bit(file.readAll()).split('\n', Qt::SkipEmptyParts)
                                          : QStringList();
  }

 private Q_SLOTS:
  void initTestCase() {
    QDir(folder_.path()).mkpath("trained/checkpoint-00000040");
    QFile done(folder_.filePath("trained/checkpoint-00000040/DONE"));
    QVERIFY(done.open(QIODevice::WriteOnly));
    QDir(folder_.path()).mkpath("fresh/checkpoint-00000010");  // not whole
    QFile answer(folder_.filePath("answer.json"));
    QVERIFY(answer.open(QIODevice::WriteOnly));
    answer.write(kAnswer);
  }

  void the_answer_is_read() {
    const PairTokens pair = parse_pair_tokens(kAnswer);
    QCOMPARE(pair.row, 6);
    QCOMPARE(pair.step, 40);
    QCOMPARE(pair.chosen.size(), 2u);
    QCOMPARE(pair.chosen[0].change(), 0.5);
    QVERIFY(std::isnan(pair.prompt[0].before));
    QVERIFY_EXCEPTION_THROWN(parse_pair_tokens("{}"), RunError);
    QVERIFY_EXCEPTION_THROWN(parse_pair_tokens("not json"), RunError);
  }

  void tokens_are_coloured_by_their_change() {
    engine("cat " + folder_.filePath("answer.json").toLocal8Bit());
    PairTextView view;
    view.resize(600, 300);
    view.show();
    view.setPair(record("trained"), 6);
    QTRY_VERIFY_WITH_TIMEOUT(view.text().contains("yes"), 60000);
    QCOMPARE(calls(), QStringList{"tokens " + folder_.filePath("trained") + " --row 6"});
    QVERIFY2(view.status().contains("SmolLM2") && view.status().contains("checkpoint-00000040"),
             qPrintable(view.status()));
    QVERIFY(view.text().contains("Chosen") && view.text().contains("↵"));
    auto* text = view.findChild<QTextEdit*>();
    const auto at = [&](const QString& word) {
      auto cursor = text->document()->find(word);
      cursor.setPosition(cursor.selectionEnd());
      return cursor.charFormat();
    };
    const QColor rose = at("yes").background().color(), fell = at(" no").background().color();
    QVERIFY(rose.blue() > rose.red() && fell.red() > fell.blue());
    QVERIFY(fell.alpha() > rose.alpha());
    QVERIFY2(at("yes").toolTip().contains("+0.5"), qPrintable(at("yes").toolTip()));
    QVERIFY(at("Hi").background().style() == Qt::NoBrush);
    // Known already.
    view.setPair(record("trained"), 7);
    QTRY_COMPARE(calls().size(), 2);
    QTRY_VERIFY(!view.computing());
    view.setPair(record("trained"), 6);
    QTRY_VERIFY(view.status().contains("Line 7"));
    QCOMPARE(calls().size(), 2);
  }

  void both_runs_of_a_pair_come_from_one_process() {
    const QString other = folder_.filePath("calibrated");
    QDir(other).mkpath("checkpoint-00000040");
    QFile done(other + "/checkpoint-00000040/DONE");
    QVERIFY(done.open(QIODevice::WriteOnly));
    done.close();
    const QByteArray answer = folder_.filePath("answer.json").toLocal8Bit();
    // The second answer comes later, and says something else.
    engine("cat " + answer + "; echo; sleep 1; sed s/yes/calibrated/g " + answer + "; echo");
    const QStringList pair{record("trained"), record("calibrated")};
    PairTextView view;
    view.resize(600, 300);
    view.show();
    view.setPair(pair[0], 21, pair);
    QTRY_VERIFY(view.text().contains("yes"));
    QVERIFY(view.computing());  // the other run's, while this one's can be read
    view.setPair(pair[1], 21, pair);
    QTRY_VERIFY(view.text().contains("calibrated"));
    view.setPair(pair[0], 21, pair);
    QTRY_VERIFY(view.text().contains("yes"));
    QCOMPARE(calls(), QStringList{"tokens " + folder_.filePath("trained") + " " + other + " --row 21"});
    // The other run cannot be computed: this one's tokens are shown all the same.
    engine("cat " + answer + "; echo; echo 'bandscope-engine: the other fails' >&2; exit 3");
    view.setPair(pair[0], 22, pair);
    QTRY_VERIFY(!view.computing() && view.text().contains("yes"));
    QVERIFY2(!view.status().contains("fails"), qPrintable(view.status()));
    // A run without a checkpoint is left out.
    engine("cat " + answer);
    view.setPair(pair[0], 23, {pair[0], record("fresh")});
    QTRY_COMPARE(calls(), QStringList{"tokens " + folder_.filePath("trained") + " --row 23"});
  }

  void another_pair_stops_what_is_computed() {
    engine("sleep 1000");
    PairTextView view;
    view.resize(600, 300);
    view.show();
    view.setPair(record("trained"), 1);
    QTRY_VERIFY(view.computing());
    engine("cat " + folder_.filePath("answer.json").toLocal8Bit());
    view.setPair(record("trained"), 2);
    QTRY_VERIFY_WITH_TIMEOUT(view.text().contains("yes"), 60000);
    view.hide();
    QVERIFY(!view.computing());
  }

  void reasons_are_said() {
    engine("echo 'bandscope-engine: /data/hh.jsonl: has changed since the run was trained on it' >&2; exit 3");
    PairTextView view;
    view.resize(600, 300);
    view.show();
    QVERIFY(view.status().contains("Choose a pair"));
    view.setPair(record("trained"), 11);
    QTRY_VERIFY2(view.status().contains("has changed since"), qPrintable(view.status()));
    QVERIFY(!view.status().contains("bandscope-engine:"));
    view.setPair(record("fresh"), 1);
    QTRY_VERIFY2(view.status().contains("no checkpoint"), qPrintable(view.status()));
    engine("echo nonsense");
    view.setPair(record("trained"), 12);
    QTRY_VERIFY2(view.status().contains("not understood"), qPrintable(view.status()));
    qputenv("BANDSCOPE_ENGINE", "/no/such/engine");
    view.setPair(record("trained"), 13);
    QTRY_VERIFY2(view.status().contains("/no/such/engine"), qPrintable(view.status()));
  }

  void two_runs_are_read_beside_each_other_on_one_scale() {
    const QString other = folder_.filePath("beside");
    QDir(other).mkpath("checkpoint-00000040");
    QFile done(other + "/checkpoint-00000040/DONE");
    QVERIFY(done.open(QIODevice::WriteOnly));
    done.close();
    const QByteArray answer = folder_.filePath("answer.json").toLocal8Bit();
    engine("cat " + answer + "; echo; sed -e s/yes/oui/g -e s/-1.5/-0.5/ " + answer + "; echo");
    const QStringList pair{record("trained"), record("beside")};
    PairTextView view;
    view.resize(800, 300);
    view.show();
    view.setSideBySide(pair, {"dpo", "dpo-rc"});
    view.setPair(pair[0], 31, pair);
    QTRY_VERIFY(view.text(0).contains("yes") && view.text(1).contains("oui"));
    QCOMPARE(calls(), QStringList{"tokens " + folder_.filePath("trained") + " " + other + " --row 31"});
    QVERIFY(view.findChildren<QTextEdit*>()[1]->isVisible());
    // The same change has the same colour in both: +0.5 of the first is a third of the second's +1.5.
    const auto strength = [&](int run, const QString& word) {
      auto* text = view.findChildren<QTextEdit*>()[run];
      auto cursor = text->document()->find(word);
      cursor.setPosition(cursor.selectionEnd());
      return cursor.charFormat().background().color().alphaF();
    };
    QVERIFY(strength(0, "yes") > 0 && strength(0, "yes") < 0.5 * strength(1, "oui"));
    // A run whose tokens cannot be had says why in its own half.
    view.setSideBySide({pair[0], record("fresh")}, {"dpo", "fresh"});
    QTRY_VERIFY(view.findChildren<QTextEdit*>()[1]->placeholderText().contains("no checkpoint"));
    QVERIFY(view.text(0).contains("yes"));
    view.setSideBySide({}, {});
    QTRY_VERIFY(!view.findChildren<QTextEdit*>()[1]->isVisible());
    QVERIFY(view.text(0).contains("yes"));
  }

  void the_text_alone_is_shown_where_its_tokens_are_not_known() {
    PairTextView view;
    view.resize(600, 300);
    view.show();
    qint64 wanted = -1;
    connect(&view, &PairTextView::textsWanted, this, [&](PairLines lines) { wanted = lines.chosen; });
    view.setPair(record("fresh"), 50);
    QTRY_COMPARE(wanted, 50);
    view.setTexts({49, 49}, {"of", "another", "line"});
    QVERIFY(view.text().isEmpty());
    view.setTexts({50, 50}, {"\n\nHuman: why?", " because", " never"});
    QCOMPARE(view.text(), QStringLiteral("Prompt\nHuman: why?\nChosen\nbecause\nRejected\nnever"));
    QVERIFY2(view.status().contains("no checkpoint"), qPrintable(view.status()));
    // Of a long prompt the end is in sight, with the responses.
    view.setTexts({50, 50}, {QString("Human: why?\n").repeated(200), " because", " never"});
    auto* text = view.findChild<QTextEdit*>();
    QVERIFY(text->viewport()->rect().contains(text->cursorRect(text->document()->find("because"))));
    QVERIFY(text->viewport()->rect().contains(text->cursorRect(text->document()->find("Chosen"))));
    // Rows of one response: the pair is of two, each with its prompt.
    view.setPair(record("fresh"), PairLines{50, 7});
    view.setTexts({50, 50}, {"of", "one", "line"});
    QVERIFY(!view.text().contains("line"));
    view.setTexts({50, 7}, {"\n\nHuman: why?", " because", " never", "Human: when?"});
    QCOMPARE(view.text(),
             QStringLiteral("Prompt\nHuman: why?\nChosen\nbecause\nPrompt of the rejected response\nHuman: when?\n"
                            "Rejected\nnever"));
    // The tokens take its place.
    engine("cat " + folder_.filePath("answer.json").toLocal8Bit());
    view.setPair(record("trained"), 50);
    QTRY_VERIFY(view.text().contains("yes") && !view.text().contains("because"));
  }

  void the_scale_leaves_out_the_odd_token() {
    PairTokens pair;
    for (int i = 0; i < 99; ++i) pair.chosen.push_back({"a", "a", 1, 0, 0.2});
    pair.rejected.push_back({"b", "b", 1, 0, -9});
    TokenScale scale = token_scale({&pair});
    QCOMPARE(scale.full, 0.2);
    QCOMPARE(scale.beyond, 1);
    QCOMPARE(scale.furthest, -9.0);
    pair.chosen.assign(10, {"a", "a", 1, 0, 0.001});
    pair.rejected.clear();
    QCOMPARE(token_scale({&pair}).full, 0.05);
    QCOMPARE(token_scale({}).full, 0.05);
    QVERIFY(token_color(std::nan(""), false).alpha() == 0);
  }

  void the_end_tokens_of_short_responses_do_not_set_the_scale() {
    PairTokens pair;
    for (int i = 0; i < 4; ++i) pair.chosen.push_back({"a", "a", 1, 0, 0.1 * (i + 1)});
    pair.rejected = pair.chosen;
    pair.chosen.push_back({"<end>", "<end>", 2, 0, 7});
    pair.rejected.push_back({"<end>", "<end>", 2, 0, -8});
    const TokenScale scale = token_scale({&pair});
    QVERIFY2(scale.full <= 0.4 && scale.full >= 0.3, qPrintable(QString::number(scale.full)));
    QCOMPARE(scale.beyond, 2);
    QCOMPARE(scale.furthest, -8.0);
    TokenLegend legend;
    legend.setScale(scale);
    QVERIFY2(legend.accessibleName().contains("0.40") && legend.accessibleName().contains("8.00"),
             qPrintable(legend.accessibleName()));
    const int marked = legend.sizeHint().width();
    legend.setScale({0.4, 0, 0});
    QVERIFY(legend.sizeHint().width() < marked && !legend.accessibleName().contains("underlined"));
  }

  void what_is_beyond_the_scale_is_underlined() {
    QByteArray chosen;
    for (int i = 0; i < 5; ++i)
      chosen +=
          "{\"id\":2,\"token\":\"w\",\"text\":\"w" + QByteArray::number(i) + " \",\"before\":-1.0,\"after\":-0.9},";
    QFile file(folder_.filePath("end.json"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(R"({"row":40,"before":"SmolLM2","after":"checkpoint-00000040","step":40,"prompt":[],"chosen":[)" +
               chosen +
               R"({"id":3,"token":"<end>","text":"<end>","before":-9.0,"after":-1.0}],)"
               R"("rejected":[{"id":4,"token":"no","text":"no","before":-1.0,"after":-1.1}]})");
    file.close();
    engine("cat " + file.fileName().toLocal8Bit());
    PairTextView view;
    view.resize(600, 300);
    view.show();
    view.setPair(record("trained"), 40);
    QTRY_VERIFY(view.text().contains("<end>"));
    auto* text = view.findChild<QTextEdit*>();
    const auto at = [&](const QString& word) {
      auto cursor = text->document()->find(word);
      cursor.setPosition(cursor.selectionEnd());
      return cursor.charFormat();
    };
    QVERIFY(at("<end>").underlineStyle() != QTextCharFormat::NoUnderline);
    QVERIFY(at("w2").underlineStyle() == QTextCharFormat::NoUnderline);
    // The others keep their colour beside it.
    QVERIFY(at("w2").background().color().alphaF() > 0.3);
  }
};

QTEST_MAIN(TestPairText)
#include "test_pair_text.moc"
