// Asks the daemon, and goes on asking while it restarts. What was last answered is kept in memory, to be shown with
// its time while there is no newer answer; nothing is written to any storage.

/** How long one answer may take, in milliseconds. Chosen, not measured: answers take some milliseconds. */
const PATIENCE = 8000;
/** Waits before the next try, in milliseconds; a restart of the daemon takes about a second. */
const WAITS = [200, 400, 800, 1500, 2500];
/** Answers that are kept. */
const KEPT = 200;

/** What the daemon refused, with its code and words; `status` 0 where it could not be reached. */
export class Refusal extends Error {
  constructor(status, code, title, advice) {
    super(title);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.advice = advice ?? null;
  }
}

/** One daemon, asked by one page. */
export class Directory extends EventTarget {
  #kept = new Map();
  #isThere = true;
  #lost = null;

  /**
   * @param {string} base what stands before each path; nothing for the page's own server
   * @param {object} [options]
   * @param {string} [options.credentials] "same-origin" where a cookie opens the server, as on the staff page
   */
  constructor(base = '', { credentials = 'omit' } = {}) {
    super();
    this.base = base;
    this.credentials = credentials;
  }

  /** Whether the last request was answered. */
  get isThere() {
    return this.#isThere;
  }

  /** Since when there has been no answer, as milliseconds; null while there is one. */
  get lostSince() {
    return this.#lost;
  }

  /** Forgets the answers that were kept. */
  forget() {
    this.#kept.clear();
  }

  /** The path with its words; words without a value are left out, lists stand once for each member. */
  address(path, words = {}) {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries(words)) {
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one !== null && one !== undefined && one !== '') query.append(key, one);
      }
    }
    const text = query.toString();
    return this.base + path + (text ? `?${text}` : '');
  }

  /** What was last answered to this, as {body, time}; undefined where nothing is kept. */
  kept(path, words) {
    return this.#kept.get(this.address(path, words));
  }

  /**
   * Asks until there is an answer.
   *
   * @param {string} path such as "/v1/reach"
   * @param {object} [words] the words of the query
   * @param {object} [options]
   * @param {AbortSignal} [options.signal] ends the asking
   * @param {(kept: {body: object, time: number}|null) => void} [options.onLost] called once when the daemon
   *     cannot be reached, with what it said the last time
   * @returns {Promise<object>} the answer's body
   * @throws {Refusal} what the daemon refused; asking again would not help
   */
  async get(path, words = {}, { signal, onLost } = {}) {
    const address = this.address(path, words);
    for (let tries = 0; ; tries += 1) {
      try {
        const body = await this.#once(address, signal);
        this.#keep(address, body);
        this.#arrived();
        return body;
      } catch (error) {
        if (signal?.aborted) throw new DOMException('no longer wanted', 'AbortError');
        if (error instanceof Refusal && !error.mayPass) {
          this.#arrived();
          throw error;
        }
        this.#missed();
        if (tries === 0) onLost?.(this.#kept.get(address) ?? null);
        await pause(WAITS[Math.min(tries, WAITS.length - 1)], signal);
      }
    }
  }

  async #once(address, signal) {
    const patience = AbortSignal.timeout(PATIENCE);
    const response = await fetch(address, {
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
      headers: { Accept: 'application/json' },
      cache: 'no-cache',
      credentials: this.credentials,
    });
    if (response.ok) return response.json();
    const problem = await response.json().catch(() => ({}));
    const refusal = new Refusal(response.status, problem.code ?? `http_${response.status}`,
      problem.title ?? `HTTP ${response.status}`, problem.advice);
    // A daemon that is starting or ending says so; so does whatever stands in front of it.
    refusal.mayPass = [408, 429, 502, 503, 504].includes(response.status);
    throw refusal;
  }

  #keep(address, body) {
    this.#kept.delete(address);
    this.#kept.set(address, { body, time: Date.now() });
    if (this.#kept.size > KEPT) this.#kept.delete(this.#kept.keys().next().value);
  }

  #arrived() {
    if (this.#isThere) return;
    this.#isThere = true;
    this.#lost = null;
    this.dispatchEvent(new Event('found'));
  }

  #missed() {
    if (!this.#isThere) return;
    this.#isThere = false;
    this.#lost = Date.now();
    this.dispatchEvent(new Event('lost'));
  }
}

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    function stop() {
      clearTimeout(timer);
      reject(new DOMException('no longer wanted', 'AbortError'));
    }
    signal?.addEventListener('abort', stop, { once: true });
  });
}
