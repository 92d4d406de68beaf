"""Milliseconds of processor time that Transformers takes to make a picture of a file ready, by kind, as JSON.

    pip install torch torchvision transformers pillow
    python scripts/bench/peer_images.py <folder of pictures>

Its processors over torchvision, which are its default, with one thread; files are opened by Pillow, as its `load_image` does it. The
better of two passes over all files, after a few that warm up.
"""

import json
import pathlib
import sys
import time

try:
    import torch
    import torchvision  # noqa: F401
    from PIL import Image
    from transformers import CLIPImageProcessor, GotOcr2ImageProcessor, Qwen2VLImageProcessor
except ImportError as missing:
    sys.exit(f"{missing.name} is not installed: pip install torch torchvision transformers pillow")

torch.set_num_threads(1)
FILES = sorted(pathlib.Path(sys.argv[1]).iterdir())
PROCESSORS = {
    "decoding alone": None,
    "llava": CLIPImageProcessor(size={"shortest_edge": 336}, crop_size={"height": 336, "width": 336}),
    "internvl": GotOcr2ImageProcessor(
        size={"height": 448, "width": 448}, crop_to_patches=True, min_patches=1, max_patches=12
    ),
    "qwen2-vl": Qwen2VLImageProcessor(),
}


def measured(files: list, processor) -> float:
    before = time.process_time()
    for file in files:
        image = Image.open(file).convert("RGB")
        if processor:
            processor(images=image, return_tensors="pt")
    return 1000 * (time.process_time() - before) / len(files)


times = {}
for name, processor in PROCESSORS.items():
    measured(FILES[:20], processor)
    times[name] = min(measured(FILES, processor), measured(FILES, processor))
print(json.dumps(times))
