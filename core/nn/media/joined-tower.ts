import { add, concat, gather, mul, scalar, type HostTensor } from '../../graph/index.js';
import type { Names } from '../module.js';
import type { Ports, Stage } from '../stage.js';
import { roomFor } from '../vision/room.js';
import type { MediaKind } from './kinds.js';
import { deepPort, MediaTower, type Grid, type InputShapes, type Medium } from './tower.js';

/** The fewest features that are put into order at once. */
const FEWEST = 64;

/** What the ports are called that each tower writes. */
type Side = 'seen' | 'heard';

/**
 * A tower for what is seen and one for what is heard. Each works on its own media of a batch; then the features of both are put into the
 * order of the media.
 */
export class JoinedTower extends MediaTower {
  readonly vision: MediaTower;
  readonly audio: MediaTower;

  /** @param names where the two lie in checkpoints */
  constructor(vision: MediaTower, audio: MediaTower, names: Names) {
    super();
    this.vision = vision;
    this.audio = audio;
    this.names = names;
  }

  /** As many as there are of what is seen; sounds add nothing there. */
  override get deep(): number {
    return this.vision.deep;
  }

  features(grid: Grid, kind: MediaKind): number {
    return (kind === 'audio' ? this.audio : this.vision).features(grid, kind);
  }

  smallest(): readonly Medium[] {
    return [...this.vision.smallest(), ...this.audio.smallest()];
  }

  /**
   * What both read; `joined_rows` int32 [F], the row of each feature among those of its tower, and `joined_heard` int32 [F], 1 at those of
   * sounds
   */
  inputs(media: readonly Medium[]): Readonly<Record<string, HostTensor>> {
    const sounds = media.filter(({ kind }) => kind === 'audio');
    const pictures = media.filter(({ kind }) => kind !== 'audio');
    const counts = media.map(({ grid, kind }) => this.features(grid, kind));
    const size = roomFor(
      counts.reduce((sum, count) => sum + count, 0),
      FEWEST,
    );
    const [rows, heard] = [new Int32Array(size), new Int32Array(size)];
    const next: Record<Side, number> = { seen: 0, heard: 0 };
    let feature = 0;
    media.forEach(({ kind }, i) => {
      const side = kind === 'audio' ? 'heard' : 'seen';
      heard.fill(side === 'heard' ? 1 : 0, feature, feature + counts[i]);
      for (let j = 0; j < counts[i]; j++) rows[feature++] = next[side]++;
    });
    return {
      ...(pictures.length > 0 && this.vision.inputs(pictures)),
      ...(sounds.length > 0 && this.audio.inputs(sounds)),
      joined_rows: { dtype: 'int32', shape: [size], data: rows },
      joined_heard: { dtype: 'int32', shape: [size], data: heard },
    };
  }

  stages(inputs: InputShapes): readonly Stage[] {
    const deep = Array.from({ length: this.deep }, (_, i) => deepPort(i));
    const ports = ['features', ...deep];
    const seen = this.vision.stages(inputs).map((stage) => renamed(stage, ports, 'seen'));
    const heard = this.audio.stages(inputs).map((stage) => renamed(stage, ports, 'heard'));
    const silent: Stage = {
      reads: ['features.heard'],
      cheap: true,
      forward: (_, all) => {
        const nothing = mul(all['features.heard'], scalar(0));
        return Object.fromEntries(deep.map((port) => [`${port}.heard`, nothing]));
      },
    };
    const sides: Side[] = [];
    if (seen.length > 0) sides.push('seen');
    if (heard.length > 0) sides.push('heard');
    if (sides.length === 0) return [];
    const besides = heard.length > 0 && deep.length > 0 ? [silent] : [];
    return [...seen, ...heard, ...besides, ...ports.map((port) => join(port, sides))];
  }
}

/** A stage of one of the towers, whose ports of these names are kept apart from the other's. */
function renamed(stage: Stage, ports: readonly string[], side: Side): Stage {
  const own = (port: string): string => (ports.includes(port) ? `${port}.${side}` : port);
  return {
    ...stage,
    reads: stage.reads.map(own),
    forward: (scope, all) => {
      const given = Object.fromEntries(stage.reads.map((port) => [port, all[own(port)]]));
      const written: Ports = stage.forward(scope, given);
      return Object.fromEntries(Object.entries(written).map(([port, value]) => [own(port), value]));
    },
  };
}

/** What the towers wrote to a port, [F1, D] and [F2, D], in the order of the media: [F, D]. */
function join(port: string, sides: readonly Side[]): Stage {
  const parts = sides.map((side) => `${port}.${side}`);
  const both = sides.length > 1;
  return {
    reads: [...parts, 'joined_rows', ...(both ? ['joined_heard'] : [])],
    cheap: true,
    forward: (_, all) => {
      const [first, second] = parts.map((part) => all[part]);
      if (!both) return { [port]: gather(first, all.joined_rows) };
      const behind = mul(all.joined_heard, scalar(first.shape[0], 'int32'));
      return { [port]: gather(concat([first, second], 0), add(all.joined_rows, behind)) };
    },
  };
}
