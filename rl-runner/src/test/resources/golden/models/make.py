#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the cases of this folder: small random models of families for which there are no numbers of transformers' own code here.

usage: make.py    (needs torch; writes <family>/ beside itself, and ../../adapters)
A second, eager implementation from the papers and the documented config fields, in float64, with torch's autograd: no line is shared with Sextant.
"""
import json
import math
import os
import struct

import numpy
import torch

torch.set_default_dtype(torch.float64)
HERE = os.path.dirname(os.path.abspath(__file__))
ADAPTERS = os.path.join(HERE, "..", "..", "adapters")
COMMON = dict(attention_dropout=0.0, bos_token_id=1, eos_token_id=2, hidden_act="silu", initializer_range=0.02, max_position_embeddings=128,
              num_hidden_layers=2, rms_norm_eps=1e-6, torch_dtype="float32", use_cache=True)
WINDOW = dict(max_window_layers=2, sliding_window=None, use_sliding_window=False)
SHAPES = {
    "qwen2": dict(COMMON, **WINDOW, model_type="qwen2", architectures=["Qwen2ForCausalLM"], hidden_size=36, intermediate_size=52,
                  num_attention_heads=6, num_key_value_heads=3, rope_theta=1e6, rope_scaling=None, tie_word_embeddings=True, vocab_size=61),
    "qwen3": dict(COMMON, **WINDOW, model_type="qwen3", architectures=["Qwen3ForCausalLM"], hidden_size=20, intermediate_size=44,
                  num_attention_heads=4, num_key_value_heads=2, head_dim=8, attention_bias=False, rope_theta=1e6, rope_scaling=None,
                  tie_word_embeddings=False, vocab_size=53),
    "llama3-rope": dict(COMMON, model_type="llama", architectures=["LlamaForCausalLM"], hidden_size=24, intermediate_size=40, num_attention_heads=4,
                        num_key_value_heads=1, head_dim=16, attention_bias=True, mlp_bias=True, pretraining_tp=1, rope_theta=5e5,
                        rope_scaling=dict(factor=8.0, high_freq_factor=4.0, low_freq_factor=1.0, original_max_position_embeddings=16,
                                          rope_type="llama3"), tie_word_embeddings=True, vocab_size=47),
}
SHAPES["llama3-rope"]["eos_token_id"] = [2, 5]
ADAPTED = dict(COMMON, model_type="llama", architectures=["LlamaForCausalLM"], hidden_size=12, intermediate_size=20, num_attention_heads=3,
               num_key_value_heads=1, head_dim=4, attention_bias=False, mlp_bias=False, pretraining_tp=1, rope_theta=1e4, rope_scaling=None,
               tie_word_embeddings=True, vocab_size=23)


def frequencies(c, size):
    base = c["rope_theta"] ** (-torch.arange(0, size, 2) / size)
    scaling = c["rope_scaling"]
    if scaling is None:
        return base
    wavelength = 2 * math.pi / base
    original, low, high = (scaling[k] for k in ("original_max_position_embeddings", "low_freq_factor", "high_freq_factor"))
    mix = (original / wavelength - low) / (high - low)
    between = (1 - mix) * base / scaling["factor"] + mix * base
    out = torch.where(wavelength > original / low, base / scaling["factor"], base)
    return torch.where((wavelength <= original / low) & (wavelength >= original / high), between, out)


def names(c):
    h, v, i = c["hidden_size"], c["vocab_size"], c["intermediate_size"]
    size = c.get("head_dim", h // c["num_attention_heads"])
    q, k = c["num_attention_heads"] * size, c["num_key_value_heads"] * size
    shapes = {"model.embed_tokens.weight": (v, h), "model.norm.weight": (h,)}
    if not c["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (v, h)
    for n in range(c["num_hidden_layers"]):
        p = f"model.layers.{n}."
        shapes.update({p + "input_layernorm.weight": (h,), p + "post_attention_layernorm.weight": (h,)})
        for name, rows, columns in (("self_attn.q_proj", q, h), ("self_attn.k_proj", k, h), ("self_attn.v_proj", k, h),
                                    ("self_attn.o_proj", h, q), ("mlp.gate_proj", i, h), ("mlp.up_proj", i, h), ("mlp.down_proj", h, i)):
            shapes[p + name + ".weight"] = (rows, columns)
            of_qkv = name[-6:] in ("q_proj", "k_proj", "v_proj")
            if c["model_type"] == "qwen2" and of_qkv or c.get("attention_bias") and "attn" in name or c.get("mlp_bias") and "mlp" in name:
                shapes[p + name + ".bias"] = (rows,)
        if c["model_type"] == "qwen3":
            shapes.update({p + "self_attn.q_norm.weight": (size,), p + "self_attn.k_norm.weight": (size,)})
    return shapes


def norm(x, w, eps):
    return w * (x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps))


def run(c, w, ids, factors={}, scale=0):
    """Logits of one sequence; factors of low-rank adapters as PEFT names them, and what their product is multiplied by."""
    t = len(ids)
    heads, shared = c["num_attention_heads"], c["num_key_value_heads"]
    size = c.get("head_dim", c["hidden_size"] // heads)
    angle = torch.arange(t)[:, None] * frequencies(c, size)[None, :]
    turn = torch.polar(torch.ones_like(angle), angle)

    def linear(x, name):
        y = x @ w[name + ".weight"].T
        module = "base_model.model." + name
        if module + ".lora_A.weight" in factors:
            y = y + scale * ((x @ factors[module + ".lora_A.weight"].T) @ factors[module + ".lora_B.weight"].T)
        return y + w[name + ".bias"] if name + ".bias" in w else y

    def rotate(x):  # element i and i + size/2 are the two parts of a complex number
        z = torch.complex(x[..., :size // 2], x[..., size // 2:]) * turn[:, None, :]
        return torch.cat([z.real, z.imag], -1)

    x = w["model.embed_tokens.weight"][ids]
    for n in range(c["num_hidden_layers"]):
        p = f"model.layers.{n}."
        h = norm(x, w[p + "input_layernorm.weight"], c["rms_norm_eps"])
        q = linear(h, p + "self_attn.q_proj").view(t, heads, size)
        k = linear(h, p + "self_attn.k_proj").view(t, shared, size)
        v = linear(h, p + "self_attn.v_proj").view(t, shared, size)
        if p + "self_attn.q_norm.weight" in w:
            q = norm(q, w[p + "self_attn.q_norm.weight"], c["rms_norm_eps"])
            k = norm(k, w[p + "self_attn.k_norm.weight"], c["rms_norm_eps"])
        q, k = rotate(q), rotate(k)
        out = []
        for head in range(heads):
            key = head // (heads // shared)
            scores = q[:, head] @ k[:, key].T / math.sqrt(size)
            scores = scores.masked_fill(torch.triu(torch.ones(t, t, dtype=torch.bool), 1), -math.inf)
            out.append(torch.softmax(scores, -1) @ v[:, key])
        x = x + linear(torch.cat(out, -1), p + "self_attn.o_proj")
        h = norm(x, w[p + "post_attention_layernorm.weight"], c["rms_norm_eps"])
        gate = linear(h, p + "mlp.gate_proj")
        x = x + linear(gate * torch.sigmoid(gate) * linear(h, p + "mlp.up_proj"), p + "mlp.down_proj")
    return norm(x, w["model.norm.weight"], c["rms_norm_eps"]) @ w.get("lm_head.weight", w["model.embed_tokens.weight"]).T


def save(path, tensors):
    header, at = {"__metadata__": {"format": "pt"}}, 0
    for name in sorted(tensors):
        a = tensors[name].astype("<f4")
        header[name] = {"dtype": "F32", "shape": list(a.shape), "data_offsets": [at, at + a.nbytes]}
        at += a.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(tensors[n].astype("<f4").tobytes() for n in sorted(tensors)))


def make(name, c):
    folder = os.path.join(HERE, name)
    os.makedirs(folder, exist_ok=True)
    random = numpy.random.default_rng(7)
    raw = {n: (random.normal(1.0 if "norm" in n else 0.0, 0.25, s)).astype("float32") for n, s in names(c).items()}
    w = {n: torch.tensor(a.astype("float64"), requires_grad=True) for n, a in raw.items()}
    lengths, width = [9, 14, 5], 14
    rows = [[int(i) for i in random.integers(0, c["vocab_size"], n)] for n in lengths]
    labels = [[-100] * (n // 3) + r[n // 3:] + [-100] * (width - n) for n, r in zip(lengths, rows)]
    logits = [run(c, w, r) for r in rows]
    picked = [torch.log_softmax(l, -1) for l in logits]
    chosen = [[float(picked[b][t, labels[b][t + 1]]) if t + 1 < n and labels[b][t + 1] >= 0 else 0.0 for t in range(width - 1)]
              for b, n in enumerate(lengths)]
    count = sum(v != 0.0 for r in chosen for v in r)
    loss = -sum(picked[b][t, labels[b][t + 1]] for b, n in enumerate(lengths) for t in range(n - 1) if labels[b][t + 1] >= 0) / count
    loss.backward()
    pad = lambda n: [0] * (width - n)
    case = dict(id=name + ".right_padding", kind="forward_backward", method="forward_backward",
                input_ids=[r + pad(n) for n, r in zip(lengths, rows)], attention_mask=[[1] * n + pad(n) for n in lengths],
                position_ids=[list(range(n)) + pad(n) for n in lengths], labels=labels, num_label_tokens=count, loss=float(loss),
                gradients_file="grads.right_padding.safetensors",
                grad_l2_norm=math.sqrt(sum(float((p.grad ** 2).sum()) for p in w.values())),
                logits=[[[round(v, 7) for v in row] for row in l.tolist()] + [[0.0] * c["vocab_size"]] * (width - n)
                        for n, l in zip(lengths, logits)], label_logprobs=chosen)
    save(os.path.join(folder, "model.safetensors"), raw)
    save(os.path.join(folder, "grads.right_padding.safetensors"), {n: p.grad.numpy() for n, p in w.items()})
    json.dump(c, open(os.path.join(folder, "config.json"), "w"), indent=2, sort_keys=True)
    json.dump(dict(provenance=dict(how="make.py beside this folder"), cases=[case]), open(os.path.join(folder, "cases.json"), "w"))


def make_adapters(c, rank, alpha):
    """One adapter twice, as LoRA (alpha / r) and as rsLoRA (alpha / sqrt(r)): logits, mean loss and the gradients of both factors."""
    random = numpy.random.default_rng(11)
    shapes = names(c)
    raw = {n: (random.normal(1.0 if "norm" in n else 0.0, 0.25, s)).astype("float32") for n, s in shapes.items()}
    w = {n: torch.tensor(a.astype("float64")) for n, a in raw.items()}
    factors = {}
    for n, (rows, columns) in ((n, s) for n, s in shapes.items() if n.split(".")[-2] in ("q_proj", "down_proj")):
        module = "base_model.model." + n[:-len(".weight")]
        factors[module + ".lora_A.weight"] = random.normal(0.0, 0.3, (rank, columns)).astype("float32")
        factors[module + ".lora_B.weight"] = random.normal(0.0, 0.3, (rows, rank)).astype("float32")
    rows = [[int(i) for i in random.integers(0, c["vocab_size"], n)] for n in (7, 4)]
    os.makedirs(os.path.join(ADAPTERS, "base"), exist_ok=True)
    save(os.path.join(ADAPTERS, "base", "model.safetensors"), raw)
    json.dump(c, open(os.path.join(ADAPTERS, "base", "config.json"), "w"), indent=2, sort_keys=True)
    for name, scale in (("lora", alpha / rank), ("rslora", alpha / math.sqrt(rank))):
        folder = os.path.join(ADAPTERS, name)
        os.makedirs(folder, exist_ok=True)
        leaves = {n: torch.tensor(a.astype("float64"), requires_grad=True) for n, a in factors.items()}
        logits = [run(c, w, r, leaves, scale) for r in rows]
        chosen = [torch.log_softmax(l, -1)[t, r[t + 1]] for l, r in zip(logits, rows) for t in range(len(r) - 1)]
        loss = -sum(chosen) / len(chosen)
        loss.backward()
        save(os.path.join(folder, "adapter_model.safetensors"), factors)
        config = dict(peft_type="LORA", task_type="CAUSAL_LM", base_model_name_or_path="../base", r=rank, lora_alpha=alpha, lora_dropout=0.0,
                      target_modules=["q_proj", "down_proj"], use_rslora=name == "rslora", bias="none", fan_in_fan_out=False,
                      inference_mode=True, init_lora_weights=True, modules_to_save=None)
        json.dump(config, open(os.path.join(folder, "adapter_config.json"), "w"), indent=2, sort_keys=True)
        expected = dict(provenance=dict(how="golden/models/make.py"), input_ids=rows, loss=float(loss), logits=[l.tolist() for l in logits],
                        gradients={n: p.grad.tolist() for n, p in leaves.items()})
        json.dump(expected, open(os.path.join(folder, "expected.json"), "w"))


make_adapters(ADAPTED, rank=4, alpha=6)
for family, shape in SHAPES.items():
    make(family, shape)
