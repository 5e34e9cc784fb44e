// SPDX-License-Identifier: Apache-2.0
#include "training/text/token_decoder.h"

#include <cctype>

#include "training/text/byte_alphabet.h"
#include "training/text/normalizer.h"
#include "training/text/utf8.h"

namespace bandscope::text {
namespace {

constexpr int kDeepest = 16;             ///< nesting of Sequence
constexpr std::size_t kMostGrowth = 64;  ///< bytes out for a byte in

std::size_t size_of(const std::vector<std::string>& tokens) {
  std::size_t size = 0;
  for (const std::string& token : tokens) size += token.size();
  return size;
}

class ByteLevel : public TokenDecoder {
 public:
  void apply(std::vector<std::string>& tokens) const override {
    std::string bytes;
    for (const std::string& token : tokens) bytes += alphabet_to_bytes(token).value_or(token);
    tokens = {to_valid_utf8(bytes)};
  }
};

class Metaspace : public TokenDecoder {
 public:
  Metaspace(std::string mark, bool strip_first) : mark_(std::move(mark)), strip_first_(strip_first) {}

  void apply(std::vector<std::string>& tokens) const override {
    for (std::size_t i = 0; i < tokens.size(); ++i) {
      std::string out;
      std::size_t done = 0;
      for (std::size_t at; (at = tokens[i].find(mark_, done)) != std::string::npos; done = at + mark_.size()) {
        out.append(tokens[i], done, at - done);
        if (i > 0 || !strip_first_) out.push_back(' ');
      }
      tokens[i] = out.append(tokens[i], done);
    }
  }

 private:
  std::string mark_;
  bool strip_first_;
};

class Replace : public TokenDecoder {
 public:
  explicit Replace(Replacer replacer) : replacer_(std::move(replacer)) {}
  void apply(std::vector<std::string>& tokens) const override {
    for (std::string& token : tokens) token = replacer_.apply(token);
  }

 private:
  Replacer replacer_;
};

/// Runs of <0xNN> become the text they spell, or one U+FFFD per byte when they spell none.
class ByteFallback : public TokenDecoder {
 public:
  void apply(std::vector<std::string>& tokens) const override {
    std::vector<std::string> out;
    std::string bytes;
    const auto flush = [&] {
      if (bytes.empty()) return;
      if (is_utf8(bytes)) {
        out.push_back(bytes);
      } else {
        out.insert(out.end(), bytes.size(), "\xEF\xBF\xBD");
      }
      bytes.clear();
    };
    for (std::string& token : tokens) {
      if (const int byte = fallback_byte(token); byte >= 0) {
        bytes.push_back(static_cast<char>(byte));
        continue;
      }
      flush();
      out.push_back(std::move(token));
    }
    flush();
    tokens = std::move(out);
  }
};

class Fuse : public TokenDecoder {
 public:
  void apply(std::vector<std::string>& tokens) const override {
    std::string all;
    for (const std::string& token : tokens) all += token;
    tokens = {std::move(all)};
  }
};

class Strip : public TokenDecoder {
 public:
  Strip(std::string character, std::int64_t start, std::int64_t stop)
      : character_(std::move(character)), start_(start), stop_(stop) {}

  void apply(std::vector<std::string>& tokens) const override {
    for (std::string& token : tokens) {
      std::size_t begin = 0, end = token.size();
      const std::size_t width = character_.size();
      for (std::int64_t i = 0; i < start_ && token.compare(begin, width, character_) == 0 && begin < end; ++i) {
        begin += width;
      }
      for (std::int64_t i = 0; i < stop_ && end >= begin + width; ++i) {
        if (token.compare(end - width, width, character_) != 0) break;
        end -= width;
      }
      token = token.substr(begin, end - begin);
    }
  }

 private:
  std::string character_;
  std::int64_t start_, stop_;
};

class Sequence : public TokenDecoder {
 public:
  explicit Sequence(std::vector<std::unique_ptr<TokenDecoder>> steps) : steps_(std::move(steps)) {}
  void apply(std::vector<std::string>& tokens) const override {
    const std::size_t before = size_of(tokens);
    for (const auto& step : steps_) {
      step->apply(tokens);
      if (size_of(tokens) > kMostGrowth * before + 1024)
        throw DataError(Message::tr("the tokenizer's decoder makes text grow without bound"));
    }
  }

 private:
  std::vector<std::unique_ptr<TokenDecoder>> steps_;
};

std::unique_ptr<TokenDecoder> make(const Json& json, const std::string& where, int depth) {
  const JsonFields fields(json, where);
  const std::string type = fields.type();
  if (type == "ByteLevel") return std::make_unique<ByteLevel>();
  if (type == "Metaspace") {
    const bool prefix = fields.flag("add_prefix_space", true);
    const std::string mark = fields.text("replacement", "\xE2\x96\x81");
    if (mark.empty()) throw DataError(Message::tr("%1 is empty, one character is needed", fields.at("replacement")));
    return std::make_unique<Metaspace>(mark, fields.text("prepend_scheme", prefix ? "always" : "never") != "never");
  }
  if (type == "Replace") return std::make_unique<Replace>(Replacer(json, where));
  if (type == "ByteFallback") return std::make_unique<ByteFallback>();
  if (type == "Fuse") return std::make_unique<Fuse>();
  if (type == "Strip") {
    const std::string character = fields.text("content", " ");
    if (character.empty()) throw DataError(Message::tr("%1 is empty, one character is needed", fields.at("content")));
    constexpr std::int64_t most = 1'000'000;
    return std::make_unique<Strip>(character, fields.integer("start", 0, most), fields.integer("stop", 0, most));
  }
  if (type == "Sequence") {
    if (depth >= kDeepest) throw DataError(Message::tr("%1 is nested more than 16 deep", where));
    std::vector<std::unique_ptr<TokenDecoder>> steps;
    for (const Json& step : fields.list("decoders")) steps.push_back(make(step, fields.at("decoders"), depth + 1));
    return std::make_unique<Sequence>(std::move(steps));
  }
  throw DataError(Message::tr("%1 of type \"%2\" is not supported; known are %3", where, type,
                              "ByteLevel, Metaspace, Replace, ByteFallback, Fuse, Strip, Sequence"));
}

}  // namespace

std::unique_ptr<TokenDecoder> make_token_decoder(const Json& json, const std::string& where) {
  return json.is_null() ? nullptr : make(json, where, 0);
}

int fallback_byte(const std::string& token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token[5] != '>') return -1;
  const auto high = static_cast<unsigned char>(token[3]), low = static_cast<unsigned char>(token[4]);
  if (!std::isxdigit(high) || !std::isxdigit(low)) return -1;
  return std::stoi(token.substr(3, 2), nullptr, 16);
}

}  // namespace bandscope::text
