// SPDX-License-Identifier: Apache-2.0
// The table of objectives. A new one is a file of its own, a line in each of the two lists here and its name in
// CMakeLists.txt.
#include <vector>

#include "core/objective/objective.h"

namespace bandscope {

ObjectiveInfo dpo_objective();
ObjectiveInfo ti_dpo_objective();
ObjectiveInfo tdpo_objective();
ObjectiveInfo ipo_objective();
ObjectiveInfo r_dpo_objective();
ObjectiveInfo simpo_objective();
ObjectiveInfo cpo_objective();
ObjectiveInfo rrhf_objective();
ObjectiveInfo slic_hf_objective();
ObjectiveInfo kto_objective();
ObjectiveInfo ddro_objective();
ObjectiveInfo dil_bce_objective();
ObjectiveInfo dil_ukl_objective();
ObjectiveInfo dil_lsif_objective();
ObjectiveInfo robust_dpo_objective();
ObjectiveInfo hinge_objective();
ObjectiveInfo exo_objective();
ObjectiveInfo nca_objective();
ObjectiveInfo sppo_objective();
ObjectiveInfo apo_zero_objective();
ObjectiveInfo apo_down_objective();
ObjectiveInfo discopop_objective();
ObjectiveInfo orpo_objective();
ObjectiveInfo dpop_objective();
ObjectiveInfo cal_dpo_objective();
ObjectiveInfo simper_objective();

std::span<const ObjectiveInfo> objectives() {
  static const std::vector<ObjectiveInfo> table = {
      dpo_objective(),      ti_dpo_objective(),   tdpo_objective(),    ipo_objective(),      r_dpo_objective(),
      simpo_objective(),    cpo_objective(),      rrhf_objective(),    slic_hf_objective(),  kto_objective(),
      ddro_objective(),     dil_bce_objective(),  dil_ukl_objective(), dil_lsif_objective(), robust_dpo_objective(),
      hinge_objective(),    exo_objective(),      nca_objective(),     sppo_objective(),     apo_zero_objective(),
      apo_down_objective(), discopop_objective(), orpo_objective(),    dpop_objective(),     cal_dpo_objective(),
      simper_objective(),
  };
  return table;
}

const ObjectiveInfo* find_objective(std::string_view name) {
  for (const ObjectiveInfo& info : objectives()) {
    if (info.name == name) return &info;
  }
  return nullptr;
}

std::string unpaired_objectives() {
  std::string names;
  for (const ObjectiveInfo& info : objectives())
    if (info.unpaired) names += (names.empty() ? "" : ", ") + info.name;
  return names;
}

}  // namespace bandscope
