// SPDX-License-Identifier: Apache-2.0
// What the processes of a run tell each other, here as threads of one: texts, failures that all share, and devices.
#include <QTest>
#include <array>
#include <functional>
#include <string>
#include <thread>

#include "tests/training/process_group.h"
#include "training/parallel/group.h"

using namespace bandscope;

namespace {

constexpr int size = 2;

/// What each of two processes comes to.
std::array<std::string, size> both(const std::function<std::string(parallel::Group&)>& body) {
  const int port = engine_test::free_port();
  std::array<std::string, size> results;
  std::vector<std::thread> threads;
  for (int rank = 0; rank < size; ++rank)
    threads.emplace_back([&, rank] {
      try {
        parallel::Group group({rank, size, rank, 0, "127.0.0.1", port});
        results[static_cast<std::size_t>(rank)] = body(group);
      } catch (const parallel::AgreedError& error) {
        results[static_cast<std::size_t>(rank)] = std::string("agreed: ") + error.what();
      } catch (const std::exception& error) {
        results[static_cast<std::size_t>(rank)] = std::string("alone: ") + error.what();
      }
    });
  for (std::thread& thread : threads) thread.join();
  return results;
}

}  // namespace

class TestGroup : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void texts_of_all() {
    const auto results = both([](parallel::Group& group) {
      std::string all;
      for (const std::string& text : group.gather(group.first() ? std::string() : std::string("second")))
        all += text + ";";
      return all;
    });
    QCOMPARE(results[0], std::string(";second;"));
    QCOMPARE(results[1], results[0]);
  }

  void one_fails_and_all_say_so() {
    const auto results = both([](parallel::Group& group) {
      group.together([&] {
        if (!group.first()) throw DataError(Message::plain("no such file"));
      });
      return std::string("went on");
    });
    QCOMPARE(results[0], std::string("agreed: process 1: no such file"));
    QCOMPARE(results[1], results[0]);
  }

  void a_gpu_and_a_cpu_are_no_group() {
    const auto results = both([](parallel::Group& group) {
      const bool gpu = !group.first();
      group.use_device(gpu ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU), gpu ? "GPU-1" : "");
      return std::string("went on");
    });
    QVERIFY2(results[0].starts_with("agreed: run.device: process 1 computes on a GPU and process 0 on the CPU"),
             results[0].c_str());
    QCOMPARE(results[1], results[0]);
  }

  /// Also where both name the same card, and where no NCCL is at hand, as here.
  void what_has_no_nccl_goes_through_main_memory() {
    const auto results = both([](parallel::Group& group) {
      group.use_device(at::Device(at::kCUDA, 0), "GPU-1");
      return std::to_string(group.sum(group.first() ? 1.0 : 2.5));
    });
    QCOMPARE(results[0], std::string("3.500000"));
    QCOMPARE(results[1], results[0]);
  }

  void who_gives_up_is_alone() {
    parallel::Group one;
    one.abandon();
    QVERIFY(!one.broken());
    const auto results = both([](parallel::Group& group) {
      group.together([] {});
      if (!group.first()) return std::string("left");
      group.abandon();
      return std::string(group.broken() ? "broken" : "whole");
    });
    QCOMPARE(results[0], std::string("broken"));
  }
};

QTEST_GUILESS_MAIN(TestGroup)
#include "test_group.moc"
