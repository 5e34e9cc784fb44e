// SPDX-License-Identifier: GPL-3.0-or-later
// What is wrong with a model's folder: configuration, weights, adapter.
#include <QtGlobal>

#include "app/words/sentences.h"

namespace bandscope::app {
namespace {

constexpr Sentence sentences[] = {
    {QT_TRANSLATE_NOOP("Engine", "\"%1\" %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "is true, which is not supported")},
    {QT_TRANSLATE_NOOP("Engine", "must be \"none\"")},
    {QT_TRANSLATE_NOOP("Engine", "is not empty, which is not supported")},
    {QT_TRANSLATE_NOOP("Engine", "is set, which is not supported")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be read; a PEFT adapter folder is needed")},
    {QT_TRANSLATE_NOOP("Engine", "\"peft_type\" is %1; LORA is supported")},
    {QT_TRANSLATE_NOOP("Engine", "\"lora_alpha\" must be a number")},
    {QT_TRANSLATE_NOOP("Engine", "tensor \"%1\" fits no projection of this model")},
    {QT_TRANSLATE_NOOP("Engine", "is not an integer")},
    {QT_TRANSLATE_NOOP("Engine", "is not a number")},
    {QT_TRANSLATE_NOOP("Engine", "is not true or false")},
    {QT_TRANSLATE_NOOP("Engine", "is not a string")},
    {QT_TRANSLATE_NOOP("Engine", "is not an object")},
    {QT_TRANSLATE_NOOP("Engine", "is not 0; training with this dropout is not supported")},
    {QT_TRANSLATE_NOOP("Engine",
                       "is \"%1\"; silu, gelu, gelu_new, gelu_fast, gelu_pytorch_tanh and relu are "
                       "supported")},
    {QT_TRANSLATE_NOOP("Engine",
                       "gives a kind of layer its own rotary embedding; one for all layers is "
                       "supported")},
    {QT_TRANSLATE_NOOP("Engine", "must lie in (0, 1]")},
    {QT_TRANSLATE_NOOP("Engine", "gives an odd number of rotary dimensions")},
    {QT_TRANSLATE_NOOP("Engine", "must be > 0")},
    {QT_TRANSLATE_NOOP("Engine", "must be above low_freq_factor")},
    {QT_TRANSLATE_NOOP("Engine", "is \"%1\"; default, linear and llama3 are supported")},
    {QT_TRANSLATE_NOOP("Engine", "needs one entry per layer")},
    {QT_TRANSLATE_NOOP("Engine", "knows full_attention and sliding_attention only")},
    {QT_TRANSLATE_NOOP("Engine", "is missing, and layer_types asks for it")},
    {QT_TRANSLATE_NOOP("Engine",
                       "says otherwise than this family's layers attend; kinds of attention by "
                       "layer are supported for qwen2")},
    {QT_TRANSLATE_NOOP("Engine", "%1; weights in float32, bfloat16, float16 or bitsandbytes' nf4 are supported"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "is true")},
    {QT_TRANSLATE_NOOP("Engine", "is %1")},
    {QT_TRANSLATE_NOOP("Engine", "is \"%1\"; gpt_neox, llama, mistral and qwen2 are supported")},
    {QT_TRANSLATE_NOOP("Engine", "must divide num_attention_heads")},
    {QT_TRANSLATE_NOOP("Engine", "must divide hidden_size")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be read; a Hugging Face model folder is needed")},
    {QT_TRANSLATE_NOOP("Engine", "tensor \"%1\" is not of a floating-point type")},
    {QT_TRANSLATE_NOOP("Engine", "tensor \"%1\" is of type F64; F32, BF16 and F16 can be quantised")},
    {QT_TRANSLATE_NOOP("Engine",
                       "\"quantization_config\" says that the weights are stored in 4 bits; only "
                       "model.tuning = \"qlora\" reads them, and an adapter is merged into the "
                       "model that they were made from")},
    {QT_TRANSLATE_NOOP("Engine",
                       "\"tie_word_embeddings\" is true, and tensor \"%1\" differs from the "
                       "embeddings; set it to false where both are meant")},
    {QT_TRANSLATE_NOOP("Engine", "too short for a safetensors header")},
    {QT_TRANSLATE_NOOP("Engine", "truncated or not a safetensors file (its header claims %1 bytes)")},
    {QT_TRANSLATE_NOOP("Engine", "its header is not JSON; not a safetensors file")},
    {QT_TRANSLATE_NOOP("Engine", "tensor \"%1\" %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "has a malformed entry")},
    {QT_TRANSLATE_NOOP("Engine", "lies outside the file; the file is truncated")},
    {QT_TRANSLATE_NOOP("Engine", "has a malformed shape")},
    {QT_TRANSLATE_NOOP("Engine", "has malformed offsets")},
    {QT_TRANSLATE_NOOP("Engine", "has type %1, which is not supported")},
    {QT_TRANSLATE_NOOP("Engine", "is too large")},
    {QT_TRANSLATE_NOOP("Engine", "has %1 bytes where its shape needs %2")},
    {QT_TRANSLATE_NOOP("Engine", "is there twice")},
    {QT_TRANSLATE_NOOP("Engine", "is not in its shard")},
    {QT_TRANSLATE_NOOP("Engine", "has shape %1 where the configuration needs %2")},
    {QT_TRANSLATE_NOOP("Engine", "neither model.safetensors nor model.safetensors.index.json is there")},
    {QT_TRANSLATE_NOOP("Engine", "no \"weight_map\" object")},
    {QT_TRANSLATE_NOOP("Engine", "the shard of \"%1\" is not a file name")},
    {QT_TRANSLATE_NOOP("Engine", "cannot be mapped")},
    {QT_TRANSLATE_NOOP("Engine", "is empty")},
    {QT_TRANSLATE_NOOP("Engine",
                       "weights kept in 4 bits are not written; merge the adapter into the model "
                       "that they were made from")},
    {QT_TRANSLATE_NOOP("Engine", "quantisation needs %1, which is not in %2; %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "%1 cannot be loaded (%2); %3"), "23"},
    {QT_TRANSLATE_NOOP("Engine", "no reason given")},
    {QT_TRANSLATE_NOOP("Engine", "%1 has no function %2, so it is not bitsandbytes 0.50's; %3"), "3"},
    {QT_TRANSLATE_NOOP("Engine",
                       "run packaging/setup, or set BANDSCOPE_BITSANDBYTES to the folder of "
                       "bitsandbytes' libraries")},
    {QT_TRANSLATE_NOOP("Engine", "no memory for %1 bytes of paged optimizer states")},
    {QT_TRANSLATE_NOOP("Engine", "a matrix of %1 values is too large for bitsandbytes on CUDA")},
    {QT_TRANSLATE_NOOP("Engine",
                       "tensor \"%1\" has values that are not finite; such weights cannot be "
                       "quantised")},
    {QT_TRANSLATE_NOOP("Engine", "is not of type U8")},
    {QT_TRANSLATE_NOOP("Engine", "does not hold a JSON object")},
    {QT_TRANSLATE_NOOP("Engine", "has %1 %2; a power of two from 32 to 4096 is allowed")},
    {QT_TRANSLATE_NOOP("Engine", "has %1 elements of type %2 where %3 of type %4 are needed")},
    {QT_TRANSLATE_NOOP("Engine", "has values that are not finite")},
    {QT_TRANSLATE_NOOP("Engine", "has %1 bytes where %2 are needed")},
    {QT_TRANSLATE_NOOP("Engine", "is stored as 4-bit floats (fp4); nf4 is supported")},
    {QT_TRANSLATE_NOOP("Engine", "is stored quantised in another way than bitsandbytes' nf4")},
    {QT_TRANSLATE_NOOP("Engine", "has quant_type %1; \"nf4\" is supported")},
    {QT_TRANSLATE_NOOP("Engine", "is not the nf4 code")},
    {QT_TRANSLATE_NOOP("Engine", "has nested_offset %1; a number is needed")},
    {QT_TRANSLATE_NOOP("Engine", "shares bytes with tensor \"%1\"")},
    {QT_TRANSLATE_NOOP("Engine", "leaves bytes before it that belong to no tensor")},
    {QT_TRANSLATE_NOOP("Engine", "%1 bytes at its end belong to no tensor; not a whole safetensors file")},
    {QT_TRANSLATE_NOOP("Engine", "its header has the key \"%1\" twice in one entry")},
    {QT_TRANSLATE_NOOP("Engine", "is %1; 1 to %2 is supported")},
    {QT_TRANSLATE_NOOP("Engine", "must be >= 0")},
    {QT_TRANSLATE_NOOP("Engine",
                       "\"num_hidden_layers\", \"vocab_size\" and the sizes beside them make a "
                       "model of more than %1 weights")},
    {QT_TRANSLATE_NOOP("Engine", "\"r\" must be an integer from 1 to %1")},
    {QT_TRANSLATE_NOOP("Engine", "tensor \"%1\" has values that are not finite; such weights are not saved")},
    {QT_TRANSLATE_NOOP("Engine", "tensor \"%1\" is of a type that is not written")},
    {QT_TRANSLATE_NOOP("Engine", "\"%1\" is there twice")},
    {QT_TRANSLATE_NOOP("Engine",
                       "model.safetensors is used; model.safetensors.index.json and its shards "
                       "beside it are not")},
    {QT_TRANSLATE_NOOP("Engine", "adapter_model.safetensors is used; adapter_model.bin beside it is not")},
    {QT_TRANSLATE_NOOP("Engine", "its size is not the one that was written")},
    {QT_TRANSLATE_NOOP("Engine", "its contents are not those that were written")},
    {QT_TRANSLATE_NOOP("Engine", "not the mark of a checkpoint")},
    {QT_TRANSLATE_NOOP("Engine", "\"step\" is %1, and the record ends with step %2")},
    {QT_TRANSLATE_NOOP("Engine", "%1; no checkpoint of this run can be used"), "1"},
    {QT_TRANSLATE_NOOP("Engine", "%1 is not used: %2"), "2"},
    {QT_TRANSLATE_NOOP("Engine", "\"%1\" is %2; %3 is needed"), "3"},
    {QT_TRANSLATE_NOOP("Engine", "an integer from %1 to %2")},
    {QT_TRANSLATE_NOOP("Engine", "seconds from 0 to 1e12")},
    {QT_TRANSLATE_NOOP("Engine", "a list of numbers")},
    {QT_TRANSLATE_NOOP("Engine", "a list of bytes")},
    {QT_TRANSLATE_NOOP("Engine", "as many numbers as in \"z_w\"")},
    {QT_TRANSLATE_NOOP("Engine", "\"dropout_generator\" is not the state of a generator")},
    {QT_TRANSLATE_NOOP("Engine",
                       "there is no cache folder of this user's own; reference values are computed "
                       "anew for each run")},
    {QT_TRANSLATE_NOOP("Engine", "these reference values are not those of the model; they are computed anew")},
    {QT_TRANSLATE_NOOP("Engine", "reference values are not kept for other runs: %1"), "1"},
    {QT_TRANSLATE_NOOP("Engine",
                       "no step has a learning rate above 0, so that nothing is learnt: "
                       "optimizer.warmup_ratio = %1 begins at 0, and there is only %2 step")},
};

}  // namespace

std::span<const Sentence> model_sentences() { return sentences; }

}  // namespace bandscope::app
