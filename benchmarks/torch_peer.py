#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PyTorch on the shapes of Sextant's benchmark: the peer to measure beside, in the same run.

usage: torch_peer.py [--threads 1] [--layers 4] [--hidden 256] [--heads 4] [--vocab 64]
                     [--batch 32] [--tokens 64] [--prompts 64] [--prompt-tokens 16] [--new-tokens 48] [--repeat 7]
Prints one JSON object: the best of the repeats, by wall clock and by processor time.
 train:   forward, cross entropy, backward and AdamW of an eager GPT on batch x tokens random ids.
 rollout: a hand-written loop with preallocated key/value cache and multinomial sampling (no generate() overhead).
Needs torch (Debian: apt-get install python3-torch, then run with /usr/bin/python3).
"""
import argparse, json, math, os, time

p = argparse.ArgumentParser()
for name, value in dict(threads=1, layers=4, hidden=256, heads=4, vocab=64, batch=32, tokens=64,
                        prompts=64, prompt_tokens=16, new_tokens=48, repeat=7).items():
    p.add_argument("--" + name.replace("_", "-"), type=int, default=value)
a = p.parse_args()
# The BLAS reads these when it is loaded: the thread count, and the kernels for this processor (an inherited
# OPENBLAS_CORETYPE of an older processor halves its speed; unset, an old OpenBLAS may not know a new one).
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(a.threads)
with open("/proc/cpuinfo") as info:
    os.environ["OPENBLAS_CORETYPE"] = "SKYLAKEX" if "avx512f" in info.read() else "HASWELL"
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(a.threads)
torch.manual_seed(0)
C, H, D = a.hidden, a.heads, a.hidden // a.heads
LENGTH = max(a.tokens, a.prompt_tokens + a.new_tokens)


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(C), nn.LayerNorm(C)
        self.qkv, self.out = nn.Linear(C, 3 * C), nn.Linear(C, C)
        self.up, self.down = nn.Linear(C, 4 * C), nn.Linear(4 * C, C)

    def split(self, x):
        b, t, _ = x.shape
        return self.qkv(self.norm1(x)).view(b, t, 3, H, D).permute(2, 0, 3, 1, 4)

    def rest(self, x, attended):
        b, t, _ = x.shape
        x = x + self.out(attended.permute(0, 2, 1, 3).reshape(b, t, C))
        return x + self.down(F.gelu(self.up(self.norm2(x))))

    def forward(self, x, mask):
        q, k, v = self.split(x)
        weights = torch.softmax(q @ k.transpose(-1, -2) / math.sqrt(D) + mask, -1)
        return self.rest(x, weights @ v)

    def cached(self, x, keys, values, start):
        q, k, v = self.split(x)
        n = x.shape[1]
        keys[:, :, start:start + n], values[:, :, start:start + n] = k, v
        scores = q @ keys[:, :, :start + n].transpose(-1, -2) / math.sqrt(D)
        if n > 1:
            scores = scores + torch.triu(torch.full((n, n), -1e9), 1)
        return self.rest(x, torch.softmax(scores, -1) @ values[:, :, :start + n])


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.position = nn.Embedding(a.vocab, C), nn.Embedding(LENGTH, C)
        self.blocks, self.norm = nn.ModuleList(Block() for _ in range(a.layers)), nn.LayerNorm(C)

    def head(self, x):
        return self.norm(x) @ self.embed.weight.T

    def forward(self, ids):
        t = ids.shape[1]
        mask = torch.triu(torch.full((t, t), -1e9), 1)
        x = self.embed(ids) + self.position.weight[:t]
        for block in self.blocks:
            x = block(x, mask)
        return self.head(x)


model = Model()
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4)
ids = torch.randint(0, a.vocab, (a.batch, a.tokens))
labels = torch.randint(0, a.vocab, (a.batch * a.tokens,))


def train():
    optimizer.zero_grad()
    F.cross_entropy(model(ids).view(-1, a.vocab), labels).backward()
    optimizer.step()
    return a.batch * a.tokens


@torch.no_grad()
def rollout():
    cache = [[torch.empty(a.prompts, H, LENGTH, D) for _ in range(2)] for _ in model.blocks]
    x = torch.randint(0, a.vocab, (a.prompts, a.prompt_tokens))
    start = 0
    for step in range(a.new_tokens):
        n = x.shape[1]
        h = model.embed(x) + model.position.weight[start:start + n]
        for block, (keys, values) in zip(model.blocks, cache):
            h = block.cached(h, keys, values, start)
        start += n
        x = torch.multinomial(torch.softmax(model.head(h[:, -1]), -1), 1)
    return a.prompts * a.new_tokens


def best(work):
    wall = cpu = 0.0
    for i in range(a.repeat + 2):
        w, c = time.perf_counter(), time.process_time()
        n = work()
        if i >= 2:
            wall = max(wall, n / (time.perf_counter() - w))
            cpu = max(cpu, n / (time.process_time() - c))
    return {"tokens_per_second": round(wall, 1), "tokens_per_cpu_second": round(cpu, 1)}


square = torch.rand(1024, 1024)
gemm = 0.0
for _ in range(10):
    w = time.perf_counter()
    torch.mm(square, square)
    gemm = max(gemm, 2 * 1024 ** 3 / (time.perf_counter() - w) / 1e9)
print(json.dumps({"torch": torch.__version__, "threads": a.threads, "blas_core": os.environ["OPENBLAS_CORETYPE"], "gemm_gflops": round(gemm, 1),
                  "train": best(train), "rollout": best(rollout)}))
