// SPDX-License-Identifier: Apache-2.0
// Runs of several processes, as a launcher starts them, and what their records have in common.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "tests/training/engine_box.h"

namespace engine_test {

using Processes = std::vector<std::unique_ptr<QProcess>>;

/// A port that nobody listens on now.
inline int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

inline constexpr bandscope::Column compared[] = {bandscope::Column::loss,
                                                 bandscope::Column::z_w,
                                                 bandscope::Column::z_l,
                                                 bandscope::Column::z_w_ref,
                                                 bandscope::Column::z_l_ref,
                                                 bandscope::Column::margin,
                                                 bandscope::Column::effective_margin,
                                                 bandscope::Column::accuracy,
                                                 bandscope::Column::d_w,
                                                 bandscope::Column::d_l,
                                                 bandscope::Column::score_norm_w,
                                                 bandscope::Column::score_norm_l,
                                                 bandscope::Column::score_dot,
                                                 bandscope::Column::rho,
                                                 bandscope::Column::log_r,
                                                 bandscope::Column::log_r_star,
                                                 bandscope::Column::alpha,
                                                 bandscope::Column::grad_norm,
                                                 bandscope::Column::tokens,
                                                 bandscope::Column::epoch,
                                                 bandscope::Column::learning_rate};

inline bool near(double a, double b, double tolerance) {
  return (std::isnan(a) && std::isnan(b)) || std::abs(a - b) <= tolerance * std::max({1e-2, std::abs(a), std::abs(b)});
}

/// A box for runs that are called "shared".
class ProcessGroup {
 protected:
  EngineBox box_;

  Processes start(int count, const QString& spec, const QString& runs, const QStringList& sets) {
    Processes processes;
    const QProcessEnvironment before = box_.environment;
    const QString port = QString::number(free_port());
    for (int rank = 0; rank < count; ++rank) {
      for (const auto& [name, value] : {std::pair{"RANK", QString::number(rank)},
                                        {"LOCAL_RANK", QString::number(rank)},
                                        {"WORLD_SIZE", QString::number(count)},
                                        {"MASTER_ADDR", QString("127.0.0.1")},
                                        {"MASTER_PORT", port}})
        if (count > 1) box_.environment.insert(name, value);
      processes.push_back(box_.start(spec, runs, sets));
    }
    box_.environment = before;
    return processes;
  }

  /// All processes to their end; "" or what went wrong.
  QString train(int count, const QString& spec, const QString& runs, const QStringList& sets) {
    QString problems;
    Processes processes = start(count, spec, runs, sets);
    for (auto& process : processes) {
      const Ended end = ended(*process);
      if (end.code != 0) problems += QString::number(end.code) + ": " + end.error;
    }
    return problems;
  }

  bandscope::RecordReader record(const QString& runs) const {
    return bandscope::RecordReader::open(box_.file(runs + "/shared/run.h5"));
  }

  /// "" or the first value of the two runs that is not the same within `tolerance`, relative.
  QString difference(const QString& a, const QString& b, double tolerance) const {
    const bandscope::RecordReader left = record(a), right = record(b);
    if (left.step_numbers() != right.step_numbers()) return "steps differ";
    for (bandscope::Column which : compared) {
      const auto x = left.column(which), y = right.column(which);
      for (std::size_t i = 0; i < x.size(); ++i)
        if (!near(x[i], y[i], tolerance))
          return QString("%1 of step %2: %3 and %4")
              .arg(bandscope::column_names[static_cast<std::size_t>(which)].data())
              .arg(i + 1)
              .arg(x[i], 0, 'g', 9)
              .arg(y[i], 0, 'g', 9);
    }
    const auto p = left.pair_rows(), q = right.pair_rows();
    if (p.size() != q.size()) return "numbers of pairs differ";
    for (std::size_t i = 0; i < p.size(); ++i)
      if (p[i].row != q[i].row || p[i].step != q[i].step || !near(p[i].z_w, q[i].z_w, tolerance) ||
          !near(p[i].d_l, q[i].d_l, tolerance))
        return QString("pair %1 differs").arg(i);
    const auto u = left.probe_rows(), v = right.probe_rows();
    if (u.size() != v.size()) return "numbers of probe rows differ";
    for (std::size_t i = 0; i < u.size(); ++i)
      if (!near(u[i].z_w, v[i].z_w, tolerance) || !near(u[i].z_l, v[i].z_l, tolerance) ||
          u[i].accuracy != v[i].accuracy)
        return QString("probe row %1 differs").arg(i);
    return {};
  }
};

}  // namespace engine_test
