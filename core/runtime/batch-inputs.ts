import type { HostTensor } from '../contracts/backend.js';
import type { Batch } from '../contracts/batch.js';
import type { CausalLM } from '../nn/index.js';
import { causalMask, openMask, packedMask, type Reach } from './attention-mask.js';
import { openQueries } from './both-ways.js';
import { placedTable, rowsFor, rowsInOrder } from './placed-table.js';
import { RopeMemo } from './rope-memo.js';

/** What a batch brings to a port that no stage writes. */
export type GivenPorts = (port: string) => HostTensor;

/** The input ports of a model's stages, filled from batches. */
export class BatchInputs {
  private readonly rope: RopeMemo;
  private readonly causalMasks = new Map<string, HostTensor>();

  constructor(private readonly model: CausalLM) {
    this.rope = new RopeMemo(model);
  }

  /** What one compiled plan serves. */
  shapeKey({ batch, seq, segment_ids, rope_positions, inputs = {} }: Batch): string {
    const others = Object.entries(inputs).map(([port, { shape }]) => `:${port}=${shape.join('x')}`);
    const kinds = [segment_ids ? ':packed' : '', rope_positions ? ':placed' : ''];
    return `${batch}x${seq}${[...kinds, ...others].join('')}`;
  }

  /** Each port's tensor, computed once. @throws Error for a port that batches do not have */
  of(batch: Batch): GivenPorts {
    const held = new Map<string, HostTensor>();
    const used = batch.position_ids.reduce((most, position) => Math.max(most, position), 0) + 1;
    return (port) => {
      let tensor = held.get(port);
      if (!tensor) held.set(port, (tensor = batch.inputs?.[port] ?? this.standard(port, batch, used)));
      return tensor;
    };
  }

  private standard(port: string, micro: Batch, used: number): HostTensor {
    const { batch, seq, input_ids, position_ids, segment_ids, rope_positions } = micro;
    const [name, which, sides] = port.split('.');
    switch (name) {
      case 'input_ids':
        return { dtype: 'int32', shape: [batch * seq], data: input_ids };
      case 'positions':
        return { dtype: 'int32', shape: [batch * seq], data: position_ids };
      case 'position_ids':
        return rope_positions
          ? rowsInOrder([batch, seq])
          : { dtype: 'int32', shape: [batch, seq], data: position_ids };
      case 'token_types':
        return { dtype: 'int32', shape: [batch * seq], data: tokenTypes(micro, this.model) };
      case 'real':
        return { dtype: 'float32', shape: [batch, seq], data: realTokens(micro) };
      case 'cos':
      case 'sin': {
        const rows = rope_positions ? rowsFor(rope_positions, seq) : seq;
        const table = this.rope.get(Number(which), rows, used)[name === 'cos' ? 0 : 1];
        return rope_positions ? placedTable(table, rope_positions, this.model.ropeAxes!) : table;
      }
      case 'mask': {
        const reach = reachOf(which);
        if (sides === 'prefix' || (sides === 'media' && micro.media))
          return openMask([batch, seq, seq], openQueries(micro, sides), reach.window);
        const bidirectional = sides === 'both';
        const segments = segment_ids ?? (bidirectional ? Int32Array.from(realTokens(micro)) : undefined);
        if (!segments) return this.causal(seq, reach);
        return packedMask(segments, batch, seq, { ...reach, bidirectional });
      }
      default:
        throw new Error(`the batch has no '${port}', which a stage of the model reads`);
    }
  }

  private causal(length: number, { window, chunk }: Reach): HostTensor {
    const key = `${length}:${window}:${chunk}`;
    let mask = this.causalMasks.get(key);
    if (!mask) this.causalMasks.set(key, (mask = causalMask(length, { window, chunk })));
    return mask;
  }
}

/** How far back a query sees, by the name of its mask: see `Stage`. */
function reachOf(name: string): Reach {
  if (name === 'all') return {};
  const chunk = /^chunk(\d+)$/.exec(name)?.[1];
  return chunk === undefined ? { window: Number(name) } : { chunk: Number(chunk) };
}

/** 0 up to the first separator of a sample, 1 behind it, [B·T]; 0 everywhere where nothing separates. */
function tokenTypes({ input_ids, samples }: Batch, { mark_ids, tokenTypes: types }: CausalLM): Int32Array {
  const all = new Int32Array(input_ids.length);
  const separator = mark_ids.get('sep_token');
  if (types < 2 || separator === undefined) return all;
  for (const { start, length } of samples) {
    const first = input_ids.subarray(start, start + length).indexOf(separator);
    if (first >= 0) all.fill(1, start + first + 1, start + length);
  }
  return all;
}

/** 1 at tokens, 0 at padding, [B·T]. Padding is on the right of a row and at position 0. */
export function realTokens({ seq, position_ids, segment_ids }: Batch): Float32Array {
  return Float32Array.from(position_ids, (position, i) =>
    (segment_ids ? segment_ids[i] > 0 : position > 0 || i % seq === 0) ? 1 : 0,
  );
}
