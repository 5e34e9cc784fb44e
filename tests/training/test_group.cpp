// SPDX-License-Identifier: Apache-2.0
// What the processes of a run tell each other: texts, failures that all share, and devices.
#include <sys/wait.h>
#include <unistd.h>

#include <QTest>
#include <array>
#include <functional>
#include <string>
#include <vector>

#include "tests/training/process_group.h"
#include "training/parallel/group.h"

using namespace bandscope;

namespace {

constexpr int size = 2;

std::string outcome(int rank, int port, const std::function<std::string(parallel::Group&)>& body) {
  try {
    parallel::Group group({rank, size, rank, 0, "127.0.0.1", port});
    return body(group);
  } catch (const parallel::AgreedError& error) {
    return std::string("agreed: ") + error.what();
  } catch (const std::exception& error) {
    return std::string("alone: ") + error.what();
  }
}

/// What each of two processes comes to.
std::array<std::string, size> both(const std::function<std::string(parallel::Group&)>& body) {
  const int port = engine_test::free_port();
  struct Child {
    pid_t number;
    int out;
  };
  std::vector<Child> children;
  for (int rank = 0; rank < size; ++rank) {
    int ends[2];
    if (::pipe(ends) != 0) qFatal("no pipe");
    const pid_t number = ::fork();
    if (number < 0) qFatal("no process");
    if (number == 0) {
      const std::string said = outcome(rank, port, body);
      ::_exit(::write(ends[1], said.data(), said.size()) == static_cast<ssize_t>(said.size()) ? 0 : 1);
    }
    ::close(ends[1]);
    children.push_back({number, ends[0]});
  }
  std::array<std::string, size> results;
  for (std::size_t rank = 0; rank < children.size(); ++rank) {
    char bytes[512];
    for (ssize_t count; (count = ::read(children[rank].out, bytes, sizeof bytes)) > 0;)
      results[rank].append(bytes, static_cast<std::size_t>(count));
    ::close(children[rank].out);
    int status = 0;
    ::waitpid(children[rank].number, &status, 0);
    if (status != 0) results[rank] += " and ended badly";
  }
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
