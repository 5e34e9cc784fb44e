// SPDX-License-Identifier: GPL-3.0-or-later
// What files say is shown as it is there, also where it looks like HTML.
#include <QTest>
#include <QTextDocument>

#include "app/answers/answer_log.h"
#include "app/base/elided_line.h"
#include "app/base/plain_text.h"
#include "app/page/changed_items.h"

using namespace bandscope::app;

class TestPlainText : public QObject {
  Q_OBJECT

  /// What one reads where Qt decides by itself how it is meant.
  static QString seen(const QString& text) {
    if (!Qt::mightBeRichText(text)) return text;
    QTextDocument document;
    document.setHtml(text);
    return document.toPlainText();
  }

 private Q_SLOTS:
  void texts_data() {
    QTest::addColumn<QString>("text");
    for (const char* text : {"", "plain", "a < b", "<b>bold</b>", "<img src=\"/etc/passwd\">", "</s>", "&lt;s&gt; & co",
                             "two\nlines <br>\n  and blanks", "<!-- nothing -->x", "<?xml version=\"1.0\"?>"})
      QTest::newRow(text) << QString::fromUtf8(text);
  }
  void texts() {
    QFETCH(QString, text);
    QCOMPARE(seen(plain_text(text)), text);
  }

  void tips_of_prompts_and_items() {
    const QString hostile = QStringLiteral("<img src=x><h1>&amp;</h1>");
    AnswerLog log;
    AnswerEntry entry;
    entry.prompt.question = hostile;
    log.add({entry});
    QCOMPARE(seen(log.index(0, AnswerLog::Question).data(Qt::ToolTipRole).toString()), hostile);
    ChangedModel changes;
    ChangedItem item;
    item.question = item.first = item.second = item.target = hostile;
    changes.setItems({item});
    for (const int column : {ChangedModel::Question, ChangedModel::First, ChangedModel::Second, ChangedModel::Right}) {
      QCOMPARE(seen(changes.index(0, column).data(Qt::ToolTipRole).toString()), hostile);
      QCOMPARE(changes.index(0, column).data(Qt::DisplayRole).toString(), hostile);
    }
    ElidedLine line;
    line.setWhole(hostile);
    line.resize(10, 20);
    line.show();
    QCOMPARE(seen(line.toolTip()), hostile);
    QCOMPARE(line.textFormat(), Qt::PlainText);
  }
};

QTEST_MAIN(TestPlainText)
#include "test_plain_text.moc"
