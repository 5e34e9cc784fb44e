// SPDX-License-Identifier: GPL-3.0-or-later
// Every visible text has its translation, and every plural its forms.
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

class TestTranslations : public QObject {
  Q_OBJECT

  static bool hasLupdate() { return QFile::exists(QStringLiteral(LUPDATE)); }
  /// Texts of the sources that `file` (of i18n/) has no translation of, by lupdate on a copy of it.
  QStringList missing(const QString& file, const QStringList& more) {
    QTemporaryDir folder;
    const QString copy = folder.filePath(file);
    if (!QFile::copy(QStringLiteral(BANDSCOPE_SOURCE "/i18n/") + file, copy)) qFatal("no %s", qPrintable(file));
    QProcess lupdate;
    lupdate.setWorkingDirectory(QStringLiteral(BANDSCOPE_SOURCE));
    lupdate.start(QStringLiteral(LUPDATE), QStringList{"-silent", "-locations", "none", "-no-obsolete", "-I", "."} +
                                               more +
                                               QStringList{"app", "core", "training", "viz", "i18n", "-ts", copy});
    if (!lupdate.waitForFinished(100000) || lupdate.exitCode() != 0) {
      qFatal("lupdate failed: %s", lupdate.readAllStandardError().constData());
    }
    QFile in(copy);
    if (!in.open(QIODevice::ReadOnly)) qFatal("no %s", qPrintable(copy));
    QStringList texts;
    QXmlStreamReader xml(&in);
    QString source;
    while (!xml.atEnd()) {
      xml.readNext();
      if (!xml.isStartElement()) continue;
      if (xml.name() == QLatin1String("source")) source = xml.readElementText();
      if (xml.name() == QLatin1String("translation") &&
          xml.attributes().value(QLatin1String("type")) == QLatin1String("unfinished")) {
        texts << source;
      }
    }
    return texts;
  }

 private Q_SLOTS:
  void everyMessageKeepsItsValues() {
    QFile in(QStringLiteral(BANDSCOPE_SOURCE "/i18n/bandscope_zh_CN.ts"));
    QVERIFY(in.open(QIODevice::ReadOnly));
    static const QRegularExpression value(QStringLiteral("%[1-9]"));
    const auto values = [](const QString& text) {
      QStringList all;
      for (auto at = value.globalMatch(text); at.hasNext();) all << at.next().captured();
      all.sort();
      return all;
    };
    QXmlStreamReader xml(&in);
    QString context, source;
    int looked = 0;
    while (!xml.atEnd()) {
      xml.readNext();
      if (!xml.isStartElement()) continue;
      if (xml.name() == QLatin1String("name")) context = xml.readElementText();
      if (xml.name() == QLatin1String("source")) source = xml.readElementText();
      if (xml.name() != QLatin1String("translation") || context != QLatin1String("Message")) continue;
      QVERIFY2(values(xml.readElementText()) == values(source), qPrintable(source));
      ++looked;
    }
    QVERIFY(looked > 300);
  }
  void chineseIsComplete() {
    if (!hasLupdate()) QSKIP("Qt's lupdate is not installed");
    const auto texts = missing("bandscope_zh_CN.ts", {});
    QVERIFY2(texts.isEmpty(), qPrintable(texts.join('\n')));
  }
  void englishPluralsAreComplete() {
    if (!hasLupdate()) QSKIP("Qt's lupdate is not installed");
    const auto texts = missing("bandscope_en.ts", {"-pluralonly"});
    QVERIFY2(texts.isEmpty(), qPrintable(texts.join('\n')));
  }
};

QTEST_GUILESS_MAIN(TestTranslations)
#include "test_translations.moc"
