// SPDX-License-Identifier: Apache-2.0
#include "training/data/byte_source.h"

#include <zlib.h>

#include <cstring>

#include "core/error.h"
#include "core/input/file.h"

namespace bandscope::data {
namespace {

class GzipSource : public ByteSource {
 public:
  GzipSource(const std::filesystem::path& file, bool compressed)
      : name_(file.string()), compressed_(compressed), file_(nullptr, &gzclose_r), buffer_(1 << 16) {
    InputFile input = open_input(file);
    file_.reset(gzdopen(input.descriptor.get(), "rb"));
    if (file_ == nullptr) throw DataError(Message::at(name_, Message::tr("cannot be opened for reading")));
    input.descriptor.release();  // gzclose closes it
  }

 protected:
  std::string_view next_block() override {
    const int got = gzread(file_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size()));
    if (!checked_) {
      checked_ = true;
      // zlib hands through what does not start as gzip, which for a .gz file means that it is something else.
      if (compressed_ && got > 0 && gzdirect(file_.get()))
        throw DataError(Message::tr("%1 is not gzip-compressed data", name_));
    }
    int code = Z_OK;
    const char* message = gzerror(file_.get(), &code);
    // At a cut-off end the bytes so far arrive first, together with Z_BUF_ERROR.
    if (got < 0 || code == Z_BUF_ERROR) {
      throw DataError(Message::at(name_, code == Z_BUF_ERROR ? Message::tr("the gzip file ends too early")
                                                             : Message::tr("reading failed (%1)", message)));
    }
    return {buffer_.data(), static_cast<std::size_t>(got)};
  }

 private:
  std::string name_;
  bool compressed_;
  bool checked_ = false;
  std::unique_ptr<gzFile_s, decltype(&gzclose_r)> file_;
  std::vector<char> buffer_;
};

class TextSource : public ByteSource {
 public:
  explicit TextSource(std::string_view text) : text_(text) {}

 protected:
  std::string_view next_block() override { return std::exchange(text_, {}); }

 private:
  std::string_view text_;
};

}  // namespace

bool ByteSource::refill() {
  block_ = next_block();
  at_ = 0;
  return !block_.empty();
}

bool ByteSource::line(std::string& out, std::size_t most, bool& too_long) {
  out.clear();
  too_long = false;
  if (peek() < 0) return false;
  do {
    const std::string_view rest = block_.substr(at_);
    const std::size_t end = rest.find('\n');
    const std::string_view part = rest.substr(0, end);
    too_long = too_long || out.size() + part.size() > most;
    if (too_long) {
      out.clear();
    } else {
      out.append(part);
    }
    at_ += part.size();
    if (end != std::string_view::npos) {
      ++at_;
      break;
    }
  } while (refill());
  return true;
}

std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& file) {
  return std::make_unique<GzipSource>(file, file.extension() == ".gz");
}

std::unique_ptr<ByteSource> bytes_of_text(std::string_view text) { return std::make_unique<TextSource>(text); }

}  // namespace bandscope::data
