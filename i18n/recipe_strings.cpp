// SPDX-License-Identifier: GPL-3.0-or-later
// Titles and descriptions of resources/recipes, the comments at the top of each file, for lupdate. Not compiled; a test
// compares them with the files.
#include <QtGlobal>

constexpr const char* recipe_strings[] = {
    QT_TRANSLATE_NOOP("RecipeText", "Gemma-2-9B, QLoRA, three objectives without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "Not in the paper: its settings for Mistral-7B (Chen et al. 2026, Sec. 4.1). Attention scores "
                      "are capped, which no fused kernel computes: long pairs take more memory than with other models "
                      "of this size."),
    QT_TRANSLATE_NOOP("RecipeText", "Llama-3.1-8B, QLoRA, three objectives without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "Not in the paper: its settings for Mistral-7B (Chen et al. 2026, Sec. 4.1) on a model of the "
                      "same size."),
    QT_TRANSLATE_NOOP("RecipeText", "Mistral-7B, QLoRA, DPO: one and two epochs without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "The paper's ablation of the length of training (Chen et al. 2026, Sec. C.3, Tab. 7)."),
    QT_TRANSLATE_NOOP("RecipeText", "Mistral-7B, QLoRA, nine objectives without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "The paper's third setting: Mistral-7B-Base on UltraFeedback Binarized or Anthropic-HH, 4-bit "
                      "weights with adapters, one epoch, 32 pairs a step, learning rate 3e-7 (Chen et al. 2026, Sec. "
                      "4.1; Figs. 2, 11 and 12, Tabs. 4 and 5)."),
    QT_TRANSLATE_NOOP("RecipeText", "Pythia-2.8B, all weights, DPO and CPO without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "As the paper's Fig. 4, yet with every weight trained where the paper has QLoRA, and so with "
                      "the learning rate that it has for the other model trained in full. Needs about 16 bytes a "
                      "parameter for weights, gradients and AdamW."),
    QT_TRANSLATE_NOOP("RecipeText", "Pythia-2.8B, QLoRA, DPO: momentum of the calibration"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "The paper's ablation of the momentum of RC's averages (Chen et al. 2026, Sec. 4.2, Tab. 3)."),
    QT_TRANSLATE_NOOP("RecipeText", "Pythia-2.8B, QLoRA, nine objectives without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "The paper's second setting: 4-bit weights with adapters, one epoch, 32 pairs a step, learning "
                      "rate 1e-4 (Chen et al. 2026, Sec. 4.1; Figs. 4, 9 and 10, Tab. 9). Rank and alpha of the "
                      "adapters are not in the paper."),
    QT_TRANSLATE_NOOP("RecipeText", "Pythia-410M, all weights, nine objectives without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "The paper's first setting: one epoch of AdamW at a constant rate, 32 pairs a step, every "
                      "weight trained (Chen et al. 2026, Sec. 4.1; Figs. 7 and 8, Tab. 8). Learning rate 6e-7. Data "
                      "there: UltraFeedback Binarized or Anthropic-HH."),
    QT_TRANSLATE_NOOP("RecipeText", "Qwen2.5-7B-Instruct, QLoRA, nine objectives without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "The paper's fourth setting: 4-bit weights with adapters, one epoch, 32 pairs a step, learning "
                      "rate 5e-7 (Chen et al. 2026, Sec. 4.1; Tab. 4 has seven of the nine, Figs. 13 and 14 DPO and "
                      "DIL-BCE)."),
    QT_TRANSLATE_NOOP("RecipeText", "Qwen3-8B, QLoRA, three objectives without and with RC"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "Not in the paper: its settings for Qwen2.5-7B (Chen et al. 2026, Sec. 4.1) on the family's next "
                      "model. Rows are conversations, rendered with the model's chat template."),
    QT_TRANSLATE_NOOP("RecipeText", "SmolLM2-135M-Instruct, LoRA, DPO without and with RC, on a CPU"),
    QT_TRANSLATE_NOOP("RecipeText",
                      "The demo's setting: 40 steps of eight pairs, six minutes on two CPU cores (packaging/demo "
                      "trains the same on its own pairs)."),
};
