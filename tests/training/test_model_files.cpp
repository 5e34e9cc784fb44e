// SPDX-License-Identifier: Apache-2.0
// What a model folder's files may say: which of them the weights are, headers in which every byte is one tensor's,
// sizes of a configuration that nothing overflows with.
#include <sys/stat.h>

#include <QTemporaryDir>
#include <QTest>
#include <functional>

#include "core/error.h"
#include "training/model/config.h"
#include "training/model/model_files.h"
#include "training/model/repeated_keys.h"
#include "training/model/safetensors_header.h"
#include "training/model/weight_files.h"

using namespace bandscope;

namespace {

/// A safetensors file of this header and so many bytes of data.
QByteArray tensors(const QByteArray& header, int data) {
  QByteArray size(8, '\0');
  for (int i = 0; i < 8; ++i) size[i] = static_cast<char>(quint64(header.size()) >> (8 * i));
  return size + header + QByteArray(data, '\0');
}

QByteArray entry(const char* name, int begin, int end) {
  return QStringLiteral("\"%1\": {\"dtype\": \"F32\", \"shape\": [%2], \"data_offsets\": [%3, %4]}")
      .arg(name)
      .arg((end - begin) / 4)
      .arg(begin)
      .arg(end)
      .toUtf8();
}

/// What DataError says; "" where nothing is wrong.
QString said(const std::function<void()>& action) {
  try {
    action();
  } catch (const DataError& error) {
    return QString::fromUtf8(error.what());
  }
  return {};
}

}  // namespace

class TestModelFiles : public QObject {
  Q_OBJECT

  QTemporaryDir folder_;

  std::filesystem::path write(const QString& name, const QByteArray& content) {
    const QString path = folder_.filePath(name);
    QDir().mkpath(QFileInfo(path).path());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) qFatal("%s", qPrintable(path));
    return path.toStdString();
  }

  QString config(const QByteArray& keys) {
    const QByteArray text =
        R"({"model_type": "llama", "vocab_size": 64, "hidden_size": 8, "intermediate_size": 16, "num_hidden_layers": 2,)"
        R"( "num_attention_heads": 2)" +
        (keys.isEmpty() ? QByteArray() : ", " + keys) + "}";
    return said([&] { model::ModelConfig::parse(text.toStdString(), "config.json"); });
  }

 private Q_SLOTS:
  void headers_data() {
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<int>("data");
    QTest::addColumn<QString>("part");
    const QByteArray a = entry("a", 0, 8), b = entry("b", 8, 16);
    QTest::newRow("good") << QByteArray("{" + b + "," + a + "}") << 16 << "";
    QTest::newRow("nothing in the middle") << QByteArray("{" + a + "," + entry("n", 8, 8) + "," + b + "}") << 16 << "";
    QTest::newRow("overlap") << QByteArray("{" + a + "," + entry("b", 4, 16) + "}") << 16
                             << "shares bytes with tensor \"a\"";
    QTest::newRow("the same bytes") << QByteArray("{" + a + "," + entry("b", 0, 8) + "}") << 8
                                    << "shares bytes with tensor \"a\"";
    QTest::newRow("gap") << QByteArray("{" + a + "," + entry("b", 12, 16) + "}") << 16
                         << "\"b\" leaves bytes before it";
    QTest::newRow("gap in front") << QByteArray("{" + entry("b", 4, 16) + "}") << 16 << "\"b\" leaves bytes before it";
    QTest::newRow("bytes behind") << QByteArray("{" + a + "}") << 16 << "8 bytes at its end";
    QTest::newRow("twice") << QByteArray("{" + a + "," + entry("a", 8, 16) + "}") << 16
                           << "tensor \"a\" is there twice";
    QTest::newRow("key twice") << QByteArray(
                                      R"({"a": {"dtype": "F32", "shape": [2], "shape": [2], "data_offsets": [0, 8]}})")
                               << 8 << "\"shape\" twice";
    QTest::newRow("strides")
        << QByteArray(R"({"a": {"dtype": "F32", "shape": [0, 1099511627776, 1099511627776], "data_offsets": [0, 0]}})")
        << 0 << "too large";
    QTest::newRow("fraction") << QByteArray(R"({"a": {"dtype": "F32", "shape": [1.5], "data_offsets": [0, 6]}})") << 8
                              << "malformed shape";
    QTest::newRow("huge offset") << QByteArray(R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 1e30]}})")
                                 << 8 << "malformed offsets";
    QTest::newRow("wrapping offsets")
        << QByteArray(
               R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [18446744073709551612, 18446744073709551615]}})")
        << 8 << "outside";
    QTest::newRow("deep") << QByteArray("{\"a\": " + QByteArray(100000, '[') + QByteArray(100000, ']') + "}") << 0
                          << "not JSON";
  }
  void headers() {
    QFETCH(QByteArray, header);
    QFETCH(int, data);
    QFETCH(QString, part);
    const auto file = write("header/model.safetensors", tensors(header, data));
    const QString text = said([&] { model::read_weight_files(file.parent_path()); });
    QVERIFY2(part.isEmpty() ? text.isEmpty() : text.contains(part) && text.contains("model.safetensors"),
             qPrintable(text));
  }

  void the_single_file_goes_before_an_index() {
    const auto folder = write("both/model.safetensors", tensors("{" + entry("new", 0, 4) + "}", 4)).parent_path();
    write("both/model.safetensors.index.json", R"({"weight_map": {"old": "model-00001-of-00001.safetensors"}})");
    write("both/consolidated.safetensors", "not looked at");
    model::WeightChoice choice = model::choose_weight_files(folder);
    QCOMPARE(choice.files, std::vector{folder / "model.safetensors"});
    QVERIFY2(choice.note.english().find("model.safetensors.index.json") != std::string::npos,
             choice.note.english().c_str());
    QCOMPARE(model::read_weight_files(folder).parameters, std::int64_t{1});
    QVERIFY(std::filesystem::remove(folder / "model.safetensors.index.json"));
    QVERIFY(model::choose_weight_files(folder).note.empty());
  }

  void indexes_that_are_refused() {
    const auto says = [&](const QByteArray& index) {
      const auto folder = write("index/model.safetensors.index.json", index).parent_path();
      return said([&] { model::choose_weight_files(folder); });
    };
    QVERIFY(says(R"({"weight_map": {"a": "x.safetensors", "b": "x.safetensors", "c": "y.safetensors"}})").isEmpty());
    QCOMPARE(model::choose_weight_files(folder_.filePath("index").toStdString()).files.size(), std::size_t{2});
    for (const char* shard :
         {"../x.safetensors", "/x.safetensors", "..", ".", "", "s/x.safetensors", "x\\u0000.safetensors"}) {
      const QString text = says(QByteArray(R"({"weight_map": {"a": ")") + shard + "\"}}");
      QVERIFY2(text.contains("\"a\" is not a file name"), qPrintable(text));
    }
    QString text = says(R"({"weight_map": {"a": "x.safetensors", "a": "y.safetensors"}})");
    QVERIFY2(text.contains("\"a\" is there twice"), qPrintable(text));
    text = says("{\"weight_map\": " + QByteArray(100000, '[') + QByteArray(100000, ']') + "}");
    QVERIFY2(text.contains("index.json") && text.contains("deep"), qPrintable(text));
  }

  void an_adapter_beside_a_pickle() {
    const auto folder = write("adapter/adapter_model.safetensors", "").parent_path();
    QVERIFY(model::choose_adapter_files(folder).note.empty());
    write("adapter/adapter_model.bin", "");
    const model::WeightChoice choice = model::choose_adapter_files(folder);
    QCOMPARE(choice.files, std::vector{folder / "adapter_model.safetensors"});
    QVERIFY2(choice.note.english().find("adapter_model.bin") != std::string::npos, choice.note.english().c_str());
  }

  void special_files_are_refused() {
    const QString model = folder_.filePath("special");
    QDir().mkpath(model);
    const std::filesystem::path folder = model.toStdString();
    QCOMPARE(::mkfifo((folder / "config.json").c_str(), 0600), 0);
    QVERIFY(said([&] { model::ModelConfig::load(folder); }).contains("FIFO"));
    QCOMPARE(::mkfifo((folder / "model.safetensors").c_str(), 0600), 0);
    QVERIFY(said([&] { model::read_weight_files(folder); }).contains("FIFO"));
    QVERIFY(std::filesystem::remove(folder / "model.safetensors"));
    std::filesystem::create_symlink("/dev/zero", folder / "model.safetensors");
    QVERIFY(said([&] { model::read_weight_files(folder); }).contains("a device"));
    QVERIFY(std::filesystem::remove(folder / "config.json"));
    QVERIFY(std::filesystem::create_directory(folder / "config.json"));
    QVERIFY(said([&] { model::ModelConfig::load(folder); }).contains("a folder"));
  }

  void sizes_of_a_configuration_data() {
    QTest::addColumn<QByteArray>("keys");
    QTest::addColumn<QString>("key");
    const auto row = [](const char* key, const char* value) {
      QTest::newRow(qPrintable(QString("%1 %2").arg(key, value)))
          << QByteArray("\"") + key + "\": " + value << QString(key);
    };
    for (const char* value : {"1000000000", "2147483648", "-1", "0", "1.5", "1e9", "18446744073709551615",
                              "18446744073709551618", "\"2\"", "[2]"})
      for (const char* key : {"num_hidden_layers", "hidden_size", "intermediate_size", "vocab_size",
                              "num_attention_heads", "num_key_value_heads", "head_dim"})
        row(key, value);
    for (const char* value : {"-1", "0", "1e9", "18446744073709551615", "[]"}) row("max_position_embeddings", value);
    for (const char* value : {"0", "-1.5", "\"x\""}) row("rope_theta", value);
    row("rms_norm_eps", "-1e-5");
    QTest::newRow("product")
        << QByteArray(
               R"("num_hidden_layers": 10000, "hidden_size": 4194304, "num_attention_heads": 65536, "intermediate_size": 4194304)")
        << QString("num_hidden_layers");
  }
  void sizes_of_a_configuration() {
    QFETCH(QByteArray, keys);
    QFETCH(QString, key);
    QVERIFY2(config("").isEmpty(), qPrintable(config("")));
    const QString text = config(keys);
    QVERIFY2(text.startsWith("config.json: ") && text.contains("\"" + key + "\"") && !text.contains("json.exception"),
             qPrintable(text));
  }

  void nesting_of_a_configuration() {
    const QString text = config("\"rope_scaling\": " + QByteArray(100000, '[') + QByteArray(100000, ']'));
    QVERIFY2(text.contains("config.json") && text.contains("deep"), qPrintable(text));
  }

  void keys_twice() {
    QVERIFY(!model::repeated_key(R"({"a": {"b": 1, "c": [{"b": 1}, {"b": 2}]}, "b": 2})"));
    QCOMPARE(model::repeated_key(R"({"a": {"b": 1, "c": {}, "b": 2}})").value_or(""), std::string("b"));
    QCOMPARE(model::repeated_key(R"([{"\u0061": 1, "a": 2}])").value_or(""), std::string("a"));
  }
};

QTEST_GUILESS_MAIN(TestModelFiles)
#include "test_model_files.moc"
