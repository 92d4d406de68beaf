/** A place that keeps model and dataset repositories: Hugging Face, ModelScope, a local folder. */
export interface Hub {
  /**
   * Makes a snapshot of a repository available as a local folder and returns its path.
   * Files already in the cache are not fetched again; a broken download resumes.
   * @throws SwiftError HUB_NOT_FOUND, HUB_UNREACHABLE, HUB_OFFLINE
   */
  snapshot(request: SnapshotRequest): Promise<string>;
}

export type RepoType = 'model' | 'dataset';

export interface SnapshotRequest {
  /** `owner/name`. */
  readonly repo: string;
  readonly type: RepoType;
  /** Branch, tag or commit; the hub's default branch when absent. */
  readonly revision?: string;
  /** Which files to take, by path inside the repository; all when absent. */
  readonly accept?: (path: string) => boolean;
  readonly onProgress?: (progress: DownloadProgress) => void;
}

export interface DownloadProgress {
  readonly file: string;
  readonly receivedBytes: number;
  readonly totalBytes: number;
}
