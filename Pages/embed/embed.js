// The map in a frame of another page or of a mini-program's web view. What its address and its messages may say is
// written in docs/embed.md; a word or a message that is not there is answered with a fault, never guessed.

import { Directory } from '/common/api.js';
import { fill, h, plain } from '/common/dom.js';
import { TownMap } from '/common/map.js';
import { minutes, shown } from '/common/opening.js';
import { addWords, currentLanguage, setLanguage, word } from '/common/words.js';

addWords({
  embed_start: ['请在地址里给出 community、origin，或 lat 和 lon', 'Give community, origin, or lat and lon in the address'],
  embed_unknown: [(name) => `地址里的“${name}”不认识`, (name) => `“${name}” in the address is not known`],
  embed_value: [(name) => `地址里的“${name}”不对`, (name) => `“${name}” in the address is wrong`],
  embed_more: [(n) => `只标出前 ${n} 个`, (n) => `Only the first ${n} are shown`],
  embed_none: ['这里没有符合条件的地点', 'There is no such place here'],
});

/** Words of the address; others are a fault. */
const WORDS = new Set(['community', 'origin', 'lat', 'lon', 'type', 'class', 'profile', 'minutes', 'open', 'lang', 'reach', 'contrast', 'large', 'parent']);
/** Pins at most. */
const PINS = 200;

const directory = new Directory();
const main = document.querySelector('#map');
const line = document.querySelector('#said');

class Fault extends Error {}

/** What the address asks for. */
function read(query) {
  for (const name of query.keys()) if (!WORDS.has(name)) throw new Fault(word('embed_unknown', name));
  const number = (name, low, high) => {
    const text = query.get(name);
    if (text === null) return null;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high) throw new Fault(word('embed_value', name));
    return value;
  };
  const asked = {
    community: query.get('community'), origin: query.get('origin'), lat: number('lat', -90, 90), lon: number('lon', -180, 180),
    types: query.getAll('type'), class: query.get('class'), profile: query.get('profile'), minutes: number('minutes', 1, 60) ?? 15,
    open: query.get('open'), reach: query.get('reach') !== 'no', parent: query.get('parent'),
  };
  if (asked.parent && !(URL.canParse(asked.parent) && new URL(asked.parent).origin === asked.parent)) throw new Fault(word('embed_value', 'parent'));
  if (!asked.community && !asked.origin && (asked.lat === null || asked.lon === null)) throw new Fault(word('embed_start'));
  return asked;
}

// --- Messages. They go to the page around, to the origin that `parent` names, or, without it, to any: they hold
// nothing but what everybody may read. Messages come in from that origin alone where it is named.

let asked = null;

function tell(kind, more = {}) {
  if (window.parent === window) return;
  window.parent.postMessage({ quarter: 1, kind, ...more }, asked?.parent ?? '*');
}

function fault(text, code) {
  fill(line, h('span.fault', null, text));
  tell('fault', { code, text });
}

window.addEventListener('message', (event) => {
  if (event.source !== window.parent || window.parent === window) return;
  if (asked?.parent && event.origin !== asked.parent) return;
  const { data } = event;
  if (data?.quarter !== 1 || typeof data.kind !== 'string') return;
  const act = ACTS[data.kind];
  if (!act) {
    fault(`kind: ${plain(data.kind).slice(0, 40)}`, 'unknown_message');
    return;
  }
  Promise.resolve(act(data)).catch((error) => fault(error.message, error.code ?? 'page_fault'));
});

// --- The map

let controller = null;
let map = null;
let places = [];

/** Where one starts from, as words of a question; nothing for a community alone. */
function from() {
  return asked.origin ? { origin: asked.origin } : asked.lat !== null && asked.lon !== null ? { lat: asked.lat, lon: asked.lon } : null;
}

async function draw() {
  controller?.abort();
  controller = new AbortController();
  const { signal } = controller;
  map = new TownMap({ signal });
  fill(main, map.node);
  fill(line);
  const ask = (path, words) => directory.get(path, words, { signal });
  const start = from();
  let isCut = false;
  const common = { type: asked.types, lang: currentLanguage() };
  if (start) {
    const answer = await ask('/v1/reach', { ...start, ...common, class: asked.class, community: asked.community, profile: asked.profile, minutes: asked.minutes, open: asked.open, limit: PINS });
    places = answer.places;
    isCut = Boolean(answer.next);
    await map.here(answer.origin.location, answer.origin.name);
    if (asked.reach) {
      const limits = [asked.minutes / 3, (asked.minutes * 2) / 3, asked.minutes].map(Math.round).filter((value, index, all) => value > 0 && all.indexOf(value) === index);
      const bounds = await map.reach(await ask('/v1/isochrone', { ...start, profile: asked.profile, minutes: limits.join(',') }));
      if (bounds?.isValid()) map.map.fitBounds(bounds, { animate: false });
    }
  } else {
    const [community, found] = await Promise.all([
      ask(`/v1/communities/${encodeURIComponent(asked.community)}`, { lang: currentLanguage() }),
      ask('/v1/places', { ...common, community: asked.community, limit: PINS })]);
    isCut = Boolean(found.next);
    const kinds = asked.class ? new Set((await ask('/v1/types')).types.filter((type) => type.class === asked.class).map((type) => type.id)) : null;
    places = found.places.filter((place) => place.location && (!kinds || kinds.has(place.type)));
    await map.outline(community.boundary);
  }
  await map.pins(places.filter((place) => place.location).map((place, index) => ({
    number: index + 1, lat: place.location.lat, lon: place.location.lon, name: place.name,
    state: place.opening ? { closed: 'closed', suspended: 'closed', late: 'closed', unknown: 'unknown' }[shown(place.opening, place.walk?.seconds ?? 0).state] ?? 'open' : 'open',
    press: () => chosen(place),
  })));
  if (!places.length) fill(line, word('embed_none'));
  else if (isCut) fill(line, word('embed_more', places.length));
  tell('ready', { places: places.map(outside) });
}

/** A place as messages have it. */
function outside(place) {
  return {
    id: place.id, name: place.name, type: place.type, lat: place.location?.lat ?? null, lon: place.location?.lon ?? null,
    minutes: place.walk ? minutes(place.walk.seconds) : null, state: place.opening?.state ?? null,
  };
}

function chosen(place) {
  const seen = place.opening ? shown(place.opening, place.walk?.seconds ?? 0) : null;
  fill(line, h('strong', null, plain(place.name)), ' ',
    [place.walk ? word('on_foot', minutes(place.walk.seconds)) : null, seen ? `${seen.label}${seen.text ? ` ${seen.text}` : ''}` : null].filter(Boolean).join(word('comma')));
  tell('place', { place: outside(place) });
}

/** What the page around may ask. */
const ACTS = {
  // {kind: "show", type: [...], class, minutes, profile, open}: other places, the rest as it is.
  show: (data) => {
    if (data.type !== undefined) asked.types = [data.type].flat().map(String);
    for (const name of ['class', 'profile', 'open']) if (data[name] !== undefined) asked[name] = data[name] === null ? null : String(data[name]);
    if (data.minutes !== undefined) {
      const value = Number(data.minutes);
      if (!(value >= 1 && value <= 60)) throw new Fault(word('embed_value', 'minutes'));
      asked.minutes = value;
    }
    return draw();
  },
  // {kind: "route", to: ID}: the way to a place, from where the map starts.
  route: async (data) => {
    const start = from();
    if (!start) throw new Fault(word('embed_start'));
    const answer = await directory.get('/v1/route', { ...start, to: String(data.to), profile: asked.profile, lang: currentLanguage() }, { signal: controller.signal });
    await map.route(answer);
    tell('route', { to: answer.properties.to.id, metres: answer.properties.metres, seconds: answer.properties.seconds, steps: answer.properties.steps.map((step) => step.text) });
  },
  // {kind: "look", lat, lon, zoom}: look somewhere else.
  look: ({ lat, lon, zoom }) => {
    if (![lat, lon].every(Number.isFinite)) throw new Fault(word('embed_value', 'lat'));
    map.map.setView([lat, lon], Number.isFinite(zoom) ? zoom : map.map.getZoom());
  },
};

async function start() {
  const query = new URLSearchParams(location.search);
  setLanguage(query.get('lang'));
  document.documentElement.lang = currentLanguage() === 'en' ? 'en' : 'zh-CN';
  document.documentElement.classList.toggle('contrast', query.get('contrast') === 'yes');
  document.documentElement.classList.toggle('large', query.get('large') === 'yes');
  asked = read(query);
  await draw();
}

start().catch((error) => {
  if (error.name !== 'AbortError') fault(error instanceof Fault ? error.message : `${word('fault')}${word('stop')}${error.message}`, error.code ?? 'bad_address');
});
