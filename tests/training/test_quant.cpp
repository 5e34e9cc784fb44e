// SPDX-License-Identifier: Apache-2.0
// Quantised weights and optimizer states against what bitsandbytes' Python package gave for them (tests/fixtures/quant,
// made by make_fixtures.py there): the same bits. The numbers were made on a CPU with AVX-512; elsewhere LibTorch adds
// up in another order, so that a mean may differ in its last bit, and with it what is derived from it.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>
#include <ATen/Version.h>

#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <array>
#include <cstring>
#include <functional>

#include "core/error.h"
#include "training/model/safetensors.h"
#include "training/model/stored_nf4.h"
#include "training/optimizer/adamw.h"
#include "training/quant/dynamic_map.h"
#include "training/quant/quantized_weight.h"

using namespace bandscope;

namespace {

const std::filesystem::path fixtures = BANDSCOPE_SOURCE "/tests/fixtures/quant";

/// True where both hold the same bits.
bool same(const at::Tensor& a, const at::Tensor& b) {
  const at::Tensor x = a.contiguous(), y = b.contiguous();
  return x.scalar_type() == y.scalar_type() && x.numel() == y.numel() &&
         std::memcmp(x.const_data_ptr(), y.const_data_ptr(), x.nbytes()) == 0;
}

bool same_processor() { return at::get_cpu_capability() == "AVX512"; }

/// The message of the Error that `action` throws; "" when it throws none.
template <class Action>
QString complaint(const Action& action) {
  try {
    action();
  } catch (const Error& error) {
    return QString::fromUtf8(error.what());
  }
  return "";
}

}  // namespace

class TestQuant : public QObject {
  Q_OBJECT

  std::shared_ptr<const quant::BitsAndBytes> library_;
  model::SafeTensors golden_ = model::SafeTensors::open_file(fixtures / "nf4.safetensors");

  /// The case as bitsandbytes quantised it.
  quant::Nf4Matrix golden_matrix(const std::string& name) const {
    quant::Nf4Matrix matrix;
    matrix.rows = golden_.get(name + ".weight").size(0);
    matrix.columns = golden_.get(name + ".weight").size(1);
    matrix.packed = golden_.get(name + ".packed").flatten();
    matrix.absmax = golden_.get(name + ".absmax");
    matrix.nested_absmax = golden_.get(name + ".nested_absmax");
    matrix.nested_map = golden_.get("signed_map");
    matrix.offset = golden_.get(name + ".offset");
    return matrix;
  }
  static at::Tensor in_full(const quant::BitsAndBytes& library, const quant::Nf4Matrix& matrix, at::ScalarType type) {
    const at::Tensor out = at::empty({matrix.rows, matrix.columns}, type);
    quant::dequantize_nf4(library, matrix, out);
    return out;
  }

 private Q_SLOTS:
  void initTestCase() {
    try {
      library_ = quant::BitsAndBytes::load(at::kCPU);
    } catch (const Error& error) {
      QFAIL(error.what());  // packaging/setup puts it where the build looks
    }
  }

  void maps() {
    for (const auto& [name, own] :
         {std::pair{"signed_map", quant::dynamic_map(true)}, {"unsigned_map", quant::dynamic_map(false)}}) {
      QCOMPARE(own.numel(), 256);
      QVERIFY2(same_processor() ? same(own, golden_.get(name)) : at::allclose(own, golden_.get(name), 1e-6, 0), name);
    }
  }

  void bit_for_bit_data() {
    QTest::addColumn<QString>("name");
    for (const std::string& key : golden_.names())
      if (key.ends_with(".weight")) QTest::newRow(key.c_str()) << QString::fromStdString(key.substr(0, key.size() - 7));
  }
  void bit_for_bit() {
    QFETCH(QString, name);
    const std::string of = name.toStdString();
    const quant::Nf4Matrix golden = golden_matrix(of),
                           own = quant::quantize_nf4(*library_, golden_.get(of + ".weight"), at::kCPU, of);
    QVERIFY(same(own.packed, golden.packed));
    if (same_processor()) {
      QVERIFY(same(own.offset, golden.offset));
      QVERIFY(same(own.absmax, golden.absmax));
      QVERIFY(same(own.nested_absmax, golden.nested_absmax));
    } else {
      QVERIFY(at::allclose(own.offset, golden.offset, 1e-6, 0));
    }
    const std::pair<const char*, at::ScalarType> types[] = {
        {".f32", at::kFloat}, {".bf16", at::kBFloat16}, {".f16", at::kHalf}};
    for (const auto& [suffix, type] : types)
      QVERIFY2(same(in_full(*library_, golden, type), golden_.get(of + suffix)), suffix);
  }

  void close_to_the_weight() {
    const at::Tensor weight = golden_.get("blocks_f32.weight"), blocks = weight.view({-1, 64});
    const quant::Nf4Matrix matrix = quant::quantize_nf4(*library_, weight, at::kCPU, "w");
    const at::Tensor error = (in_full(*library_, matrix, at::kFloat) - weight).abs().view({-1, 64}).amax(1);
    // Half the widest gap between two of the 16 numbers, and the magnitudes' own rounding.
    QVERIFY((error <= blocks.abs().amax(1) * (0.1520 + 0.02)).all().item<bool>());
    QCOMPARE(matrix.bytes(), std::size_t{1024 / 2 + 16 + 4 + 4 + 1024});
  }

  void without_double_quantisation() {
    quant::Nf4Matrix matrix = golden_matrix("cut_bf16");
    const at::Tensor doubly = in_full(*library_, matrix, at::kFloat);
    const at::Tensor magnitudes =
        matrix.nested_map.index_select(0, matrix.absmax.to(at::kLong)) * matrix.nested_absmax + matrix.offset;
    matrix.absmax = magnitudes;
    matrix.nested_absmax = at::Tensor();
    QVERIFY(same(in_full(*library_, matrix, at::kFloat), doubly));
  }

  void a_shared_buffer_holds_the_last_one_asked_for() {
    const auto buffer = std::make_shared<quant::DequantizeBuffer>();
    const quant::QuantizedWeight small(library_, golden_matrix("cut_bf16"), buffer),
        large(library_, golden_matrix("nested_f32"), buffer);
    QVERIFY(same(small.in_full(at::kFloat), golden_.get("cut_bf16.f32")));
    QVERIFY(same(large.in_full(at::kBFloat16), golden_.get("nested_f32.bf16")));
    const at::Tensor again = small.in_full(at::kFloat);
    QVERIFY(same(again, golden_.get("cut_bf16.f32")));
    QCOMPARE(again.const_data_ptr(), static_cast<const void*>(large.in_full(at::kHalf).const_data_ptr()));
  }

  void values_that_are_not_finite() {
    for (const double bad : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
      const at::Tensor weight = at::zeros({5, 70}, at::kBFloat16);
      weight[4][69] = bad;
      const QString message = complaint([&] { quant::quantize_nf4(*library_, weight, at::kCPU, "model.q.weight"); });
      QVERIFY2(message.contains("model.q.weight") && message.contains("not finite"), qPrintable(message));
    }
  }

  void stored_by_transformers() {
    const model::SafeTensors full = model::SafeTensors::open_model(fixtures / "tiny-llama"),
                             stored = model::SafeTensors::open_model(fixtures / "tiny-llama-nf4");
    int matrices = 0;
    for (const std::string& name : full.names()) {
      if (!model::is_stored_quantized(stored, name)) continue;
      const at::Tensor weight = full.get(name);
      const quant::Nf4Matrix own = quant::quantize_nf4(*library_, weight, at::kCPU, name),
                             read = model::read_nf4(stored, name, weight.size(0), weight.size(1), at::kCPU);
      QVERIFY(same(own.packed, read.packed));
      if (same_processor()) {
        QVERIFY2(same(own.absmax, read.absmax) && same(own.nested_absmax, read.nested_absmax) &&
                     same(own.nested_map, read.nested_map) && same(own.offset, read.offset),
                 name.c_str());
        QVERIFY(same(in_full(*library_, own, at::kFloat), in_full(*library_, read, at::kFloat)));
      }
      ++matrices;
    }
    QCOMPARE(matrices, 14);
    QVERIFY(!model::is_stored_quantized(stored, "model.embed_tokens.weight") &&
            !model::is_stored_quantized(full, "model.layers.0.mlp.up_proj.weight"));
  }

  void damaged_stores() {
    const model::SafeTensors stored = model::SafeTensors::open_model(fixtures / "tiny-llama-nf4");
    const std::string name = "model.layers.0.self_attn.q_proj.weight", state = name + ".quant_state.bitsandbytes__nf4";
    QTemporaryDir folder;
    int files = 0;
    const auto reading = [&](const std::function<void(std::map<std::string, at::Tensor>&)>& spoil) {
      std::map<std::string, at::Tensor> tensors;
      for (const std::string& key : stored.names())
        if (key.starts_with(name)) tensors[key] = stored.get(key).clone();
      spoil(tensors);
      const std::filesystem::path file = folder.filePath(QString::number(files++)).toStdString();
      model::write_safetensors(file, tensors);
      const model::SafeTensors spoiled = model::SafeTensors::open_file(file);
      return complaint([&] { model::read_nf4(spoiled, name, 64, 64, at::kCPU); });
    };
    const auto with_state = [&](const std::string& from, const std::string& to) {
      return reading([&](auto& tensors) {
        const at::Tensor bytes = tensors[state];
        std::string text(static_cast<const char*>(bytes.const_data_ptr()), static_cast<std::size_t>(bytes.numel()));
        text.replace(text.find(from), from.size(), to);
        tensors[state] = at::empty({static_cast<std::int64_t>(text.size())}, at::kByte);
        std::memcpy(tensors[state].mutable_data_ptr(), text.data(), text.size());
      });
    };
    QCOMPARE(reading([](auto&) {}), QString());
    const struct {
      QString message;
      QStringList parts;
    } cases[] = {
        {reading([&](auto& t) { t[name] = t[name].slice(0, 0, 2000).clone(); }),
         {"q_proj.weight\"", "2000 bytes", "2048"}},
        {reading([&](auto& t) { t[name + ".absmax"] = at::zeros({64}, at::kFloat); }), {".absmax", "Float", "Byte"}},
        {reading([&](auto& t) { t.erase(name + ".absmax"); }), {".absmax", "missing"}},
        {reading([&](auto& t) { t[name + ".nested_absmax"][0] = std::numeric_limits<double>::quiet_NaN(); }),
         {".nested_absmax", "not finite"}},
        {reading([&](auto& t) { t[name + ".nested_quant_map"] = at::zeros({255}, at::kFloat); }),
         {".nested_quant_map", "256"}},
        {reading([&](auto& t) { t[name + ".quant_map"][3] = 0.5; }), {".quant_map", "nf4"}},
        {reading([&](auto& t) { t[state] = at::full({3}, 65, at::kByte); }), {"quant_state", "JSON"}},
        {reading([&](auto& t) {
           t[name + ".quant_state.bitsandbytes__fp4"] = t[state];
           t.erase(state);
         }),
         {"fp4", "nf4 is supported"}},
        {with_state("[64, 64]", "[64, 63]"), {"q_proj.weight\"", "[64,63]", "[64,64]"}},
        {with_state("\"blocksize\": 64", "\"blocksize\": 60"), {"blocksize", "60", "4096"}},
        {with_state("\"nested_offset\": ", "\"nested_offset\": \"x\", \"y\": "), {"nested_offset", "number"}},
        {with_state("\"nf4\"", "\"af4\""), {"quant_type", "af4"}}};
    for (const auto& one : cases)
      for (const QString& part : one.parts)
        QVERIFY2(one.message.contains(part), qPrintable("no " + part + " in: " + one.message));
  }

  void adam_in_8_bits() {
    const model::SafeTensors golden = model::SafeTensors::open_file(fixtures / "adam8bit.safetensors");
    RunSpec::Optimizer spec;
    spec.name = "adamw_8bit";
    spec.betas = {0.9, 0.99};
    spec.eps = 1e-7;
    spec.weight_decay = 0.05;
    std::array<model::Parameter, 2> parameters;
    std::vector<model::Parameter*> pointers;
    for (const char* name : {"large", "small"}) {
      model::Parameter& parameter = parameters[pointers.size()];
      parameter.name = name;
      parameter.value = golden.get(name).clone();
      parameter.trained = true;
      pointers.push_back(&parameter);
    }
    auto adam = std::make_unique<optimizer::AdamW>(pointers, spec);
    for (int step = 1; step <= 3; ++step) {
      const std::string number = std::to_string(step);
      // Its state goes through a checkpoint on the way.
      const auto state = adam->state();
      QVERIFY(state.contains("large.exp_avg_8bit") && state.contains("small.exp_avg") &&
              !state.contains("large.exp_avg"));
      adam = std::make_unique<optimizer::AdamW>(pointers, spec);
      adam->load([&](const std::string& name, at::IntArrayRef) { return state.at(name); });
      for (model::Parameter* parameter : pointers)
        parameter->gradient(model::Slot::train).copy_(golden.get(parameter->name + ".gradient" + number));
      adam->step(1e-2, 1.0, 0.0);
      const at::Tensor large = golden.get("large.value" + number);
      QVERIFY(same_processor() ? same(parameters[0].value, large)
                               : at::allclose(parameters[0].value, large, 1e-4, 1e-6));
      // In float32 LibTorch's fused kernel runs, which rounds elsewhere than bitsandbytes.
      QVERIFY(at::allclose(parameters[1].value, golden.get("small.value" + number), 1e-5, 1e-7));
    }
    if (!same_processor()) return;
    const auto state = adam->state();
    const std::pair<const char*, const char*> names[] = {{"large.exp_avg_8bit", "large.state1"},
                                                         {"large.exp_avg_sq_8bit", "large.state2"},
                                                         {"large.exp_avg_absmax", "large.absmax1"},
                                                         {"large.exp_avg_sq_absmax", "large.absmax2"}};
    for (const auto& [own, theirs] : names) QVERIFY2(same(state.at(own), golden.get(theirs)), own);
  }

  void a_missing_library_says_what_to_do() {
    QTemporaryDir folder;
    const QByteArray before = qgetenv("BANDSCOPE_BITSANDBYTES");
    qputenv("BANDSCOPE_BITSANDBYTES", folder.path().toUtf8());
    const auto load = [] { return complaint([] { quant::BitsAndBytes::load(at::kCPU); }); };
    const QString file = folder.filePath("libbitsandbytes_cpu.so"), missing = load();
    QVERIFY(QFile(file).open(QIODevice::WriteOnly));
    const QString no_library = load();
    QVERIFY(QFile::remove(file));
    QFile::link(QStringLiteral("/lib/x86_64-linux-gnu/libm.so.6"), file);
    const QString another = load();
    const QString cuda = complaint([] { quant::BitsAndBytes::load(at::Device(at::kCUDA, 0)); });
    before.isEmpty() ? qunsetenv("BANDSCOPE_BITSANDBYTES") : qputenv("BANDSCOPE_BITSANDBYTES", before);
    for (const QString& message : {missing, no_library, another, cuda})
      QVERIFY2(message.contains(folder.path()) && message.contains("packaging/setup"), qPrintable(message));
    QVERIFY(no_library.contains("cannot be loaded") && cuda.contains("cuda130"));
    if (QFile::exists(file))
      QVERIFY2(another.contains("has no function cquantize_blockwise_cpu_fp32"), qPrintable(another));
  }
};

QTEST_GUILESS_MAIN(TestQuant)
#include "test_quant.moc"
