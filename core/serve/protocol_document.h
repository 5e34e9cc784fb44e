// SPDX-License-Identifier: Apache-2.0
// The protocol as a document, made from the table of requests: PROTOCOL.md beside this file.
#pragma once

#include <string>

namespace bandscope::wire {

std::string protocol_document();

}  // namespace bandscope::wire
