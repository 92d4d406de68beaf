import type { DownloadProgress, Hub, SnapshotRequest } from '../contracts/hub.js';
import type { Log } from '../contracts/log.js';

/** Small files are not worth a line each. */
const WORTH_TELLING = 5e6;

/** Says how the downloads of another hub go: a line when a large file begins and at each further tenth. */
export class ReportingHub implements Hub {
  constructor(
    private readonly hub: Hub,
    private readonly log: Pick<Log, 'info'>,
  ) {}

  snapshot(request: SnapshotRequest): Promise<string> {
    const told = new Map<string, number>();
    const onProgress = (progress: DownloadProgress): void => {
      this.report(request.repo, progress, told);
      request.onProgress?.(progress);
    };
    return this.hub.snapshot({ ...request, onProgress });
  }

  private report(
    repo: string,
    { file, receivedBytes, totalBytes }: DownloadProgress,
    told: Map<string, number>,
  ): void {
    if (totalBytes < WORTH_TELLING) return;
    const tenth = Math.floor((10 * receivedBytes) / totalBytes);
    if ((told.get(file) ?? -1) >= tenth) return;
    told.set(file, tenth);
    this.log.info(`download: ${repo}/${file}: ${10 * tenth}% of ${(totalBytes / 1e6).toFixed(0)} MB`);
  }
}
