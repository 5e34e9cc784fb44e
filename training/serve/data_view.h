// SPDX-License-Identifier: Apache-2.0
// Rows of data that a window asks for, by file or by the run that was trained on them.
#pragma once

#include <filesystem>
#include <string>

#include "core/serve/protocol.h"
#include "training/data/trained_data.h"
#include "training/serve/roots.h"

namespace bandscope::serve {

/// For one thread, which need not be that of the session.
class DataView {
 public:
  explicit DataView(const Roots& roots) : roots_(roots) {}

  /// Answers. All throw wire::Refused or DataError. `data` is the file or folder of the request, found before.
  wire::Json rows(const std::filesystem::path& data, const wire::Request& request) const;
  /// Of the data that the run of this record was trained on. Refused (`replaced`) where they are others by now.
  wire::Json rows_of_run(const std::filesystem::path& record, const wire::Request& request);

 private:
  wire::Json read(const data::DataSource& source, const wire::Request& request) const;

  const Roots& roots_;
  data::TrainedData trained_;
};

}  // namespace bandscope::serve
