// SPDX-License-Identifier: Apache-2.0
// Files, JSON, TOML and names of unknown origin: what the one reading function of each refuses.
#include <sys/stat.h>
#include <sys/un.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include "core/error.h"
#include "core/input/file.h"
#include "core/input/json.h"
#include "core/input/printable.h"
#include "core/input/sha256.h"
#include "core/input/toml.h"

using namespace bandscope;

namespace {

std::string repeated(const std::string& part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

template <typename Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code() == ExitCode::bad_data ? error.what() : "wrong exit code";
  }
  return "no error";
}

int toml_line(const std::string& text) {
  try {
    parse_toml(text);
  } catch (const TomlError& error) {
    return error.line;
  }
  return 0;
}

}  // namespace

class TestInput : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void only_regular_files() {
    const QTemporaryDir folder;
    const std::filesystem::path base = folder.path().toStdString();
    QVERIFY(::mkfifo((base / "fifo").c_str(), 0600) == 0);
    std::filesystem::create_symlink("fifo", base / "link");
    for (const auto& [name, kind] : {std::pair{"fifo", "a FIFO"}, {"link", "a FIFO"}, {".", "a folder"}}) {
      const std::string message = message_of([&] { read_file(base / name); });
      QVERIFY2(message.find(std::string(kind) + ", not a file") != std::string::npos, message.c_str());
    }
    QVERIFY(message_of([] { read_file("/dev/zero"); }).find("a device, not a file") != std::string::npos);
    QVERIFY(message_of([&] { read_file(base / "none"); }).find("No such file") != std::string::npos);
  }

  void bounded_size() {
    const QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath(QStringLiteral("a")).toStdString();
    QFile out(QString::fromStdString(file.string()));
    QVERIFY(out.open(QIODevice::WriteOnly));
    QVERIFY(out.resize(3 << 20));
    QCOMPARE(read_file(file, 3 << 20).size(), std::size_t(3 << 20));
    QVERIFY(message_of([&] { read_file(file, 2 << 20); }).find("larger than 2 MiB") != std::string::npos);
  }

  void json_nesting() {
    QVERIFY(parse_json(repeated("[", 64) + repeated("]", 64), "f").is_array());
    for (const auto* open : {"[", "{\"a\":"}) {
      const std::string message = message_of([&] { parse_json(repeated(open, 100'000), "f.json"); });
      QVERIFY2(message.starts_with("f.json: nested more than 64 deep at byte "), message.c_str());
    }
    QVERIFY(!try_json(repeated("[", 65) + repeated("]", 65)));
    // Brackets in strings are text.
    QVERIFY(try_json("\"" + repeated("[", 1000) + "\\\"" + repeated("{", 1000) + "\"").has_value());
  }

  void json_errors() {
    const std::string overflow = message_of([] { parse_json("{\"a\": 1e999}", "f"); });
    QVERIFY2(overflow.starts_with("f: not valid JSON (number overflow"), overflow.c_str());
    QVERIFY(!try_json("{\"a\": 1e999}"));
    const std::string broken = message_of([] { parse_json("{\"a\": \x1b[2J}", "f"); });
    QVERIFY2(broken.starts_with("f: not valid JSON (") && broken.find('\x1b') == std::string::npos, broken.c_str());
    QVERIFY(message_of([] { parse_json("[NaN]", "f"); }).starts_with("f: not valid JSON"));
    const auto python =
        parse_json("{\"a\": [NaN, Infinity, -Infinity, 1], \"NaN\": \"Na\\\"NaN\"}", "f", JsonNumbers::python);
    QCOMPARE(python.dump(), std::string("{\"NaN\":\"Na\\\"NaN\",\"a\":[null,null,null,1]}"));
  }

  void toml_nesting() {
    QCOMPARE(toml_line("a = 1\nb.b = [[1.5, 2.5], [3.5]]\n[c.d]\ne = { f.g = 1 }\n"), 0);
    QCOMPARE(toml_line("x = 1\n" + repeated("a.", 100'000) + "a = 1"), 2);
    QCOMPARE(toml_line("[" + repeated("a.", 100) + "a]"), 1);
    QCOMPARE(toml_line("[[" + repeated("a.", 100) + "a]]"), 1);
    QCOMPARE(toml_line("a = " + repeated("[", 100) + repeated("]", 100)), 1);
    QCOMPARE(toml_line("\n\na = " + repeated("{ a.a.a.a.a.a.a.a.a = ", 10) + "1" + repeated("}", 10)), 3);
    // Many numbers and sentences are not deep.
    QCOMPARE(toml_line("a = [" + repeated("1.5, ", 1000) + "]\nb = \"" + repeated(".", 1000) + "\"\nc = '''" +
                       repeated(".\n", 1000) + "'''\n# " + repeated(".", 1000)),
             0);
    QCOMPARE(toml_line(repeated("a = 1.5\n", 1)), 0);
    QCOMPARE(toml_line("a = 1\na = 2"), 2);
  }

  void names_are_printable() {
    QCOMPARE(printable("Schlüssel 名 ok"), std::string("Schlüssel 名 ok"));
    QCOMPARE(printable("a\x1b[2Jb\nc\td\r"), std::string("a\\x1B[2Jb\\nc\\td\\r"));
    QCOMPARE(printable("\xc2\x9b"
                       "31m"),
             std::string("\\x9B31m"));
    QCOMPARE(printable("\xff\xc0\x80"), std::string("\\xFF\\xC0\\x80"));
    QCOMPARE(printable("a\xe2\x80\xae"
                       "b"),
             std::string("a\\u{202E}b"));
    QCOMPARE(printable_lines("a\n\tb\x07"), std::string("a\n\tb\\x07"));
    QCOMPARE(short_dump(nlohmann::json("a\x1b")), std::string("\"a\\u001b\""));
    QVERIFY(short_dump(nlohmann::json(std::string(1000, 'x'))).size() < 100);
  }

  void sha256_of_known_texts() {
    QCOMPARE(sha256_of(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    QCOMPARE(sha256_of("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    QCOMPARE(sha256_of(std::string(1000000, 'a')),
             std::string("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"));
    Sha256 parts;
    for (int i = 0; i < 1000; ++i) parts.add(std::string(static_cast<std::size_t>(i % 130), 'x'));
    std::string whole;
    for (int i = 0; i < 1000; ++i) whole += std::string(static_cast<std::size_t>(i % 130), 'x');
    QCOMPARE(parts.hex(), sha256_of(whole));
  }
};

QTEST_APPLESS_MAIN(TestInput)
#include "test_input.moc"
