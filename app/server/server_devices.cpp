// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/server/server_devices.h"

#include <QCoreApplication>
#include <QStringList>

#include "app/base/amounts.h"
#include "app/base/plain_text.h"

namespace bandscope::app {
namespace {

constexpr int longest_device_word = 40;

struct DeviceStrings {
  Q_DECLARE_TR_FUNCTIONS(ServerDevices)
};

}  // namespace

QString device_name(const wire::Device& device) {
  return one_line(QString::fromStdString(device.name), longest_device_word);
}

QString device_about(const wire::Device& device) {
  QStringList parts;
  if (!device.about.empty()) parts << one_line(QString::fromStdString(device.about), longest_device_word);
  const QString memory = bytes_text(double(device.memory));
  if (device.memory > 0 && device.free_memory > 0) {
    parts << DeviceStrings::tr("%1 of %2 free").arg(bytes_text(double(device.free_memory)), memory);
  } else if (device.memory > 0) {
    parts << memory;
  }
  return parts.join(QStringLiteral(", "));
}

QString device_text(const wire::Device& device) {
  const QString about = device_about(device);
  if (about.isEmpty()) return device_name(device);
  return device_name(device) + (device.about.empty() ? QStringLiteral(", ") : QStringLiteral(" ")) + about;
}

QString devices_text(const wire::Hello& hello, int most) {
  QStringList parts;
  for (const auto& device : hello.devices) {
    if (parts.size() == most) {
      parts << QStringLiteral("…");
      break;
    }
    parts << device_text(device);
  }
  return parts.join(QStringLiteral(" · "));
}

}  // namespace bandscope::app
