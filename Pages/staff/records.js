// What several views need of the directory, kept until something changes.

import { currentLanguage } from '/common/words.js';
import { directory, everything } from './desk.js';

let kept = new Map();

/** Forgets what is kept: the directory has changed. */
export function forget() {
  kept = new Map();
}

async function once(key, ask) {
  if (!kept.has(key)) {
    const promise = ask();
    kept.set(key, promise);
    promise.catch(() => kept.delete(key));
  }
  return kept.get(key);
}

/** The service types, in the catalogue's order. */
export function types() {
  return once('types', async () => (await directory.get('/v1/types', { lang: currentLanguage() })).types);
}

/** The communities. */
export function communities() {
  return once('communities', async () => (await directory.get('/v1/communities', { lang: currentLanguage() })).communities);
}

/** All places that are there. */
export function places(onProgress) {
  return once('places', () => everything('/v1/places', 'places', { lang: currentLanguage() }, undefined, onProgress));
}

/** What a list of things with ids is called, by id. */
export function byID(things) {
  return new Map(things.map((thing) => [thing.id, thing]));
}
