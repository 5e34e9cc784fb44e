// SPDX-License-Identifier: Apache-2.0
// Which commit a build says it is: asked again at every build, with a word where files differ from it, and "unknown"
// where the source is no checkout of its own.
#include <QFile>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

class TestBuildCommit : public QObject {
  Q_OBJECT
  QTemporaryDir dir_;

  QString at(const QString& name) const { return dir_.filePath(name); }
  void put(const QString& name, const QByteArray& text) const {
    QFile file(at(name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
  }
  QString git(const QStringList& words) const {
    QProcess process;
    process.start("git", QStringList{"-C", at("source"), "-c", "user.name=a", "-c", "user.email=a@b", "-c",
                                     "commit.gpgsign=false"} +
                             words);
    if (!process.waitForFinished() || process.exitCode() != 0)
      qFatal("git: %s", process.readAllStandardError().constData());
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
  }
  /// What the header says of a source folder.
  QString commit(const QString& source) const {
    QProcess process;
    process.start("cmake", {"-DSOURCE=" + at(source), "-DOUTPUT=" + at("build_commit.h"), "-P",
                            BANDSCOPE_SOURCE "/core/build_commit.cmake"});
    if (!process.waitForFinished() || process.exitCode() != 0)
      qFatal("cmake: %s", process.readAllStandardError().constData());
    QFile header(at("build_commit.h"));
    if (!header.open(QIODevice::ReadOnly)) qFatal("no header");
    return QString::fromUtf8(header.readAll()).section('"', 1, 1);
  }

 private Q_SLOTS:
  void initTestCase() {
    if (QStandardPaths::findExecutable("git").isEmpty() || QStandardPaths::findExecutable("cmake").isEmpty())
      QSKIP("git and cmake are needed");
  }

  void it_is_the_commit_of_now() {
    QVERIFY(QDir(at("")).mkpath("source/below"));
    QCOMPARE(commit("source"), QString("unknown"));
    git({"init", "-q"});
    put("source/a", "1");
    git({"add", "a"});
    git({"commit", "-qm", "first"});
    const QString first = git({"rev-parse", "--short=12", "HEAD"});
    QCOMPARE(commit("source"), first);
    put("source/a", "2");
    QCOMPARE(commit("source"), first + "-dirty");
    git({"commit", "-qam", "second"});
    const QString second = git({"rev-parse", "--short=12", "HEAD"});
    QVERIFY(first != second);
    QCOMPARE(commit("source"), second);
    // Unpacked inside another checkout: that one's commit says nothing of it.
    QCOMPARE(commit("source/below"), QString("unknown"));
  }

  void the_header_is_left_alone_where_nothing_changed() {
    QVERIFY(QDir(at("")).mkpath("source"));
    commit("source");
    const auto before = QFileInfo(at("build_commit.h")).lastModified();
    commit("source");
    QCOMPARE(QFileInfo(at("build_commit.h")).lastModified(), before);
  }
};

QTEST_APPLESS_MAIN(TestBuildCommit)
#include "test_build_commit.moc"
