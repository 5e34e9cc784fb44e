// SPDX-License-Identifier: Apache-2.0
// Included before every test (tests/CMakeLists.txt): on a busy machine what a test waits for comes late, and Qt Test's
// own five seconds would fail it. A longer wait costs nothing where the thing comes.
#pragma once

#include <QTest>

namespace bandscope::testing {
inline constexpr int patience_ms = 60'000;
}

#undef QTRY_VERIFY
#define QTRY_VERIFY(expression) QTRY_VERIFY_WITH_TIMEOUT((expression), bandscope::testing::patience_ms)
#undef QTRY_VERIFY2
#define QTRY_VERIFY2(expression, message) \
  QTRY_VERIFY2_WITH_TIMEOUT((expression), (message), bandscope::testing::patience_ms)
#undef QTRY_COMPARE
#define QTRY_COMPARE(expression, expected) \
  QTRY_COMPARE_WITH_TIMEOUT((expression), (expected), bandscope::testing::patience_ms)
