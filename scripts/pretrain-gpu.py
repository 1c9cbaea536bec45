"""Pre-trains the base model on a GPU with PyTorch and writes the checkpoint that `npm run pretrain -- --resume` finishes.

For machines with a GPU; everything else in this project runs without Python. It trains the same architecture, with the
same optimiser (Muon for hidden matrices, AdamW for the rest; lib/engine/optim/muon.ts), schedule and starting scale as
lib/engine/train/pretrain.ts, on the same token windows. The bits differ: another order of the data and other kernels.

  npm run pretrain -- --data corpus.jsonl.gz --out models/NAME --cache CACHE --prepare   # tokens and configuration into CACHE
  python3 scripts/pretrain-gpu.py --cache CACHE --name NAME --minutes 9                  # needs torch >= 1.13 and numpy
  npm run pretrain -- --data corpus.jsonl.gz --out models/NAME --cache CACHE --resume --minutes 9   # card, samples, files
"""

import argparse
import glob
import json
import math
import os
import struct
import time

import numpy as np
import torch
import torch.nn.functional as F

EVALUATION_SECONDS, CHECKPOINT_SECONDS = 30, 120


def main():
    options = parse_arguments()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(0)
    torch.backends.cuda.matmul.allow_tf32 = True
    folder = options.cache
    with open(os.path.join(folder, f"{options.name}-config.json")) as file:
        config = json.load(file)
    width = config["max_position_embeddings"] + 1
    [tokens] = glob.glob(os.path.join(folder, "tokens-*"))
    train, held_out = (
        torch.from_numpy(np.fromfile(os.path.join(tokens, f"{part}.bin"), dtype=np.uint16).astype(np.int32))
        .view(-1, width)
        .to(device)
        for part in ("train", "held-out")
    )
    model = Llama(config, device)
    print(f"{sum(p.numel() for p in model.parameters())} parameters on {device}, {train.numel()} tokens", flush=True)
    run(model, train, held_out, options)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cache", required=True)
    parser.add_argument("--name", default="openledger-nano")
    parser.add_argument("--minutes", type=float, default=9)
    parser.add_argument("--batch", type=int, default=64, help="windows a step")
    parser.add_argument("--learning-rate", type=float, default=6e-3)
    return parser.parse_args()


class Llama:
    """The model of lib/engine/nn/llama.ts. Parameters have Hugging Face names and the order of `weightSpecs`."""

    def __init__(self, config, device):
        self.config = config
        d, inner = config["hidden_size"], config["intermediate_size"]
        self.heads, self.kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
        self.head = d // self.heads
        kv = self.kv_heads * self.head
        layers = range(config["num_hidden_layers"])
        shapes = {"model.embed_tokens.weight": (config["vocab_size"], d)}
        linear = {"self_attn.q_proj": (d, d), "self_attn.k_proj": (kv, d), "self_attn.v_proj": (kv, d)}
        linear |= {"self_attn.o_proj": (d, d), "mlp.gate_proj": (inner, d), "mlp.up_proj": (inner, d)}
        linear |= {"mlp.down_proj": (d, inner)}
        shapes |= {f"model.layers.{i}.{name}.weight": shape for i in layers for name, shape in linear.items()}
        if not config["tie_word_embeddings"]:
            shapes["lm_head.weight"] = (config["vocab_size"], d)
        for i in layers:
            shapes[f"model.layers.{i}.input_layernorm.weight"] = (d,)
            shapes[f"model.layers.{i}.post_attention_layernorm.weight"] = (d,)
        shapes["model.norm.weight"] = (d,)
        self.weights = {name: initial(name, shape, len(layers)).to(device) for name, shape in shapes.items()}
        for weight in self.weights.values():
            weight.requires_grad_()
        angles = torch.outer(
            torch.arange(config["max_position_embeddings"]).float(),
            config["rope_theta"] ** (-torch.arange(0, self.head, 2).float() / self.head),
        ).repeat(1, 2)
        self.cos, self.sin = angles.cos().to(device), angles.sin().to(device)

    def parameters(self):
        return self.weights.values()

    def loss(self, windows):
        """Mean next-token loss of windows [B, T + 1], in nats."""
        ids, labels = windows[:, :-1], windows[:, 1:].long()
        w, batch, time_ = self.weights, ids.shape[0], ids.shape[1]
        x = F.embedding(ids, w["model.embed_tokens.weight"])
        for i in range(self.config["num_hidden_layers"]):
            at = f"model.layers.{i}."

            def heads(y, name, count):
                y = y @ w[f"{at}self_attn.{name}_proj.weight"].T
                return y.view(batch, time_, count, self.head).transpose(1, 2)

            y = self.norm(x, w[at + "input_layernorm.weight"])
            q = self.rotate(heads(y, "q", self.heads))
            k = self.rotate(heads(y, "k", self.kv_heads))
            v = heads(y, "v", self.kv_heads)
            k, v = (z.repeat_interleave(self.heads // self.kv_heads, dim=1) for z in (k, v))
            mixed = attention(q, k, v).transpose(1, 2).reshape(batch, time_, -1)
            x = x + mixed @ w[at + "self_attn.o_proj.weight"].T
            y = self.norm(x, w[at + "post_attention_layernorm.weight"])
            gate = F.silu(y @ w[at + "mlp.gate_proj.weight"].T)
            x = x + (gate * (y @ w[at + "mlp.up_proj.weight"].T)) @ w[at + "mlp.down_proj.weight"].T
        tied = "model.embed_tokens.weight" if self.config["tie_word_embeddings"] else "lm_head.weight"
        logits = self.norm(x, w["model.norm.weight"]) @ w[tied].T
        return F.cross_entropy(logits.float().view(-1, logits.shape[-1]), labels.reshape(-1))

    def norm(self, x, weight):
        y = x.float()
        return (y * torch.rsqrt(y.pow(2).mean(-1, keepdim=True) + self.config["rms_norm_eps"])).to(x.dtype) * weight

    def rotate(self, x):
        first, second = x.chunk(2, dim=-1)
        turned = torch.cat((-second, first), dim=-1)
        return (x * self.cos[: x.shape[2]] + turned * self.sin[: x.shape[2]]).to(x.dtype)


def attention(q, k, v):
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    hidden = torch.ones(q.shape[2], q.shape[2], dtype=torch.bool, device=q.device).triu(1)
    return ((q @ k.transpose(2, 3)) / math.sqrt(q.shape[3])).masked_fill(hidden, -1e9).softmax(-1) @ v


def initial(name, shape, layers):
    if len(shape) == 1:
        return torch.ones(shape)
    deviation = 0.02 if name.startswith(("model.embed", "lm_head")) else 0.55 / math.sqrt(shape[1])
    is_residual = name.endswith(("o_proj.weight", "down_proj.weight"))
    return torch.randn(shape) * (deviation / math.sqrt(2 * layers) if is_residual else deviation)


class Optimizer:
    """AdamW and Muon exactly as in lib/engine/optim: one learning rate, decay 0.1, clipping to norm 1 for AdamW."""

    def __init__(self, weights):
        self.weights = weights
        self.m = {name: torch.zeros_like(w) for name, w in weights.items()}
        self.v = {name: torch.zeros_like(w) for name, w in weights.items()}
        self.steps = 0

    @torch.no_grad()
    def step(self, learning_rate):
        self.steps += 1
        norm = torch.stack([w.grad.norm() for w in self.weights.values()]).norm()
        clip = torch.clamp(1 / (norm + 1e-12), max=1)
        for name, w in self.weights.items():
            if w.dim() == 2 and ".layers." in name:
                m = self.m[name].mul_(0.95).add_(w.grad)
                update = orthogonalize(m * 0.95 + w.grad) * (0.2 * math.sqrt(max(w.shape)))
            else:
                g = w.grad * clip
                m = self.m[name].mul_(0.9).add_(g, alpha=0.1)
                v = self.v[name].mul_(0.95).addcmul_(g, g, value=0.05)
                update = (m / (1 - 0.9**self.steps)) / ((v / (1 - 0.95**self.steps)).sqrt() + 1e-8)
            if w.dim() == 2:
                update = update + 0.1 * w
            w.sub_(update * learning_rate)
            w.grad = None


def orthogonalize(g):
    x = g.T if g.shape[0] > g.shape[1] else g
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = 3.4445 * x + (-4.775 * gram + 2.0315 * gram @ gram) @ x
    return x.T if g.shape[0] > g.shape[1] else x


def run(model, train, held_out, options):
    optimizer = Optimizer(model.weights)
    log = open(os.path.join(options.cache, f"{options.name}-log.jsonl"), "w")
    generator = torch.Generator().manual_seed(0)
    start, history, step, mean = time.time(), [], 0, None
    next_evaluation, next_checkpoint = start + EVALUATION_SECONDS, start + CHECKPOINT_SECONDS
    per_step = options.batch * (train.shape[1] - 1)
    order = torch.empty(0, dtype=torch.long)

    def record(event):
        log.write(json.dumps(event) + "\n")
        log.flush()
        print({key: value for key, value in event.items() if key != "type"}, flush=True)

    def evaluate(windows):
        with torch.no_grad(), autocast(held_out):
            losses = [model.loss(part).item() * len(part) for part in windows.split(16)]
        point = {"step": step, "tokens": step * per_step, "heldOutLoss": sum(losses) / len(windows)}
        history.append(point)
        record({"type": "eval", **point})

    while (passed := (time.time() - start) / 60 / options.minutes) < 1:
        if len(order) < options.batch:
            order = torch.randperm(len(train), generator=generator)
        batch, order = order[: options.batch], order[options.batch :]
        learning_rate = options.learning_rate * max(0.02 + 0.98 * (1 - passed), 1e-3)
        with autocast(train):
            loss = model.loss(train[batch.to(train.device)])
        loss.backward()
        optimizer.step(learning_rate)
        step += 1
        if step % 50 == 0:
            value = loss.item()
            if not math.isfinite(value):
                raise SystemExit(f"The loss became {value} at step {step}. Use a lower --learning-rate.")
            mean = value if mean is None else 0.7 * mean + 0.3 * value
            speed = step * per_step / (time.time() - start)
            eta = options.minutes * 60 - (time.time() - start)
            facts = {"step": step, "tokens": step * per_step, "loss": mean, "learningRate": learning_rate}
            record({"type": "step", **facts, "tokensPerSecond": speed, "etaSeconds": eta})
        if time.time() >= next_evaluation:
            evaluate(held_out[:48])
            next_evaluation = time.time() + EVALUATION_SECONDS
        if time.time() >= next_checkpoint:
            save(model, optimizer, options, step, start, history)
            next_checkpoint = time.time() + CHECKPOINT_SECONDS
    evaluate(held_out)
    save(model, optimizer, options, step, start, history)


def autocast(tensor):
    return torch.autocast(tensor.device.type, dtype=torch.bfloat16, enabled=tensor.is_cuda)


def save(model, optimizer, options, step, start, history):
    """theta, m, v as flat float32 tensors in safetensors, as lib/engine/train/pretrain.ts reads them."""
    parts = {"theta": model.weights, "m": optimizer.m, "v": optimizer.v}
    flat = {k: torch.cat([w.detach().reshape(-1).float().cpu() for w in v.values()]) for k, v in parts.items()}
    tokens = step * options.batch * model.config["max_position_embeddings"]
    progress = {"step": step, "tokens": tokens, "seconds": time.time() - start, "history": history}
    device = torch.cuda.get_device_name() if torch.cuda.is_available() else "CPU"
    progress["machine"] = f"{device}, PyTorch {torch.__version__} (scripts/pretrain-gpu.py)"
    header, offset = {"__metadata__": {"progress": json.dumps(progress)}}, 0
    for name, tensor in flat.items():
        end = offset + 4 * tensor.numel()
        header[name] = {"dtype": "F32", "shape": [tensor.numel()], "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path = os.path.join(options.cache, f"{options.name}.safetensors")
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in flat.values():
            file.write(tensor.numpy().tobytes())
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".part", path)


if __name__ == "__main__":
    main()
