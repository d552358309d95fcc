// The directory as the desk asks it: reads that go on through a restart of the daemon, writes that are tried once, and
// registers that are sent with their progress.

import { Directory, Refusal } from '/common/api.js';

/** Reads; the session's cookie goes along. */
export const directory = new Directory('', { credentials: 'same-origin' });

/** Bytes of an answer file that are fetched at a time. Chosen, not measured. */
const PIECE = 4 << 20;
/** Entries to a page of a list: the most that the daemon gives. */
const PAGE = 500;

/** A problem of the daemon (RFC 9457) as an error. */
function refusal(status, text) {
  let problem = {};
  try {
    problem = JSON.parse(text);
  } catch {
    // No JSON: the status says what there is to say.
  }
  return new Refusal(status, problem.code ?? `http_${status}`, problem.title ?? `HTTP ${status}`, problem.advice);
}

/**
 * Changes something, once: whoever does not hear the answer looks before he tries again.
 *
 * @returns {Promise<object>} the answer's body
 * @throws {Refusal} what was refused; `status` 0 where there was no answer
 */
export async function change(method, path, body, headers = {}) {
  let response;
  try {
    response = await fetch(path, {
      method, credentials: 'same-origin', headers: { Accept: 'application/json', ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: body ? JSON.stringify(body) : undefined,
    });
  } catch (error) {
    throw new Refusal(0, 'cannot_connect', error.message);
  }
  const text = await response.text();
  if (!response.ok) throw refusal(response.status, text);
  return JSON.parse(text);
}

/**
 * Sends a register.
 *
 * @param {File} file
 * @param {object} words the words of the query
 * @param {object} options
 * @param {string} [options.key] the Idempotency-Key: the same file sent again with it is not taken in twice
 * @param {(share: number) => void} options.onProgress called with 0…1 of the file that is sent
 * @param {AbortSignal} options.signal ends the sending
 */
export function sendRegister(file, words, { key, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', directory.address('/v1/registers', words));
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.setRequestHeader('Content-Disposition', `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`);
    if (key) request.setRequestHeader('Idempotency-Key', key);
    request.upload.addEventListener('progress', (event) => onProgress(event.total ? event.loaded / event.total : 1));
    request.addEventListener('load', () => {
      if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText));
      else reject(refusal(request.status, request.responseText));
    });
    request.addEventListener('error', () => reject(new Refusal(0, 'cannot_connect', '')));
    request.addEventListener('abort', () => reject(new DOMException('no longer wanted', 'AbortError')));
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

/** Fetches an answer file piece by piece, until a piece is shorter than asked for. */
export async function answerFile(name, onProgress, signal) {
  const pieces = [];
  for (let offset = 0; ; offset += PIECE) {
    const response = await fetch(directory.address(`/v1/answers/${encodeURIComponent(name)}`, { offset, length: PIECE }),
      { credentials: 'same-origin', signal });
    if (!response.ok) throw refusal(response.status, await response.text());
    const piece = await response.blob();
    pieces.push(piece);
    onProgress(offset + piece.size);
    if (piece.size < PIECE) return new Blob(pieces, { type: 'application/octet-stream' });
  }
}

/** All entries of a list that comes in pages. */
export async function everything(path, list, words, signal, onProgress) {
  const found = [];
  for (let cursor; ;) {
    const page = await directory.get(path, { ...words, limit: PAGE, cursor }, { signal });
    found.push(...page[list]);
    onProgress?.(found.length);
    cursor = page.next;
    if (!cursor) return found;
  }
}

/** Follows what is changed, while the page is seen, and calls with the revision. */
export function follow(onChange) {
  let source = null;
  const look = () => {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource('/v1/changes?follow=yes');
      source.addEventListener('change', (event) => onChange(Number.parseInt(event.lastEventId, 10)));
    }
  };
  document.addEventListener('visibilitychange', look);
  look();
}
