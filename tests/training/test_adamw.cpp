// SPDX-License-Identifier: Apache-2.0
// AdamW with float32 states against its definition in float64: clipping, weight decay, the step count that all
// parameters share, and states that go through a checkpoint.
#include <ATen/Functions.h>
#include <ATen/TensorOperators.h>

#include <QTest>
#include <cmath>

#include "training/cuda/device_kernels.h"
#include "training/optimizer/adamw.h"

using namespace bandscope;

namespace {

/// Loshchilov & Hutter, 2019, Algorithm 2, of one parameter.
struct Plain {
  at::Tensor value, first, second;
  explicit Plain(const at::Tensor& start)
      : value(start.cpu().to(at::kDouble)), first(at::zeros_like(value)), second(at::zeros_like(value)) {}
  void step(const at::Tensor& gradient, int number, double learning_rate, const RunSpec::Optimizer& spec) {
    first = spec.betas[0] * first + (1 - spec.betas[0]) * gradient;
    second = spec.betas[1] * second + (1 - spec.betas[1]) * gradient.square();
    const at::Tensor corrected = first / (1 - std::pow(spec.betas[0], number)),
                     root = (second / (1 - std::pow(spec.betas[1], number))).sqrt();
    value = value * (1 - learning_rate * spec.weight_decay) - learning_rate * corrected / (root + spec.eps);
  }
};

void run(at::Device device) {
  at::manual_seed(4);
  RunSpec::Optimizer spec;
  spec.betas = {0.9, 0.97};
  spec.weight_decay = 0.1;
  std::array<model::Parameter, 3> parameters;
  std::vector<model::Parameter*> pointers;
  std::vector<Plain> plain;
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    parameters[i].name = "p" + std::to_string(i);
    parameters[i].value = at::randn({7, static_cast<std::int64_t>(3 + i)}).to(device);
    parameters[i].trained = true;
    pointers.push_back(&parameters[i]);
    plain.emplace_back(parameters[i].value);
  }
  auto adam = std::make_unique<optimizer::AdamW>(pointers, spec);
  for (int step = 1; step <= 6; ++step) {
    if (step == 4) {
      const auto state = adam->state();
      QCOMPARE(state.at("optimizer.step").item<double>(), 3.0);
      adam = std::make_unique<optimizer::AdamW>(pointers, spec);
      adam->load([&](const std::string& name, at::IntArrayRef) { return state.at(name); });
    }
    double squares = 0;
    std::vector<at::Tensor> gradients;
    for (model::Parameter* parameter : pointers) {
      const at::Tensor gradient = at::randn(parameter->value.sizes());
      parameter->gradient(model::Slot::train).copy_(gradient);
      gradients.push_back(gradient.to(at::kDouble));
      squares += gradients.back().square().sum().item<double>();
    }
    // Every second step is clipped.
    const double norm = std::sqrt(squares), most = step % 2 == 0 ? 0.5 : 0.0, rate = 1e-2 * step;
    adam->step(rate, norm, most);
    for (std::size_t i = 0; i < plain.size(); ++i) {
      const double factor = most > 0 ? std::min(1.0, most / (norm + 1e-6)) : 1.0;
      plain[i].step(gradients[i] * factor, step, rate, spec);
      QVERIFY((parameters[i].value.cpu().to(at::kDouble) - plain[i].value).abs().max().item<double>() < 2e-6);
    }
  }
}

}  // namespace

class TestAdamW : public QObject {
  Q_OBJECT
 private Q_SLOTS:
  /// Before a generator's seed makes LibTorch settle that there is no accelerator.
  void initTestCase() { cuda::load_cuda(); }
  void onTheHost() { run(at::kCPU); }
  void onTheDevice() {
    if (const std::string why = cuda::load_cuda().english(); !why.empty())
      QSKIP(qPrintable("no GPU: " + QString::fromStdString(why)));
    run(at::Device(at::kCUDA, 0));
  }
};

QTEST_GUILESS_MAIN(TestAdamW)
#include "test_adamw.moc"
