// SPDX-License-Identifier: GPL-3.0-or-later
// Servers as they are kept, what of them stays, and what an older engine there cannot do.
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

#include "app/base/preferences.h"
#include "app/server/forget_copies.h"
#include "app/server/server_abilities.h"
#include "tests/app/ssh_script.h"

using namespace bandscope;
using namespace bandscope::app;
using namespace bandscope::testing;

class TestServerAddresses : public QObject {
  Q_OBJECT
  QTemporaryDir folder_;

  QString at(const char* name) const { return folder_.filePath(QString::fromLatin1(name)); }

 private Q_SLOTS:
  void initTestCase() {
    QCoreApplication::setOrganizationName("bandscope-test");
    QCoreApplication::setApplicationName("bandscope-test");
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, folder_.path());
  }
  void init() { QSettings().clear(); }

  void destinations_data() {
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("good");
    for (const char* good : {"far", "user@far.example.org", "10.0.0.1", "ssh://user@far:2222", "fe80::1%eth0",
                             "DOMAIN\\user@far", "a-b_c", "user@mail.org@far"})
      QTest::newRow(good) << QString::fromLatin1(good) << true;
    for (const char* bad : {"", "-oProxyCommand=x", "user@-oProxyCommand=x", "@far", "far@", "a b", "a\tb", "a\nb",
                            "a'b", "a;b", "$(id)", "`id`", "a|b", "a\x7f"})
      QTest::newRow(bad) << QString::fromLatin1(bad) << false;
    QTest::newRow("long") << QString(5000, 'a') << false;
  }
  void destinations() {
    QFETCH(QString, text);
    QTEST(is_destination(text), "good");
  }

  void serversAreKeptAsTheyAre() {
    auto one = server_at("user@far");
    one.engine = "~/bin/bandscope-engine";
    one.runs = "~/runs, with commas; and \"quotes\"";
    one.data = QStringList{"/data/a, b", "/data/c"};
    one.models = QStringList{"/models"};
    one.slurm = true;
    one.compress = false;
    auto two = server_at("near");
    two.id = new_server_id();
    two.name = QStringLiteral("近 %1 =");
    QCOMPARE(two.id.size(), 12);
    Preferences kept;
    kept.servers = {one, two};
    write_preferences(kept);
    QVERIFY(read_preferences().servers == kept.servers);
    QVERIFY(read_preferences() == kept);
    // As another process reads it.
    QSettings().sync();
    QSettings file(QSettings().fileName(), QSettings::IniFormat);
    QVERIFY(read_servers(file) == kept.servers);
    // With one less nothing of it stays.
    kept.servers = {two};
    write_preferences(kept);
    QVERIFY(read_preferences().servers == kept.servers);
    QVERIFY(!QSettings().contains("servers/2/id"));
    write_preferences({});
    QVERIFY(QSettings().childGroups().isEmpty());
  }

  void aChangeOfServersLeavesTheRest() {
    Preferences before, after, since;
    after.servers = {server_at("far")};
    since.look = "dark";
    const Preferences both = with_change(since, before, after);
    QVERIFY(both.servers == after.servers);
    QCOMPARE(both.look, QStringLiteral("dark"));
    QVERIFY(with_change(both, after, before).servers.isEmpty());
  }

  void whatMakesNoSenseInTheFileIsNoServer() {
    const auto write = [](int row, const QVariantMap& values) {
      for (auto value = values.begin(); value != values.end(); ++value)
        QSettings().setValue(QStringLiteral("servers/%1/%2").arg(row).arg(value.key()), value.value());
    };
    const QVariantMap good = {{"id", "abc123"}, {"name", "far"}, {"destination", "far"}};
    const auto with = [&](const char* key, const QVariant& value) {
      QVariantMap other = good;
      other[QString::fromLatin1(key)] = value;
      return other;
    };
    write(1, with("id", "../../etc"));
    write(2, with("id", ""));
    write(3, with("destination", "-oProxyCommand=id"));
    write(4, with("destination", QVariantList{1, 2}));
    write(5, with("name", "a\nb"));
    write(6, with("name", ""));
    write(7, good);
    write(8, good);  // the same id
    QVariantMap odd = with("id", "odd");
    odd["engine"] = QString(100'000, 'x');
    odd["runs"] = "a\nb";
    odd["data"] = QStringList{"", "/data", "a\rb"};
    odd["models"] = QVariantMap{{"a", 1}};
    odd["slurm"] = "perhaps";
    odd["compress"] = QByteArray("\0", 1);
    write(9, odd);
    QSettings().setValue("servers/size", 1'000'000'000);
    QSettings settings;
    const auto read = read_servers(settings);
    QCOMPARE(read.size(), 2);
    QCOMPARE(read[0].id, QStringLiteral("abc123"));
    QCOMPARE(read[1].engine, QStringLiteral("bandscope-engine"));
    QVERIFY(read[1].runs.isEmpty() && read[1].models.isEmpty());
    QVERIFY(read[0].compress && !read[0].slurm);  // where nothing is said
    QCOMPARE(read[1].data, QStringList{"/data"});
    for (const QVariant& size : {QVariant(-1), QVariant("many"), QVariant()}) {
      QSettings().setValue("servers/size", size);
      read_servers(settings);
    }
  }

  void whatAnOldEngineCannotDoIsSaid() {
    wire::Hello hello;
    for (const auto& request : wire::requests()) hello.requests.emplace_back(request.name);
    QVERIFY(missing_abilities(hello).isEmpty());
    // Each of the requests matters to something.
    for (const auto& request : wire::requests()) {
      wire::Hello without = hello;
      std::erase(without.requests, std::string(request.name));
      QVERIFY2(missing_abilities(without).size() == 1, std::string(request.name).c_str());
    }
  }

  void copiesOfServersThatWentAreForgotten() {
    const QString cache = at("cache");
    auto kept = server_at("far");
    for (const char* name : {"0123456789ab/run/run.h5", "ba9876543210/run/run.h5", "notes/x", "0123456789AB/x"})
      write_file(cache + "/" + name, "x");
    QDir().mkpath(at("outside"));
    write_file(at("outside/x"), "x");
    QVERIFY(QFile::link(at("outside"), cache + "/aaaaaaaaaaaa"));
    forget_copies(cache, {kept});
    QVERIFY(QFile::exists(cache + "/0123456789ab/run/run.h5"));
    QVERIFY(!QFile::exists(cache + "/ba9876543210"));
    QVERIFY(QFile::exists(cache + "/notes/x") && QFile::exists(cache + "/0123456789AB/x"));
    QVERIFY(QFile::exists(at("outside/x")));
    forget_copies(at("no cache"), {});
  }
};

QTEST_GUILESS_MAIN(TestServerAddresses)
#include "test_server_addresses.moc"
