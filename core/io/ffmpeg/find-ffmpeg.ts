import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { SwiftError } from '../../errors.js';
import { importPeer } from '../../peers.js';

/** A package that brings the program along. */
const PACKAGE = '@ffmpeg-installer/ffmpeg';

/**
 * Where the program ffmpeg is: where FFMPEG_PATH says, on PATH, or in an installed `@ffmpeg-installer/ffmpeg`.
 * @throws SwiftError BACKEND_UNAVAILABLE
 */
export async function findFfmpeg(): Promise<string> {
  const named = process.env.FFMPEG_PATH;
  if (named !== undefined && named !== '') {
    if (runs(named)) return named;
    throw new SwiftError('BACKEND_UNAVAILABLE', `FFMPEG_PATH names ${named}, which is no program`, {
      cure: 'Correct it, or leave it unset: ffmpeg is then looked for on PATH.',
    });
  }
  const file = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const found = folders.map((folder) => join(folder, file)).find(runs) ?? (await packaged());
  if (found !== undefined) return found;
  throw new SwiftError('BACKEND_UNAVAILABLE', 'sound and video are decoded by ffmpeg, which is not found', {
    cure: [
      `npm install ${PACKAGE}`,
      'Or install ffmpeg from your system; FFMPEG_PATH may say where it is.',
      'WAV files with the samples a second that a model wants are read without it.',
    ],
  });
}

async function packaged(): Promise<string | undefined> {
  try {
    const peer = await importPeer(PACKAGE);
    const path = (peer?.exports as { readonly path?: string } | undefined)?.path;
    return path !== undefined && runs(path) ? path : undefined;
  } catch {
    // It is there, but not for this kind of machine.
    return undefined;
  }
}

function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
