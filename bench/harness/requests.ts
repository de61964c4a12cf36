import { Pool } from 'undici';

export interface RequestsOptions<T> {
  readonly url: string;
  readonly path: string;
  readonly perRequest: number;
  /** So many under way at once. */
  readonly atOnce: number;
  readonly bodyOf: (items: readonly T[]) => string;
}

export interface Requests<T> {
  add(item: T): void;
  /** Resolves when another request may be made. */
  room(): Promise<void>;
}

const sendAfterMillis = 500;

/** Sends what it is given in requests of a size, and an incomplete one after half a second. Repeats none. */
export function createRequests<T>({ url, path, perRequest, atOnce, bodyOf }: RequestsOptions<T>): Requests<T> {
  const pool = new Pool(url, { connections: atOnce });
  let open: T[] = [];
  let timer: NodeJS.Timeout | undefined;
  const underWay = new Set<Promise<void>>();

  async function post(items: readonly T[]): Promise<void> {
    const headers = { 'content-type': 'application/json', authorization: 'Bearer bench-token' };
    const { statusCode, body } = await pool.request({
      path,
      method: 'POST',
      headers,
      body: Buffer.from(bodyOf(items)),
    });
    await body.dump();
    if (statusCode !== 200) throw new Error(`the sink answered ${statusCode}`);
  }

  function send(): void {
    clearTimeout(timer);
    timer = undefined;
    const items = open;
    open = [];
    const request: Promise<void> = post(items).then(() => void underWay.delete(request));
    underWay.add(request);
  }

  return {
    add(item) {
      open.push(item);
      timer ??= setTimeout(send, sendAfterMillis);
      if (open.length === perRequest) send();
    },
    async room() {
      while (underWay.size >= atOnce) await Promise.race(underWay);
    },
  };
}
