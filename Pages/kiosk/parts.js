// Parts that several views are made of.

import { Refusal } from '/common/api.js';
import { fill, h, icon, marked, plain, said } from '/common/dom.js';
import { length, minutes, shown } from '/common/opening.js';
import { nameOf, word } from '/common/words.js';
import { OFFERED_PROFILES } from './app.js';
import { shortName } from './tiles.js';

/** Icons of the sprite for service types; others get the first character of their name. */
const DRAWN = new Set(('convenience_store supermarket wet_market fresh_grocery breakfast laundry hair_beauty photo_print '
  + 'housekeeping repair pharmacy post_parcel parcel_locker recycling front_warehouse car_wash elder_care '
  + 'specialty_dining bakery bookshop gym childcare training travel wellness flower_gift tea_coffee pet canteen library '
  + 'volunteer_tutoring community_centre clinic ev_charging toilet complex activity_room').split(' '));

/** The icon of a service type. */
export function typeIcon(type, id = type?.id) {
  if (id && DRAWN.has(id)) return h('span.type-icon', { 'aria-hidden': 'true' }, icon(`type-${id}`));
  const first = [...plain(nameOf(type) || '·')][0] ?? '·';
  return h('span.type-icon.letter', { 'aria-hidden': 'true' }, first);
}

/** An opening state as a shape, a word and a colour. */
export function stateBadge(seen) {
  return h('span', { class: `state ${seen.state}` }, icon(`state-${seen.shape}`), seen.label);
}

/** A view's heading; it takes the focus when the view comes. */
export function heading(...children) {
  return h('h1', { tabindex: '-1' }, children);
}

/** A switch. */
export function toggle(label, isOn, onPress, { key, kind = 'button.toggle', before } = {}) {
  return h(kind, {
    type: 'button', 'aria-pressed': String(isOn), 'data-key': key ?? label, on: { click: onPress },
  }, isOn ? icon('tick') : before ?? null, h('span', null, label));
}

/** Chips of which one is chosen. */
export function choice(label, options, chosen, onChoose) {
  return h('div.choice', { role: 'group', 'aria-label': label },
    options.map((option) => toggle(option.label, option.id === chosen, () => onChoose(option.id),
      { key: `choice-${label}-${option.id}`, before: option.icon ? icon(option.icon) : null })));
}

const PROFILE_ICONS = { standard: 'adult', elder: 'elder', pushchair: 'pushchair', wheelchair: 'wheelchair', frail: 'frail' };

/** What a profile is called. */
export function profileName(app, id) {
  return OFFERED_PROFILES.includes(id) ? word(`profile_${id}`)
    : nameOf(app.place.profiles.find((profile) => profile.id === id)) || id;
}

/** Who walks. */
export function profileSwitch(app) {
  const known = app.place.profiles.map((profile) => profile.id);
  const offered = OFFERED_PROFILES.filter((id) => known.includes(id));
  // The kiosk's own profile is always among them.
  if (!offered.includes(app.profile)) offered.unshift(app.profile);
  return choice(word('profile'),
    offered.map((id) => ({ id, label: profileName(app, id), icon: PROFILE_ICONS[id] ?? 'adult' })), app.profile,
    (id) => app.choose({ profile: id }));
}

/** The lines that a module says of a place. */
export function highlights(lines) {
  if (!lines?.length) return null;
  return h('span.highlights', null, lines.map((line) =>
    h('span', { class: `highlight ${line.tone}` },
      line.tone === 'caution' ? icon('state-soon') : null, said(line.text))));
}

/**
 * A place of a list, as one large button.
 *
 * @param {App} app
 * @param {object} entry as /v1/reach gives it
 * @param {object} [options]
 * @param {number} [options.number] the number of its pin
 * @param {object} [options.match] what of its name was matched
 */
export function placeRow(app, entry, { number, match, showsType = true } = {}) {
  const type = app.type(entry.type);
  const seen = entry.opening ? shown(entry.opening, entry.walk?.seconds ?? 0) : null;
  const isName = match?.field === 'name' && match.to > match.from;
  return h('li', null, h('button.row', {
    type: 'button', 'data-key': `place-${entry.id}`, 'data-place': entry.id,
    on: { click: () => app.go('detail', { id: entry.id, entry }) },
  },
  h('span.row-lead', null, number ? h('span.number', null, number) : null, typeIcon(type, entry.type)),
  h('span.row-main', null,
    h('span.row-name', null, isName ? marked(match.text, match.from, match.to) : said(entry.name)),
    showsType || (match && !isName) ? h('span.row-type', null,
      shortName(nameOf(type)) || entry.type,
      match && !isName && match.text
        ? [' · ', marked(match.text, match.from, match.to)] : null) : null,
    seen ? h('span.row-state', null, stateBadge(seen), h('span.row-text', null, seen.text)) : null,
    highlights(entry.highlights)),
  h('span.row-walk', null, entry.walk
    ? [h('span.big', null, minutes(entry.walk.seconds)), h('span', null, word('minute_unit')),
      h('span.soft', null, length(entry.walk.metres))]
    : entry.distance_metres !== undefined ? h('span.soft', null, word('straight', length(entry.distance_metres)))
      : h('span.soft', null, icon('delivery')))));
}

/** What is shown while an answer is awaited. */
export function waiting() {
  return h('p.waiting', { role: 'status' }, h('span.dots', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), word('looking'));
}

/** A fault, said as one: never an empty list. */
export function problem(error, again) {
  const isRefusal = error instanceof Refusal;
  const known = { unreachable: 'unreachable', no_network: 'no_network', origin_off_network: 'off_network' }[error?.code];
  return h('div.problem', { role: 'alert', 'data-code': isRefusal ? error.code : 'page_fault' },
    icon('warning'),
    h('div', null,
      h('p.strong', null, word(known ?? 'fault')),
      known ? null : h('p', null, said(error?.message ?? '')),
      known ? null : h('p.soft', null, word('fault_of', isRefusal ? error.code : 'page_fault')),
      again ? h('button', { type: 'button', on: { click: again } }, word('try_again')) : null));
}

/**
 * Fills an element with what an answer says, goes on asking while the daemon is away, and says what is the matter.
 *
 * @param {App} app
 * @param {HTMLElement} element
 * @param {AbortSignal} signal ends it, when the view goes
 * @param {(ask: (path: string, words?: object) => Promise<object>) => Promise<Node|Node[]>} make asks, and makes
 *     what is shown
 */
export async function load(app, element, signal, make) {
  const patience = setTimeout(() => {
    if (!signal.aborted && !element.childElementCount) fill(element, waiting());
  }, 120);
  const attempt = async (isOld) => {
    // What was known the last time is shown while there is no answer; the banner says from when it is.
    const ask = (path, words) => app.directory.get(path, words, {
      signal,
      onLost: (kept) => {
        if (!kept || isOld) return;
        make(async (path_, words_) => {
          const old = app.directory.kept(path_, words_);
          if (!old) throw new DOMException('not kept', 'AbortError');
          return old.body;
        }).then((node) => {
          if (!signal.aborted && !app.directory.isThere) fill(element, node);
        }).catch(() => {});
      },
    });
    const node = await make(ask);
    if (signal.aborted) return;
    fill(element, node);
    app.restore();
  };
  try {
    await attempt(false);
  } catch (error) {
    if (signal.aborted || error.name === 'AbortError') return;
    if (!(error instanceof Refusal)) console.error(error);
    fill(element, problem(error, () => {
      fill(element, waiting());
      load(app, element, signal, make);
    }));
  } finally {
    clearTimeout(patience);
  }
}

/** Days and times by the clock of this place. */
export function clockOf(app, moment = new Date()) {
  const parts = Object.fromEntries(new Intl.DateTimeFormat('en-GB', {
    timeZone: app.place.zone, year: 'numeric', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit',
    weekday: 'short', hourCycle: 'h23',
  }).formatToParts(moment).map((part) => [part.type, part.value]));
  return {
    year: Number(parts.year), month: Number(parts.month), day: Number(parts.day),
    time: `${parts.hour}:${parts.minute}`,
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(parts.weekday),
  };
}

/** A day in words: 11月26日, or with its year where that is another. */
export function dayOf(app, text) {
  const moment = new Date(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T12:00:00Z` : text);
  if (Number.isNaN(moment.getTime())) return plain(text);
  const day = /^\d{4}-\d\d-\d\d$/.test(text)
    ? { year: moment.getUTCFullYear(), month: moment.getUTCMonth() + 1, day: moment.getUTCDate() } : clockOf(app, moment);
  return day.year === clockOf(app).year ? word('day', day.month, day.day) : word('day_of_year', day.year, day.month, day.day);
}

/** Whom to credit for the data; the licence of a map wants it seen. */
export function credits(texts) {
  const all = [...new Set((texts ?? []).filter(Boolean))];
  return all.length ? h('p.credits', null, all.map((text, index) => [index ? ' · ' : '', said(text)])) : null;
}
