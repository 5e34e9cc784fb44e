// SPDX-License-Identifier: Apache-2.0
// Included before every test of figures and windows (tests/CMakeLists.txt): on a busy machine what a test waits for
// comes late, and Qt Test's own five seconds would fail it. A longer wait costs nothing where the thing comes.
#pragma once

#include <QTest>

namespace bandscope {
inline constexpr int kPatienceMs = 60'000;
}

#undef QTRY_VERIFY
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT((expression), bandscope::kPatienceMs)
#undef QTRY_VERIFY2
#define QTRY_VERIFY2(expression, message) QTRY_VERIFY2_WITH_TIMEOUT((expression), (message), bandscope::kPatienceMs)
#undef QTRY_COMPARE
#define QTRY_COMPARE(expression, expected) QTRY_COMPARE_WITH_TIMEOUT((expression), (expected), bandscope::kPatienceMs)
