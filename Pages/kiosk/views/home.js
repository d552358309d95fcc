// Home: where am I, the time, eight tiles, what closes soon, today's notices.

import { Refusal } from '/common/api.js';
import { fill, h, icon, said } from '/common/dom.js';
import { shown } from '/common/opening.js';
import { word } from '/common/words.js';
import { credits, dayOf, heading, load, placeRow, profileSwitch, toggle } from '../parts.js';
import { TILES, typesOf } from '../tiles.js';

/** Minutes before closing in which a place is shown on the home view; chosen, not measured. */
const CLOSING = 120;
/** Rows of that list: with the notices they stand on a screen of 1080 × 1920 without scrolling. */
const ROWS = 2;

/** The home view. */
export function home(app, words, signal) {
  const near = h('div.near-list');
  const notices = h('div.notice-list');
  const credit = h('div');
  const noticePart = h('section.notices', { 'aria-labelledby': 'h-notices', hidden: true },
    h('h2', { id: 'h-notices' }, icon('notice'), word('notices')), notices);
  const nearTitle = h('h2', { id: 'h-near' }, icon('clock'), word('closing_soon'));

  const tiles = h('ul.tiles', { 'aria-label': word('tiles') }, [...TILES, { id: 'more' }].map((tile) => {
    const types = tile.id === 'more' ? app.place.types : typesOf(tile, app.place.types);
    if (!types.length) return null;
    return h('li', null, h('button', {
      type: 'button', class: `tile tile-${tile.id}`, 'data-key': `tile-${tile.id}`,
      on: { click: () => (tile.id === 'more' ? app.go('types') : app.go('list', { tile: tile.id, types: types.map((type) => type.id) })) },
    }, h('span.tile-icon', null, icon(tile.id)), h('span.tile-name', null, word(`tile_${tile.id}`))));
  }));

  const node = h('div.home', null,
    h('div.home-first', null,
      h('h1.unseen', null, word('product')),
      h('button.search-field', { type: 'button', 'data-key': 'search-field', on: { click: () => app.go('search') } },
        icon('search'), h('span', null, word('search_field'))),
      tiles,
      h('div.home-switches', null,
        toggle(word('open_now'), app.choice.openNow, () => app.choose({ openNow: !app.choice.openNow }), { key: 'open-now' }),
        profileSwitch(app))),
    h('div.home-second', null,
      h('section.near', { 'aria-labelledby': 'h-near' }, nearTitle, near),
      noticePart, credit));

  load(app, near, signal, async (ask) => {
    const answer = await ask('/v1/reach', app.from({ open: 'arrival', limit: 200 }));
    const closing = answer.places
      .map((entry) => ({ entry, seen: shown(entry.opening, entry.walk.seconds) }))
      .filter(({ seen }) => seen.left !== null && seen.left >= 0 && seen.left <= CLOSING)
      .sort((a, b) => a.seen.left - b.seen.left || a.entry.walk.seconds - b.entry.walk.seconds)
      .map(({ entry }) => entry);
    const rows = closing.length ? closing : answer.places;
    fill(nearTitle, icon(closing.length ? 'clock' : 'pin'), word(closing.length ? 'closing_soon' : 'nearest_open'));
    fill(credit, credits(answer.attribution));
    return rows.length ? h('ul.rows', null, rows.slice(0, ROWS).map((entry) => placeRow(app, { ...entry, highlights: [] })))
      : h('p.none', null, word('nothing_open_near'));
  });

  (async () => {
    try {
      const answer = await app.directory.get('/v1/notices', { origin: app.place.origin?.id, lang: app.lang }, { signal });
      noticePart.hidden = false;
      const most = 2;
      fill(notices, answer.notices.length
        ? [h('ul.rows', null, answer.notices.slice(0, most).map((notice) => noticeRow(app, notice))),
          answer.notices.length > most
            ? h('button.wide', { type: 'button', on: { click: () => app.go('notices', { notices: answer.notices }) } },
              word('all_notices', answer.notices.length)) : null]
        : h('p.none', null, word('no_notices')));
    } catch (error) {
      // A daemon without notices says so; then there is no such part.
      if (error instanceof Refusal && error.status !== 404) {
        noticePart.hidden = false;
        fill(notices, h('p.none', null, word('fault'), word('stop'), word('fault_of', error.code)));
      }
    }
  })();

  return { title: word('product'), node, speech: () => [word('tiles'), ...TILES.map((tile) => word(`tile_${tile.id}`))] };
}

/** A notice as a large button. */
export function noticeRow(app, notice) {
  return h('li', null, h('button.row.notice-row', {
    type: 'button', 'data-key': `notice-${notice.id}`, on: { click: () => app.go('notice', { notice }) },
  },
  h('span.row-lead', null, icon(notice.urgent ? 'warning' : 'notice')),
  h('span.row-main', null,
    h('span.row-name', null, notice.urgent ? h('span.urgent', null, word('urgent')) : null, said(notice.title)),
    notice.until ? h('span.row-text.soft', null, word('notice_until', dayOf(app, notice.until))) : null)));
}

/** All notices. */
export function notices(app, { notices: all }) {
  return {
    title: word('notices'),
    node: h('div.page', null, heading(word('notices')), h('ul.rows', null, all.map((notice) => noticeRow(app, notice)))),
    speech: () => all.map((notice) => notice.title),
  };
}

/** One notice. */
export function notice(app, { notice: one }) {
  return {
    title: word('notice'),
    node: h('div.page.reading', null,
      heading(one.urgent ? h('span.urgent', null, word('urgent')) : null, said(one.title)),
      String(one.text ?? '').split('\n').filter(Boolean).map((line) => h('p.notice-text', null, said(line))),
      h('p.soft', null,
        [one.by ? word('notice_by', one.by) : null, one.to?.name ? word('notice_to', one.to.name) : null,
          one.until ? word('notice_until', dayOf(app, one.until)) : null].filter(Boolean).join(word('stop'))),
      one.place ? h('button.primary', { type: 'button', on: { click: () => app.go('detail', { id: one.place }) } },
        icon('pin'), word('go_there')) : null),
    speech: () => [one.title, one.text],
  };
}
