"""What transformers and peft compute, for `npm run -s bench -- engine-peft --data <out>`.

    python scripts/bench/parity/peft-reference.py models/openledger-nano <out>

Needs torch, transformers and peft (tested: 2.13, 5.18, 0.21). Writes adapters as peft saves them, logits of the base
and of each adapter, and the losses of 50 LoRA steps.
"""

import json
import os
import sys

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

base, out = sys.argv[1:3]
os.makedirs(out, exist_ok=True)
torch.set_num_threads(1)
steps, rows, width, learning_rate = 50, 8, 64, 3e-3
adapters = {
    "list": dict(target_modules=["q_proj", "v_proj"]),
    "all-linear": dict(target_modules="all-linear"),
    "rslora, regular expression": dict(target_modules=r".*\.(q_proj|k_proj|down_proj)", use_rslora=True, lora_dropout=0.1),
}


def load():
    return AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)


def with_adapter(seed, **fields):
    torch.manual_seed(seed)
    return get_peft_model(load(), LoraConfig(r=8, lora_alpha=16, task_type="CAUSAL_LM", **fields))


def logits_of(model, ids):
    with torch.no_grad():
        return model.eval()(torch.tensor([ids])).logits[0].tolist()


with open(os.path.join(base, "README.md"), encoding="utf8") as file:
    text = file.read()
tokens = AutoTokenizer.from_pretrained(base)(text, add_special_tokens=False)["input_ids"]
probe = tokens[:32]
result = {"text": text, "tokens": tokens, "probe": probe, "base": logits_of(load(), probe), "adapters": {}}

for seed, (name, fields) in enumerate(adapters.items()):
    model = with_adapter(seed, **fields)
    for key, weight in model.named_parameters():
        if "lora_B" in key:
            torch.nn.init.normal_(weight, std=0.05)
    model.save_pretrained(os.path.join(out, name))
    result["adapters"][name] = logits_of(model, probe)

model = with_adapter(7, target_modules="all-linear").train()
model.save_pretrained(os.path.join(out, "start"))
trained = [weight for weight in model.parameters() if weight.requires_grad]
optimizer = torch.optim.AdamW(trained, lr=learning_rate, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01)
at = lambda i: [tokens[(i * width + k) % len(tokens)] for k in range(width + 1)]
batches = [[at(step * rows + row) for row in range(rows)] for step in range(steps)]
losses = []
for batch in torch.tensor(batches):
    logits = model(batch[:, :-1]).logits
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch[:, 1:].flatten())
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    losses.append(loss.item())
model.save_pretrained(os.path.join(out, "end"))
result["curve"] = {"batches": batches, "losses": losses, "learningRate": learning_rate}

with open(os.path.join(out, "reference.json"), "w", encoding="utf8") as file:
    json.dump(result, file)
