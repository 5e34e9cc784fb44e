// SPDX-License-Identifier: Apache-2.0
#include "training/serve/file_pieces.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "core/input/system_reason.h"
#include "core/serve/base64.h"
#include "core/serve/names.h"
#include "training/serve/records.h"
#include "training/serve/run_item.h"

namespace bandscope::serve {
namespace {

using wire::Json;
using wire::Refusal;
using wire::Refused;

constexpr std::size_t log_tail = 64 << 10;

Descriptor open_file(const Roots& roots, const std::string& path, struct stat& about) {
  Descriptor file = roots.open("runs", path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
  if (::fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode))
    throw Refused(Refusal::missing, Message::tr("%1 is no file", path));
  return file;
}

/// From a byte on; `tail`: the last bytes where the request names none.
Json piece_of(const Roots& roots, const std::string& path, const wire::Request& request, std::uint64_t tail) {
  struct stat about {};
  const Descriptor file = open_file(roots, path, about);
  const auto bytes = static_cast<std::uint64_t>(about.st_size);
  const std::uint64_t from = std::min(bytes, request.count("from", bytes > tail ? bytes - tail : 0));
  std::string piece(std::min<std::uint64_t>(bytes - from, wire::kMostChunkBytes), '\0');
  const ssize_t got = ::pread(file.get(), piece.data(), piece.size(), static_cast<off_t>(from));
  if (got < 0) throw Refused(Refusal::failed, Message::at(path, system_reason(errno)));
  piece.resize(static_cast<std::size_t>(got));
  return {{"from", from}, {"bytes", bytes}, {"data", wire::to_base64(piece)}};
}

/// Where a run keeps its evaluations, below the folder of runs. A record that is not called run.h5 has none of its own.
std::string evaluations_of(const Roots& roots, const std::string& run) {
  const auto record = record_of(roots, run);
  if (!owns_folder(record)) throw Refused(Refusal::missing, Message::tr("this run keeps no evaluations"));
  return (record.parent_path().lexically_relative(roots.runs()) / "evaluation").string();
}

/// What lies in a folder, sorted; nothing where there is none.
std::vector<std::string> names_below(const Roots& roots, const std::string& path) {
  std::vector<std::string> names;
  try {
    Descriptor folder = roots.open("runs", path, O_RDONLY | O_DIRECTORY);
    const std::unique_ptr<DIR, int (*)(DIR*)> open(::fdopendir(folder.get()), ::closedir);
    if (!open) return names;
    folder.release();
    while (const dirent* entry = ::readdir(open.get())) {
      if (names.size() == wire::kMostEvaluationFiles) break;
      if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
    }
  } catch (const Refused&) {
    // There is none, or it leads elsewhere.
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

Json log_piece(const Roots& roots, const wire::Request& request) {
  std::string path = request.text("run") + "/log.txt";
  if (request.fields.contains("engine")) {
    require_plain_name(request.text("engine"));
    path = ".logs/" + request.text("engine");
  } else if (!request.fields.contains("run")) {
    throw Refused(Refusal::request, Message::tr("request \"log\": a run or an engine is needed"));
  }
  return piece_of(roots, path, request, log_tail);
}

Json evaluation_files(const Roots& roots, const wire::Request& request) {
  const std::string top = evaluations_of(roots, request.text("run"));
  Json files = Json::array();
  for (const std::string& step : names_below(roots, top)) {
    if (!wire::is_step(step)) continue;
    for (const std::string& name : names_below(roots, top + "/" + step)) {
      if (files.size() == wire::kMostEvaluationFiles) break;
      const std::string path = step + "/" + name;
      if (!wire::is_evaluation_file(path)) continue;
      struct stat about {};
      try {
        open_file(roots, top + "/" + path, about);
      } catch (const Refused&) {
        continue;  // no file
      }
      files.push_back({{"path", path},
                       {"bytes", about.st_size},
                       {"changed", about.st_mtim.tv_sec * 1000 + about.st_mtim.tv_nsec / 1'000'000}});
    }
  }
  return {{"files", std::move(files)}};
}

Json evaluation_piece(const Roots& roots, const wire::Request& request) {
  const std::string path = request.text("path");
  if (!wire::is_evaluation_file(path))
    throw Refused(Refusal::request, Message::tr("\"%1\" is no file of an evaluation", path));
  return piece_of(roots, evaluations_of(roots, request.text("run")) + "/" + path, request, 0);
}

}  // namespace bandscope::serve
