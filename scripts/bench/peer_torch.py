"""One measured configuration of PyTorch + PEFT at the SmolLM2-135M shape, as a JSON row of scripts/bench/row.ts.

    pip install torch transformers peft, and trl for dpo
    python scripts/bench/peer_torch.py lora|full|dpo|decode fp32|bf16 <batch> <seq> <steps> [--checkpointing]

What a user of these libraries would write: LlamaForCausalLM with sdpa attention and random weights, AdamW, LoRA r=8 on
all linears through get_peft_model, every label supervised, the whole batch at once. Decoding is greedy, token by token,
behind a prompt of <seq> tokens per row. dpo is the loss of TRL's DPOTrainer on <batch>/2 pairs, whose second halves are the answers,
against the base under the adapter. Two threads. `mfu` is left to the caller, which has the formula.
"""

import argparse
import json
import resource
import statistics
import sys
import time

try:
    import peft
    import torch
    import transformers
except ImportError as missing:
    sys.exit(f"{missing.name} is not installed: pip install torch transformers peft")

SHAPE = {
    "vocab_size": 49152, "hidden_size": 576, "num_hidden_layers": 30, "intermediate_size": 1536,
    "num_attention_heads": 9, "num_key_value_heads": 3, "max_position_embeddings": 8192, "rms_norm_eps": 1e-5,
    "rope_theta": 100000.0, "tie_word_embeddings": True,
}  # fmt: skip
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}
WARM_UP_TOKENS = 3
THREADS = 2


def gemm_gflops(dtype: torch.dtype) -> float:
    """Best rate of a few runs, the shapes of scripts/bench/gemm.ts."""
    best = 0.0
    for m, k, n in [(512, 576, 1536), (1024, 1024, 1024)]:
        a, b = torch.randn(m, k, dtype=dtype), torch.randn(n, k, dtype=dtype)
        for _ in range(6):
            started = time.perf_counter()
            torch.mm(a, b.T)
            best = max(best, 2e-9 * m * k * n / (time.perf_counter() - started))
    return best


def random_model(dtype: torch.dtype) -> torch.nn.Module:
    config = transformers.LlamaConfig(**SHAPE)
    return transformers.AutoModelForCausalLM.from_config(config, dtype=dtype, attn_implementation="sdpa")


def train_times(model: torch.nn.Module, loss_of, steps: int) -> tuple[list[float], list[float]]:
    """Milliseconds of whole steps (forward, backward, clipping, AdamW), and the GEMM rate around each."""
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    dtype = model.dtype
    times, rates = [], []
    for step in range(steps + 1):
        before = gemm_gflops(dtype)
        started = time.perf_counter()
        loss_of().backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        elapsed = 1000 * (time.perf_counter() - started)
        if step > 0:  # memory is touched first
            times.append(elapsed)
            rates.append(max(before, gemm_gflops(dtype)))
    return times, rates


def dpo_losses(model: torch.nn.Module, batch: int, seq: int):
    """The model with its adapter, and a function that computes TRL's loss of it."""
    import tempfile

    import tokenizers
    import trl
    from datasets import Dataset

    word = lambda id: f"w{id}w"
    vocabulary = {word(i): i for i in range(SHAPE["vocab_size"])}
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token=word(0)))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=words, eos_token=word(2), pad_token=word(0), unk_token=word(0)
    )
    text = lambda length: " ".join(map(word, torch.randint(3, SHAPE["vocab_size"], (length,)).tolist()))
    half = seq // 2
    rows = [{"prompt": text(half) + " ", "chosen": text(half - 1), "rejected": text(half - 1)} for _ in range(batch // 2)]
    trainer = trl.DPOTrainer(
        model=model,
        args=trl.DPOConfig(
            output_dir=tempfile.mkdtemp(), report_to="none", use_cpu=True, bf16=False, gradient_checkpointing=False
        ),
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        peft_config=lora_config(),
    )
    columns = trainer.train_dataset.remove_columns(["prompt", "chosen", "rejected"])
    inputs = trainer.data_collator(list(columns))
    return trainer.model, lambda: trainer.compute_loss(trainer.model, inputs)


def lora_config() -> peft.LoraConfig:
    return peft.LoraConfig(task_type="CAUSAL_LM", r=8, lora_alpha=32, lora_dropout=0.0, target_modules="all-linear")


@torch.inference_mode()
def decode_times(model: torch.nn.Module, ids: torch.Tensor, steps: int) -> tuple[list[float], list[float]]:
    rate = gemm_gflops(model.dtype)
    output = model(input_ids=ids, use_cache=True, logits_to_keep=1)
    times = []
    for step in range(WARM_UP_TOKENS + steps):
        started = time.perf_counter()
        picked = output.logits[:, -1].argmax(-1, keepdim=True)
        output = model(input_ids=picked, past_key_values=output.past_key_values, use_cache=True)
        if step >= WARM_UP_TOKENS:
            times.append(1000 * (time.perf_counter() - started))
    return times, [rate]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("mode", choices=["lora", "full", "dpo", "decode"])
    parser.add_argument("dtype", choices=list(DTYPES))
    for name in ["batch", "seq", "steps"]:
        parser.add_argument(name, type=int)
    parser.add_argument("--checkpointing", action="store_true")
    bench = parser.parse_args()

    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    model = random_model(DTYPES[bench.dtype])
    ids = torch.randint(SHAPE["vocab_size"], (bench.batch, bench.seq))
    if bench.mode == "decode":
        times, rates = decode_times(model.eval(), ids, bench.steps)
        tokens = bench.batch
    else:
        if bench.checkpointing:
            model.gradient_checkpointing_enable({"use_reentrant": False})
            model.enable_input_require_grads()
        if bench.mode == "lora":
            model = peft.get_peft_model(model, lora_config())
        loss_of = lambda: model(input_ids=ids, labels=ids, use_cache=False).loss
        if bench.mode == "dpo":
            model, loss_of = dpo_losses(model, bench.batch, bench.seq)
        times, rates = train_times(model.train(), loss_of, bench.steps)
        tokens = bench.batch * bench.seq
    step_ms = statistics.median(times)
    names = {"lora": "lora r8 all-linear", "full": "full", "dpo": "TRL dpo of lora r8 all-linear", "decode": "decode"}
    what = names[bench.mode]
    row = {
        "name": f"PyTorch {torch.__version__.split('+')[0]} {what}",
        "mode": "checkpointing" if bench.checkpointing else "greedy" if bench.mode == "decode" else "eager",
        "dtype": bench.dtype,
        "batch": bench.batch,
        "seq": bench.seq,
        "step_ms": step_ms,
        "tokens_per_s": 1000 * tokens / step_ms,
        "rss_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
        "gemm_gflops": statistics.median(rates),
    }
    print(json.dumps(row))


main()
