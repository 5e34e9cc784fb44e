// SPDX-License-Identifier: Apache-2.0
// The far end of the examiner: a process that waits for paths and forks once for each of them. For the sources of
// core/record only.
#pragma once

#include <cstddef>
#include <string_view>

namespace bandscope::record {

/// Most bytes of a question (a path) and of an answer: kReadable and a remark, or kUnreadable and what is wrong.
inline constexpr std::size_t kMostExaminerBytes = 8192;
inline constexpr char kReadable = '+', kUnreadable = '-';
/// Stands in an answer for the file's path, which may hold bytes that JSON cannot.
inline constexpr std::string_view kExaminedFile = "\x01";

/// Forks the process; returns this end of a socket of packets that belongs to it, or −1. The process ends when that is
/// closed.
int start_examiner_process();

/// True in the process that reads a record to see whether that can be survived.
bool being_examined();

}  // namespace bandscope::record
