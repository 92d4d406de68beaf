import * as graph from '../../core/graph/index.js';
import type { HostTensor } from '../../core/contracts/backend.js';
import type { Draw, OpCase, Sample } from './draw.js';

/** Rows to groups, some of them empty. */
function groupSizes(draw: Draw, rows: number, groups: number): HostTensor {
  const data = new Int32Array(groups);
  for (let row = 0; row < rows; row++) data[draw.int(0, groups - 1)]++;
  return { dtype: 'int32', shape: [groups], data };
}

interface GroupedSizes {
  readonly rows: number;
  readonly groups: number;
  readonly width: number;
  readonly out: number;
}

function drawGrouped(draw: Draw): GroupedSizes {
  return { rows: draw.int(1, 9), groups: draw.int(1, 5), width: draw.dim(), out: draw.dim() };
}

function groupedMatmul(draw: Draw, { rows, groups, width, out }: GroupedSizes): Sample {
  const transposed = draw.pick([true, false]);
  return {
    inputs: [
      draw.floats([rows, width]),
      groupSizes(draw, rows, groups),
      ...Array.from({ length: groups }, () => draw.floats(transposed ? [width, out] : [out, width])),
    ],
    build: ([x, sizes, ...weights]) => [graph.groupedMatmul(x, sizes, weights, transposed)],
    wrt: [0, 2, groups + 1].slice(0, groups + 1),
  };
}

const groupedMatmulCase: OpCase = {
  op: graph.groupedMatmulOp,
  sample: (draw) => groupedMatmul(draw, drawGrouped(draw)),
  fixed: {
    'more groups than rows': (draw) => groupedMatmul(draw, { rows: 3, groups: 12, width: 8, out: 6 }),
    'sizes past a kernel tile': (draw) => groupedMatmul(draw, { rows: 40, groups: 4, width: 36, out: 70 }),
  },
};

const groupedOuter: OpCase = {
  op: graph.groupedOuterOp,
  sample(draw) {
    const { rows, groups, width, out } = drawGrouped(draw);
    return {
      inputs: [draw.floats([rows, out]), draw.floats([rows, width]), groupSizes(draw, rows, groups)],
      build: ([a, b, sizes]) => graph.groupedOuter(a, b, sizes),
      wrt: [0, 1],
      differentiated: Array.from({ length: groups }, (_, group) => group),
    };
  },
};

interface ScanSizes {
  readonly batch: number;
  readonly length: number;
  readonly chunk: number;
  readonly width: number;
  readonly size: number;
}

function drawScan(draw: Draw): ScanSizes {
  const [length, chunk] = [draw.int(1, 9), draw.int(1, 5)];
  return { batch: draw.int(1, 2), length, chunk, width: draw.int(1, 3), size: draw.int(1, 3) };
}

function selectiveScan(draw: Draw, { batch, length, chunk, width, size }: ScanSizes, fastest = 1): Sample {
  return {
    inputs: [
      draw.floats([batch, length, width]),
      draw.floats([batch, length, width], 0, fastest),
      draw.floats([width, size], -3, -0.1),
      draw.floats([batch, length, size]),
      draw.floats([batch, length, size]),
      draw.floats([width]),
      draw.floats([batch, width, size]),
    ],
    build([x, delta, a, b, c, d, state]) {
      const scanned = graph.selectiveScan({ x, delta, a, b, c, d, state }, chunk);
      return [scanned.y, scanned.state];
    },
    wrt: [0, 1, 2, 3, 4, 5, 6],
    differentiated: [0, 1],
  };
}

const selectiveScanCase: OpCase = {
  op: graph.selectiveScanOp,
  sample: (draw) => selectiveScan(draw, drawScan(draw)),
  fixed: {
    'chunks and a rest': (draw) => selectiveScan(draw, { batch: 2, length: 37, chunk: 8, width: 4, size: 3 }),
    'states that decay to nothing': (draw) =>
      selectiveScan(draw, { batch: 1, length: 12, chunk: 4, width: 2, size: 2 }, 80),
  },
};

interface SsdSizes extends ScanSizes {
  readonly groups: number;
  readonly perGroup: number;
}

function ssd(draw: Draw, sizes: SsdSizes, fastest = 1): Sample {
  const { batch, length, chunk, width, size, groups, perGroup } = sizes;
  const heads = groups * perGroup;
  return {
    inputs: [
      draw.floats([batch, length, heads, width]),
      draw.floats([batch, length, heads], 0, fastest),
      draw.floats([heads], -3, -0.1),
      draw.floats([batch, length, groups, size]),
      draw.floats([batch, length, groups, size]),
      draw.floats([heads]),
      draw.floats([batch, heads, width, size]),
    ],
    build([x, delta, a, b, c, d, state]) {
      const scanned = graph.ssd({ x, delta, a, b, c, d, state }, chunk);
      return [scanned.y, scanned.state];
    },
    wrt: [0, 1, 2, 3, 4, 5, 6],
    differentiated: [0, 1],
  };
}

const ssdCase: OpCase = {
  op: graph.ssdOp,
  sample: (draw) => ssd(draw, { ...drawScan(draw), groups: draw.int(1, 2), perGroup: draw.int(1, 2) }),
  fixed: {
    'chunks and a rest': (draw) =>
      ssd(draw, { batch: 2, length: 37, chunk: 8, width: 4, size: 3, groups: 2, perGroup: 2 }),
    'states that decay to nothing': (draw) =>
      ssd(draw, { batch: 1, length: 12, chunk: 4, width: 2, size: 2, groups: 1, perGroup: 2 }, 80),
  },
};

export const sequenceCases: readonly OpCase[] = [groupedMatmulCase, groupedOuter, selectiveScanCase, ssdCase];
