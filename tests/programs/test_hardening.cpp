// SPDX-License-Identifier: Apache-2.0
// The built programs as ELF files: no library out of the current folder, random addresses, read-only relocations, stack
// protector, no executable stack.
#include <elf.h>

#include <QFile>
#include <QTest>
#include <cstring>
#include <optional>

namespace {

/// What is wrong with a list of library folders; empty: nothing. An empty or relative element means the current folder
/// of whoever starts the program, in which somebody else's library may lie.
QString fault_of_path(const QString& runpath) {
  for (const QString& element : runpath.split(':')) {
    if (element.isEmpty()) return QStringLiteral("an empty element in \"%1\"").arg(runpath);
    if (!element.startsWith('/') && !element.startsWith(QLatin1String("$ORIGIN")))
      return QStringLiteral("the relative element \"%1\"").arg(element);
  }
  return {};
}

/// The parts of a program that its protection shows in.
class Program {
 public:
  explicit Program(const QByteArray& bytes) : bytes_(bytes) {
    header_ = at<Elf64_Ehdr>(0);
    if (!header_ || std::memcmp(header_->e_ident, ELFMAG, SELFMAG) != 0) return;
    for (int i = 0; i < header_->e_phnum; ++i) {
      const auto* part = at<Elf64_Phdr>(header_->e_phoff + std::uint64_t(i) * sizeof(Elf64_Phdr));
      if (part) parts_.push_back(*part);
    }
    const auto dynamic = segment(PT_DYNAMIC);
    if (!dynamic) return;
    for (std::uint64_t offset = 0; offset + sizeof(Elf64_Dyn) <= dynamic->p_filesz; offset += sizeof(Elf64_Dyn)) {
      const auto* entry = at<Elf64_Dyn>(dynamic->p_offset + offset);
      if (entry && entry->d_tag != DT_NULL) dynamic_.push_back(*entry);
    }
  }

  bool readable() const { return !dynamic_.empty() && !names().isEmpty(); }
  std::optional<Elf64_Phdr> segment(std::uint32_t type) const {
    for (const auto& part : parts_)
      if (part.p_type == type) return part;
    return std::nullopt;
  }
  std::optional<std::uint64_t> value(std::int64_t tag) const {
    for (const auto& entry : dynamic_)
      if (entry.d_tag == tag) return entry.d_un.d_val;
    return std::nullopt;
  }
  bool independent_of_position() const {
    return header_->e_type == ET_DYN && (value(DT_FLAGS_1).value_or(0) & DF_1_PIE) != 0;
  }
  bool bound_at_start() const {
    return (value(DT_FLAGS).value_or(0) & DF_BIND_NOW) != 0 || (value(DT_FLAGS_1).value_or(0) & DF_1_NOW) != 0;
  }
  /// The names of dynamic symbols and libraries.
  QByteArray names() const {
    const auto address = value(DT_STRTAB), size = value(DT_STRSZ);
    for (const auto& part : parts_) {
      if (!address || !size || part.p_type != PT_LOAD || *address < part.p_vaddr ||
          *address - part.p_vaddr >= part.p_filesz)
        continue;
      return bytes_.mid(qsizetype(part.p_offset + (*address - part.p_vaddr)), qsizetype(*size));
    }
    return {};
  }
  QString text(std::int64_t tag) const {
    const auto place = value(tag);
    return place ? QString::fromUtf8(names().constData() + *place) : QString();
  }

 private:
  template <typename T>
  const T* at(std::uint64_t offset) const {
    const auto size = std::uint64_t(bytes_.size());
    return offset <= size && size - offset >= sizeof(T) ? reinterpret_cast<const T*>(bytes_.constData() + offset)
                                                        : nullptr;
  }

  QByteArray bytes_;
  const Elf64_Ehdr* header_ = nullptr;
  std::vector<Elf64_Phdr> parts_;
  std::vector<Elf64_Dyn> dynamic_;
};

}  // namespace

class TestHardening : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void lists_of_folders() {
    QVERIFY(fault_of_path("/a/lib:$ORIGIN/../lib").isEmpty());
    for (const char* wrong : {"", ":/a", "/a:", "/a::/b", ".", "lib:/a", "/a:./b"})
      QVERIFY2(!fault_of_path(wrong).isEmpty(), wrong);
  }

  void programs_data() {
    QTest::addColumn<QString>("file");
    for (const QString& name : QStringLiteral(BANDSCOPE_PROGRAMS).split(',', Qt::SkipEmptyParts))
      QTest::newRow(qPrintable(name)) << QStringLiteral(BANDSCOPE_BIN "/") + name;
    QTest::newRow("this test") << QStringLiteral("/proc/self/exe");
  }
  void programs() {
    QFETCH(QString, file);
    QFile in(file);
    QVERIFY2(in.open(QIODevice::ReadOnly), qPrintable(file));
    const Program program(in.readAll());
    QVERIFY2(program.readable(), "no 64-bit ELF program");
    for (const std::int64_t list : {DT_RPATH, DT_RUNPATH}) {
      const QString fault = program.value(list) ? fault_of_path(program.text(list)) : QString();
      QVERIFY2(fault.isEmpty(), qPrintable(fault));
    }
    QVERIFY2(program.independent_of_position(), "no position-independent program");
    QVERIFY2(program.segment(PT_GNU_RELRO) && program.bound_at_start(), "relocations stay writable");
    const auto stack = program.segment(PT_GNU_STACK);
    QVERIFY2(stack && (stack->p_flags & PF_X) == 0, "an executable stack");
    QVERIFY2(program.names().contains(QByteArray("\0__stack_chk_fail\0", 18)), "no stack protector");
  }
};

QTEST_GUILESS_MAIN(TestHardening)
#include "test_hardening.moc"
