/** Repositories of Hugging Face, or of a mirror named by HF_ENDPOINT. */
import type { Hub, SnapshotRequest } from '../contracts/hub.js';
import { isSwiftError } from '../errors.js';
import { download, inParallel, OtherContent, type Fetch } from './download.js';
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
import { commitOf, filesOf, type Access } from './hugging-face-api.js';
import { cacheFolder, RepositoryCache } from './hugging-face-cache.js';
import type { RemoteFile } from './remote-repository.js';

/**
 * Reads HF_ENDPOINT, HF_TOKEN, HF_HUB_CACHE, HF_HOME and HF_HUB_OFFLINE. A snapshot is a folder of links into the
 * cache; a commit that is complete there is not asked for again.
 */
export class HuggingFaceHub implements Hub {
  private readonly env: Readonly<Record<string, string | undefined>>;
  private readonly endpoint: string;
  private readonly fetch: Fetch;

  constructor(private readonly options: HubOptions = {}) {
    this.env = options.env ?? process.env;
    this.endpoint = endpointOf('HF_ENDPOINT', this.env.HF_ENDPOINT || 'https://huggingface.co');
    this.fetch = withToken(options.fetch ?? fetch, this.env.HF_TOKEN, this.endpoint);
  }

  async snapshot(request: SnapshotRequest): Promise<string> {
    const cache = new RepositoryCache(cacheFolder(this.env), request);
    const place: Place = {
      hub: 'Hugging Face',
      endpoint: this.endpoint,
      request,
      tokenVariable: 'HF_TOKEN',
    };
    if (isOn(this.env.HF_HUB_OFFLINE)) return this.fromCache(cache, place);
    try {
      return await this.fetched(cache, request);
    } catch (error) {
      if (isSwiftError(error)) throw error;
      if (error instanceof HttpError && [401, 403, 404].includes(error.status)) {
        throw notFound(place, error.status);
      }
      return this.insteadOfHub(cache, place, error);
    }
  }

  private async fetched(cache: RepositoryCache, request: SnapshotRequest): Promise<string> {
    const known = request.revision === undefined ? undefined : await cache.listing(request.revision);
    const commit = known ? (request.revision as string) : await commitOf(request, this.access());
    const files = known ?? (await this.listing(cache, request, commit));
    const accepted = files.filter(({ path }) => request.accept?.(path) ?? true);
    try {
      await inParallel(accepted, PARALLEL_FILES, (file) => this.obtain(cache, request, { commit, file }));
    } catch (error) {
      // A list that does not fit what the hub delivers is no list to keep.
      const isWrong = error instanceof OtherContent || (error instanceof HttpError && error.status === 404);
      if (isWrong) await cache.forgetListing(commit);
      throw error;
    }
    await cache.writeRef(commit);
    return cache.snapshot(commit);
  }

  private async listing(
    cache: RepositoryCache,
    request: SnapshotRequest,
    commit: string,
  ): Promise<RemoteFile[]> {
    const known = await cache.listing(commit);
    if (known) return known;
    const files = await filesOf(request, commit, this.access());
    await cache.writeListing(commit, files);
    return files;
  }

  private async obtain(
    cache: RepositoryCache,
    request: SnapshotRequest,
    { commit, file }: { commit: string; file: RemoteFile },
  ): Promise<void> {
    const { repo, type, onProgress } = request;
    const progress = (receivedBytes: number) =>
      onProgress?.({ file: file.path, receivedBytes, totalBytes: file.bytes });
    if (await cache.has(commit, file)) return progress(file.bytes);
    if (!(await cache.hasBlob(file))) {
      const kind = type === 'model' ? '' : 'datasets/';
      const path = file.path.split('/').map(encodeURIComponent).join('/');
      await download({
        url: `${this.endpoint}/${kind}${repo}/resolve/${commit}/${path}`,
        file,
        target: cache.blob(file),
        partial: `${cache.blob(file)}.incomplete`,
        fetch: this.fetch,
        headers: {},
        onBytes: progress,
        ...patienceOf(this.options),
      });
    }
    await cache.link(commit, file);
    progress(file.bytes);
  }

  /** To the hub's questions and answers, one of them at a time. */
  private access(): Access {
    return { endpoint: this.endpoint, fetch: patientFetch(this.fetch, patienceOf(this.options)) };
  }

  /** @throws SwiftError HUB_OFFLINE when the snapshot is absent or lacks files that are asked for */
  private async fromCache(cache: RepositoryCache, place: Place): Promise<string> {
    const commit = await cache.cachedCommit();
    if (commit === undefined) throw offline(place);
    // Without a listing another tool made the snapshot; that it is whole is then taken on trust.
    const missing: string[] = [];
    for (const file of (await cache.listing(commit)) ?? []) {
      const wanted = place.request.accept?.(file.path) ?? true;
      if (wanted && !(await cache.has(commit, file))) missing.push(file.path);
    }
    if (missing.length > 0) throw offline(place, missing);
    return cache.snapshot(commit);
  }

  private async insteadOfHub(cache: RepositoryCache, place: Place, error: unknown): Promise<string> {
    const folder = await this.fromCache(cache, place).catch(() => {
      throw unreachable(place, error);
    });
    const { repo } = place.request;
    const message = `${place.endpoint} cannot be reached (${reasonOf(error)}); using the cached copy of '${repo}'.`;
    warn(this.options, message);
    return folder;
  }
}
