// SPDX-License-Identifier: Apache-2.0
// The CUDA module: its row reduction on the host; loading it, or the reason why not; and, where there is a GPU, each
// kernel against the same arithmetic in float64.
#include <ATen/Context.h>
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <QTest>
#include <random>

#include "core/error.h"
#include "tests/training/softmax_rows_check.h"
#include "training/cuda/device_kernels.h"
#include "training/cuda/module/online_softmax.h"
#include "training/model/kernels.h"
#include "training/trainer/environment.h"

using namespace bandscope;

class TestDeviceKernels : public QObject {
  Q_OBJECT

  static QByteArray no_gpu() {
    const std::string why = cuda::load_cuda().english();
    return why.empty() ? QByteArray() : QByteArray::fromStdString("no GPU: " + why);
  }

 private Q_SLOTS:
  /// LibTorch keeps what it is told first of accelerators, and a generator's seed asks.
  void initTestCase() { cuda::load_cuda(); }

  void onlineSoftmax() {
    std::mt19937 random(3);
    std::normal_distribution<float> normal(0.0F, 20.0F);
    for (const int count : {1, 2, 31, 1000}) {
      std::vector<float> values(static_cast<std::size_t>(count));
      for (float& value : values) value = normal(random);
      const at::Tensor wide = at::from_blob(values.data(), {count}, at::kFloat).to(at::kDouble);
      // Dealt out to some threads, of which one gets nothing, and merged.
      cuda::OnlineSoftmax threads[5], whole;
      for (std::size_t i = 0; i < values.size(); ++i) threads[i % 4].add(values[i]);
      for (const auto& thread : threads) whole.merge(thread);
      QVERIFY(std::abs(whole.log_sum_exp() - at::logsumexp(wide, 0).item<double>()) <
              1e-5 * (1 + std::abs(whole.log_sum_exp())));
    }
    cuda::OnlineSoftmax never;
    for (int i = 0; i < 3; ++i) never.add(-INFINITY);
    never.add(2.0F);
    QCOMPARE(never.log_sum_exp(), 2.0F);
    cuda::OnlineSoftmax broken;
    broken.add(1.0F);
    broken.add(NAN);
    QVERIFY(std::isnan(broken.log_sum_exp()));
  }

  /// Without the module the plain twin works on the host.
  void plainRows_data() { types(); }
  void plainRows() {
    QFETCH(int, type);
    const std::string what = softmax_rows_differ(at::kCPU, static_cast<at::ScalarType>(type));
    QVERIFY2(what.empty(), what.c_str());
  }

  void reasonsAreSaid() {
    Message reason;
    QVERIFY(trainer::resolve_device("cpu", reason).is_cpu());
    QCOMPARE(reason.english(), std::string("as asked"));
    const bool usable = cuda::load_cuda().empty();
    QCOMPARE(trainer::resolve_device("auto", reason).is_cuda(), usable);
    QVERIFY(!reason.empty());
    if (usable) {
      QVERIFY(trainer::resolve_device("cuda", reason).is_cuda());
      QVERIFY_EXCEPTION_THROWN(trainer::resolve_device("cuda:99", reason), SpecError);
    } else {
      QCOMPARE(reason.english(), cuda::load_cuda().english());
      try {
        trainer::resolve_device("cuda", reason);
        QFAIL("a GPU that is not there was found");
      } catch (const SpecError& error) {
        QVERIFY2(std::string(error.what()).find("run.device") != std::string::npos, error.what());
        QVERIFY2(std::string(error.what()).find(cuda::load_cuda().english()) != std::string::npos, error.what());
      }
    }
  }

  /// Runs of a sweep that share a process have peaks of their own.
  void peaksBeginAgain() {
    // Before anything else of LibTorch has asked for a GPU, as at the beginning of a run.
    if (no_gpu().isEmpty()) {
      trainer::begin_peak_memory(at::Device(at::kCUDA, 0));
      QVERIFY(trainer::free_memory(at::Device(at::kCUDA, 0)).value_or(0) > 0);
    }
    const at::Device device = at::kCPU;
    trainer::begin_peak_memory(device);
    const double before = trainer::peak_memory(device);
    constexpr std::int64_t bytes = std::int64_t{256} << 20;
    at::ones({bytes}, at::kByte);
    const double with = trainer::peak_memory(device);
    QVERIFY(with > before + 0.9 * bytes);
    trainer::begin_peak_memory(device);
    if (!QFileInfo("/proc/self/clear_refs").isWritable()) QSKIP("this system does not set peaks back");
    QVERIFY(trainer::peak_memory(device) < with - 0.5 * bytes);
  }

  void rowsOnTheDevice_data() { types(); }
  void rowsOnTheDevice() {
    if (const QByteArray why = no_gpu(); !why.isEmpty()) QSKIP(why.constData());
    QFETCH(int, type);
    const std::string what = softmax_rows_differ(at::Device(at::kCUDA, 0), static_cast<at::ScalarType>(type));
    QVERIFY2(what.empty(), what.c_str());
  }
  /// Where a GPU is usable LibTorch adds in one order, and knows the GPU whatever asked for a seed.
  void determinism() {
    at::manual_seed(5);
    if (const QByteArray why = no_gpu(); !why.isEmpty()) {
      QVERIFY(!at::globalContext().deterministicAlgorithms());
      QSKIP(why.constData());
    }
    QVERIFY(at::globalContext().deterministicAlgorithms() && !at::globalContext().deterministicAlgorithmsWarnOnly());
    QVERIFY(!at::globalContext().deterministicFillUninitializedMemory());
    QCOMPARE(qgetenv("CUBLAS_WORKSPACE_CONFIG").isEmpty(), false);
    const at::Tensor ids = at::randint(3, {5000}, at::kLong).to(at::kCUDA), rows = at::randn({5000, 64}).to(at::kCUDA);
    const auto sums = [&] { return at::zeros({3, 64}).to(at::kCUDA).index_add_(0, ids, rows); };
    QVERIFY(at::equal(sums(), sums()));
  }
  void productsOnTheDevice() {
    if (const QByteArray why = no_gpu(); !why.isEmpty()) QSKIP(why.constData());
    std::vector<cuda::GradientPair> pairs;
    for (const std::int64_t count : {1, 255, 4097, 3000000})
      pairs.push_back({at::randn({count}).to(at::kCUDA), at::randn({count}).to(at::kCUDA)});
    const auto products = model::pair_products_each(pairs);
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const model::PairProducts plain = model::pair_products_plain(pairs[i].a, pairs[i].b);
      QVERIFY(std::abs(products[i].aa - plain.aa) < 1e-6 * plain.aa &&
              std::abs(products[i].bb - plain.bb) < 1e-6 * plain.bb);
      QVERIFY(std::abs(products[i].ab - plain.ab) < 1e-6 * std::sqrt(plain.aa * plain.bb));
    }
    QCOMPARE(model::pair_products_each(pairs)[3].ab, products[3].ab);  // the same in every run
  }

 private:
  static void types() {
    QTest::addColumn<int>("type");
    QTest::newRow("float32") << static_cast<int>(at::kFloat);
    QTest::newRow("bfloat16") << static_cast<int>(at::kBFloat16);
    QTest::newRow("float16") << static_cast<int>(at::kHalf);
  }
};

QTEST_GUILESS_MAIN(TestDeviceKernels)
#include "test_device_kernels.moc"
