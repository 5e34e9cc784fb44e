// SPDX-License-Identifier: Apache-2.0
// Where what can be made again is kept between runs, and where the user says how things are to be done.
#pragma once

#include <filesystem>

namespace bandscope {

/// $XDG_CACHE_HOME, or ~/.cache; the home is $HOME or, without one, that of the system's entry of the user. A relative
/// path counts as none, as the XDG Base Directory Specification says. Empty where there is none; it need not exist.
std::filesystem::path cache_home();
/// The same of $XDG_CONFIG_HOME, or ~/.config.
std::filesystem::path config_home();

/// cache_home()/bandscope, made for the user alone where it is missing. Empty where there is no such folder, or
/// everyone could put files into it, or it is another user's: what is kept there is believed.
std::filesystem::path cache_folder();

}  // namespace bandscope
