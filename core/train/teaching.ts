/** Whose predictions an objective is held against. */
import type { HostTensor } from '../contracts/backend.js';
import type { Batch } from '../contracts/batch.js';
import { UNTOLD } from '../nn/index.js';
import type { TeacherLogits } from '../runtime/readings.js';

export interface Teaching {
  /** Logits at rows of a micro-batch, asked for as often as they are needed until they are released. */
  teach(batch: Batch): Promise<{ readonly logits: TeacherLogits; readonly release: () => void }>;
  release(): Promise<void>;
}

/** A teacher of which `most` tokens of each prediction count. */
export function ofLikeliest(teacher: Teaching, most: number): Teaching {
  return {
    teach: async (batch) => {
      const { logits, release } = await teacher.teach(batch);
      return { logits: async (rows) => likeliest(await logits(rows), most), release };
    },
    release: () => teacher.release(),
  };
}

/** [N, V] with all but the largest numbers of each row `UNTOLD`; of equal ones, the first. */
function likeliest({ shape, data }: HostTensor, most: number): HostTensor {
  const [count, width] = shape;
  const left = new Float32Array(count * width).fill(UNTOLD);
  for (let row = 0; row < count; row++) {
    const own = (data as Float32Array).subarray(row * width, (row + 1) * width);
    const least = own.slice().sort()[Math.max(0, width - most)];
    let open = Math.min(most, width);
    for (let i = 0; i < width; i++) if (own[i] > least) [left[row * width + i], open] = [own[i], open - 1];
    for (let i = 0; i < width && open > 0; i++) {
      if (own[i] === least) [left[row * width + i], open] = [own[i], open - 1];
    }
  }
  return { dtype: 'float32', shape, data: left };
}
