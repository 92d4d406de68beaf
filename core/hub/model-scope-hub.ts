/** Repositories of ModelScope. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Hub, SnapshotRequest } from '../contracts/hub.js';
import { isSwiftError } from '../errors.js';
import { writeFileAtomic } from '../io/atomic-write.js';
import { download, inParallel, matchesHash, type Fetch } from './download.js';
import { HttpError, notFound, offline, reasonOf, unreachable, type Place } from './hub-errors.js';
import {
  endpointOf,
  isOn,
  PARALLEL_FILES,
  patienceOf,
  warn,
  withToken,
  type HubOptions,
} from './hub-options.js';
import { patientFetch } from './patient-fetch.js';
import { DEFAULT_REVISION, listModelScope, modelScopeFileUrl } from './model-scope-api.js';
import { remoteFile, type RemoteFile } from './remote-repository.js';

/** What is in a snapshot folder: the last list from the hub, and the files whose content has been checked. */
interface Ledger {
  readonly files: readonly RemoteFile[];
  /** Hash by path, as checked when the file arrived or was found. */
  readonly checked: Record<string, string>;
}

/**
 * Reads MODELSCOPE_ENDPOINT, MODELSCOPE_CACHE, MODELSCOPE_API_TOKEN and HF_HUB_OFFLINE. Snapshots lie where
 * ModelScope's own tools keep them, `models/<owner>/<name>`, so that downloads are shared; a revision other than
 * the default has a folder of its own.
 */
export class ModelScopeHub implements Hub {
  private readonly env: Readonly<Record<string, string | undefined>>;
  private readonly endpoint: string;
  private readonly fetch: Fetch;

  constructor(private readonly options: HubOptions = {}) {
    this.env = options.env ?? process.env;
    const endpoint = this.env.MODELSCOPE_ENDPOINT || 'https://www.modelscope.cn';
    this.endpoint = endpointOf('MODELSCOPE_ENDPOINT', endpoint);
    this.fetch = withToken(options.fetch ?? fetch, this.env.MODELSCOPE_API_TOKEN, this.endpoint);
  }

  async snapshot(request: SnapshotRequest): Promise<string> {
    const folder = this.folderOf(request);
    const place: Place = {
      hub: 'ModelScope',
      endpoint: this.endpoint,
      request,
      tokenVariable: 'MODELSCOPE_API_TOKEN',
    };
    if (isOn(this.env.HF_HUB_OFFLINE)) return this.fromCache(folder, place);
    try {
      return await this.fetched(folder, request);
    } catch (error) {
      if (isSwiftError(error)) throw error;
      if (error instanceof HttpError && [401, 403, 404].includes(error.status)) {
        throw notFound(place, error.status);
      }
      const cached = await this.fromCache(folder, place).catch(() => {
        throw unreachable(place, error);
      });
      const reason = reasonOf(error);
      warn(
        this.options,
        `${this.endpoint} cannot be reached (${reason}); using the copy of '${request.repo}' in ${cached}.`,
      );
      return cached;
    }
  }

  private folderOf({ repo, type, revision }: SnapshotRequest): string {
    const root = this.env.MODELSCOPE_CACHE || join(homedir(), '.cache', 'modelscope', 'hub');
    const own =
      revision === undefined || revision === DEFAULT_REVISION ? '' : `@${encodeURIComponent(revision)}`;
    // A dot in a name reads `___` there: the folder may be imported as a Python module.
    return join(root, `${type}s`, ...repo.split('/').map((part) => part.replaceAll('.', '___'))) + own;
  }

  private async fetched(folder: string, request: SnapshotRequest): Promise<string> {
    const files = await listModelScope(
      request,
      this.endpoint,
      patientFetch(this.fetch, patienceOf(this.options)),
    );
    const { checked } = await readLedger(folder);
    await writeLedger(folder, { files, checked });
    const accepted = files.filter(({ path }) => request.accept?.(path) ?? true);
    await inParallel(accepted, PARALLEL_FILES, async (file) => {
      const report = (receivedBytes: number) =>
        request.onProgress?.({ file: file.path, receivedBytes, totalBytes: file.bytes });
      if (!(await isCurrent(folder, file, checked))) await this.obtain(folder, request, { file, report });
      checked[file.path] = file.sha256 ?? '';
      report(file.bytes);
    }).finally(() => writeLedger(folder, { files, checked }));
    return folder;
  }

  private async obtain(
    folder: string,
    request: SnapshotRequest,
    { file, report }: { file: RemoteFile; report: (receivedBytes: number) => void },
  ): Promise<void> {
    const identity = `${file.path} ${file.bytes} ${file.sha256 ?? ''}`;
    await download({
      url: modelScopeFileUrl(request, this.endpoint, file.path),
      file,
      target: join(folder, file.path),
      partial: join(folder, '.partial', createHash('sha256').update(identity).digest('hex')),
      fetch: this.fetch,
      headers: {},
      onBytes: report,
      ...patienceOf(this.options),
    });
  }

  /** @throws SwiftError HUB_OFFLINE when the snapshot is absent or lacks files that are asked for */
  private async fromCache(folder: string, place: Place): Promise<string> {
    if ((await sizeOf(folder)) === undefined) throw offline(place);
    const { files } = await readLedger(folder);
    const missing: string[] = [];
    for (const file of files) {
      const wanted = place.request.accept?.(file.path) ?? true;
      if (wanted && (await sizeOf(join(folder, file.path))) !== file.bytes) missing.push(file.path);
    }
    if (missing.length > 0) throw offline(place, missing);
    return folder;
  }
}

/** Whether the file on disk is the hub's. A file that another tool fetched is hashed once. */
async function isCurrent(
  folder: string,
  file: RemoteFile,
  checked: Readonly<Record<string, string>>,
): Promise<boolean> {
  const path = join(folder, file.path);
  if ((await sizeOf(path)) !== file.bytes) return false;
  return checked[file.path] === (file.sha256 ?? '') || matchesHash(path, file);
}

const LEDGER = '.swift-snapshot.json';

async function readLedger(folder: string): Promise<Ledger> {
  const text = await readFile(join(folder, LEDGER), 'utf8').catch(() => undefined);
  try {
    const { files, checked } = JSON.parse(text ?? '') as Ledger;
    return { files: files.map((file) => remoteFile({ ...file })), checked: { ...checked } };
  } catch {
    return { files: [], checked: {} }; // absent or damaged: files are checked again
  }
}

async function writeLedger(folder: string, ledger: Ledger): Promise<void> {
  await writeFileAtomic(join(folder, LEDGER), JSON.stringify(ledger));
}

async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    ({ size }) => size,
    () => undefined,
  );
}
