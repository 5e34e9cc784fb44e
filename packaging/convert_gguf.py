#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Turn a GGUF file of the Llama architecture into a Hugging Face folder in float32.

    convert_gguf.py MODEL.gguf FOLDER

Writes config.json, generation_config.json, tokenizer.json, tokenizer_config.json and model.safetensors. The
tokenizer must be byte-level BPE with the pre-tokenizer named `smollm` (digits one by one, then GPT-2's words).
Weights that are quantised in the GGUF file stay at their quantised values; float32 holds them exactly.
"""
import json
import struct
import sys
from pathlib import Path

import gguf
import numpy as np

BLOCK_TENSORS = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
OTHER_TENSORS = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}


class Refused(Exception):
    """The file is not one that this conversion understands."""


def metadata(reader):
    """A lookup that names the missing key."""

    def get(key, default=None):
        field = reader.fields.get(key)
        if field is None:
            if default is None:
                raise Refused(f"the GGUF file has no {key}")
            return default
        return field.contents()

    return get


def hugging_face_name(name):
    stem = name.removesuffix(".weight")
    if stem in OTHER_TENSORS:
        return f"{OTHER_TENSORS[stem]}.weight"
    parts = stem.split(".")
    if len(parts) == 3 and parts[0] == "blk" and parts[2] in BLOCK_TENSORS:
        return f"model.layers.{parts[1]}.{BLOCK_TENSORS[parts[2]]}.weight"
    raise Refused(f"the tensor {name} has no place in a Llama folder")


def unpermute(weight, heads):
    """llama.cpp interleaves the two halves of each head's rows in q and k, for its rotary embedding; Hugging Face
    rotates halves. This puts the halves back: the inverse of LlamaModel.permute in convert_hf_to_gguf.py."""
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def tensors(reader, get):
    heads = get("llama.attention.head_count")
    key_value_heads = get("llama.attention.head_count_kv", heads)
    for tensor in reader.tensors:
        if tensor.name.startswith("rope_freqs"):
            raise Refused("scaled rotary frequencies are not converted")
        weight = gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype("<f4")
        if tensor.name.endswith("attn_q.weight"):
            weight = unpermute(weight, heads)
        elif tensor.name.endswith("attn_k.weight"):
            weight = unpermute(weight, key_value_heads)
        yield hugging_face_name(tensor.name), np.ascontiguousarray(weight)


def write_safetensors(path, named):
    """The format in full: 8 bytes with the header's length, a JSON header, the data in the header's order."""
    header, position = {"__metadata__": {"format": "pt"}}, 0
    for name, weight in named:
        header[name] = {
            "dtype": "F32",
            "shape": list(weight.shape),
            "data_offsets": [position, position + weight.nbytes],
        }
        position += weight.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for _, weight in named:
            file.write(weight.tobytes())


def model_config(get, tied):
    hidden, heads = get("llama.embedding_length"), get("llama.attention.head_count")
    return {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "attention_dropout": 0.0,
        "bos_token_id": get("tokenizer.ggml.bos_token_id"),
        "eos_token_id": get("tokenizer.ggml.eos_token_id"),
        "pad_token_id": get("tokenizer.ggml.padding_token_id"),
        "head_dim": hidden // heads,
        "hidden_act": "silu",
        "hidden_size": hidden,
        "initializer_range": 0.041666666666666664,
        "intermediate_size": get("llama.feed_forward_length"),
        "max_position_embeddings": get("llama.context_length"),
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": heads,
        "num_hidden_layers": get("llama.block_count"),
        "num_key_value_heads": get("llama.attention.head_count_kv", heads),
        # GGUF keeps it as a float32; the shortest decimal that gives that float32 is the number that was meant.
        "rms_norm_eps": float(str(np.float32(get("llama.attention.layer_norm_rms_epsilon")))),
        "rope_scaling": None,
        "rope_theta": get("llama.rope.freq_base"),
        "tie_word_embeddings": tied,
        "torch_dtype": "float32",
        "use_cache": True,
        "vocab_size": get("llama.vocab_size"),
    }


def special_token(content, token_id):
    return {
        "id": token_id,
        "content": content,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }


def tokenizer_files(get):
    if get("tokenizer.ggml.model") != "gpt2" or get("tokenizer.ggml.pre") != "smollm":
        raise Refused("the tokenizer is not byte-level BPE with the pre-tokenizer `smollm`")
    words, kinds = get("tokenizer.ggml.tokens"), get("tokenizer.ggml.token_type")
    if len(set(words)) != len(words):
        raise Refused("the vocabulary names a token twice")
    control = gguf.TokenType.CONTROL
    added = [special_token(word, i) for i, (word, kind) in enumerate(zip(words, kinds)) if kind == control]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    tokenizer = {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": added,
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level],
        },
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {word: i for i, word in enumerate(words)},
            "merges": get("tokenizer.ggml.merges"),
        },
    }
    config = {
        "add_prefix_space": False,
        "add_bos_token": bool(get("tokenizer.ggml.add_bos_token")),
        "added_tokens_decoder": {str(token["id"]): {k: v for k, v in token.items() if k != "id"} for token in added},
        "additional_special_tokens": [
            words[get("tokenizer.ggml.bos_token_id")], words[get("tokenizer.ggml.eos_token_id")]],
        "bos_token": words[get("tokenizer.ggml.bos_token_id")],
        "eos_token": words[get("tokenizer.ggml.eos_token_id")],
        "pad_token": words[get("tokenizer.ggml.padding_token_id")],
        "unk_token": words[get("tokenizer.ggml.unknown_token_id")],
        "chat_template": get("tokenizer.chat_template"),
        "clean_up_tokenization_spaces": False,
        "model_max_length": get("llama.context_length"),
        # The class that takes tokenizer.json as it is; GPT-2's own would leave out the digits rule.
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    return tokenizer, config


def write_json(path, value):
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def convert(source, folder):
    reader = gguf.GGUFReader(source)
    get = metadata(reader)
    if get("general.architecture") != "llama":
        raise Refused(f"the architecture is {get('general.architecture')}, not llama")
    tokenizer, tokenizer_config = tokenizer_files(get)
    named = sorted(tensors(reader, get))
    config = model_config(get, tied=all(name != "lm_head.weight" for name, _ in named))
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / "config.json", config)
    write_json(folder / "generation_config.json", {key: config[key] for key in
                                                   ("bos_token_id", "eos_token_id", "pad_token_id")})
    write_json(folder / "tokenizer.json", tokenizer)
    write_json(folder / "tokenizer_config.json", tokenizer_config)
    write_safetensors(folder / "model.safetensors", named)
    return sum(weight.size for _, weight in named)


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    source, folder = Path(arguments[0]), Path(arguments[1])
    try:
        count = convert(source, folder)
    except (Refused, OSError, ValueError, KeyError) as error:
        print(f"convert_gguf.py: error: {source}: {error}", file=sys.stderr)
        return 3
    print(f"convert_gguf.py: {count:,} parameters in {folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
