// SPDX-License-Identifier: Apache-2.0
#include "core/input/sha256.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

#include "core/error.h"

namespace bandscope {
namespace {

void must(bool done) {
  if (!done) throw RunError(Message::tr("SHA-256 cannot be computed by the OpenSSL library of this machine"));
}

}  // namespace

void Sha256::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  must(context_ != nullptr && EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256::add(std::string_view bytes) { must(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1); }

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  must(EVP_DigestFinal_ex(context_.get(), digest.data(), &length) == 1);
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (unsigned i = 0; i < length; ++i) {
    out.push_back(digits[digest[i] >> 4]);
    out.push_back(digits[digest[i] & 15]);
  }
  return out;
}

std::string sha256_of(std::string_view bytes) {
  Sha256 hash;
  hash.add(bytes);
  return hash.hex();
}

std::string sha256_of_file(const std::filesystem::path& file) { return sha256_of_open(open_input(file), file); }

std::string stoppable_sha256_of_file(const std::filesystem::path& file, const std::function<void()>& between) {
  return sha256_of_open(open_input(file), file, between);
}

std::string sha256_of_open(const InputFile& file, const std::filesystem::path& path,
                           const std::function<void()>& between) {
  Sha256 hash;
  std::vector<char> buffer(1 << 18);
  for (off_t at = 0;;) {
    const ssize_t got = ::pread(file.descriptor.get(), buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw DataError(Message::at(path, Message::tr("reading failed")));
    if (got == 0) return hash.hex();
    hash.add({buffer.data(), static_cast<std::size_t>(got)});
    at += got;
    if (between) between();
  }
}

}  // namespace bandscope
