// Rows that look like a place that is there, and places that look like one: somebody decides.

import { fill, h, plain, said } from '/common/dom.js';
import { currentLanguage, nameOf, word } from '/common/words.js';
import { change, directory } from '../desk.js';
import { button, fault, field, metresBetween, named, remark, sure, tick, valueText, waiting } from '../parts.js';
import { byID, communities, forget, types } from '../records.js';

const FIELDS = ['name', 'type', 'address', 'location', 'hours', 'phone', 'community', 'organisation', 'room', 'attributes'];

/** The view. */
export async function duplicates(body, signal) {
  const state = h('div', { role: 'status' });
  const held = h('section', { 'aria-label': word('rows_waiting') });
  const pairs = h('section', { 'aria-label': word('pairs') });
  let withMaybe = false;
  fill(body, h('p', null, word('duplicates_hint')), state, held, pairs, part(signal));
  let names;
  fill(held, waiting());
  try {
    const [catalogue, areas] = await Promise.all([types(), communities()]);
    names = { type: byID(catalogue), community: byID(areas) };
  } catch (error) {
    return fill(held, fault(error));
  }

  const decide = async (words, done, draw) => {
    try {
      await change('POST', '/v1/duplicates', words);
      forget();
      fill(state, remark('good', done));
      await draw();
      state.scrollIntoView({ block: 'nearest' });
    } catch (error) {
      fill(state, fault(error));
      state.scrollIntoView({ block: 'nearest' });
    }
  };

  const drawHeld = async () => {
    fill(held, h('h2', null, word('rows_waiting')), waiting());
    try {
      const page = await directory.get('/v1/duplicates', { limit: 20, lang: currentLanguage() }, { signal });
      fill(held, h('h2', null, word('rows_waiting'), h('span.count', null, page.waiting)),
        page.rows.length ? page.rows.map((row) => heldCard(row)) : h('p', null, word('no_row_waits')),
        page.next ? h('p.hint', null, word('more_after_these', page.waiting - page.rows.length)) : null);
    } catch (error) {
      fill(held, h('h2', null, word('rows_waiting')), fault(error, drawHeld));
    }
  };

  const heldCard = (row) => h('article.pair', { 'data-row': row.row, 'aria-label': `${word('row')} ${row.row}` },
    h('p.meta', null, word('held_from', row.row, row.source, row.file)),
    row.candidates.length ? row.candidates.map((candidate) => h('div', null,
      compare([word('new_row'), row.place], [word('known_place'), candidate.place], candidate, names),
      h('div.row', null, button(word('join'), () => decide({ decision: 'join', row: row.row, place: candidate.place.id }, word('joined', nameOf(candidate.place)), drawHeld),
        { kind: 'primary', 'data-decide': 'join' })))) : h('p', null, word('candidate_gone')),
    h('div.row', null, button(word('apart'), () => decide({ decision: 'apart', row: row.row }, word('kept_apart', nameOf(row.place)), drawHeld), { 'data-decide': 'apart' })));

  const drawPairs = async () => {
    const heading = () => h('h2', null, word('pairs'));
    const box = tick(word('also_maybe'), withMaybe, (value) => {
      withMaybe = value;
      drawPairs();
    }, { 'data-key': 'maybe' });
    fill(pairs, heading(), box, waiting());
    try {
      const list = await directory.get('/v1/duplicate-places', { limit: 20, sure: withMaybe ? 'maybe' : 'same', lang: currentLanguage() }, { signal });
      fill(pairs, h('h2', null, word('pairs'), h('span.count', null, list.count)), box,
        list.pairs.length ? list.pairs.map(pairCard) : h('p', null, word('no_pairs')),
        list.count > list.pairs.length ? h('p.hint', null, word('more_after_these', list.count - list.pairs.length)) : null);
    } catch (error) {
      fill(pairs, heading(), box, fault(error, drawPairs));
    }
  };

  const pairCard = ({ one, other }) => {
    const join = async (stays, goes) => {
      if (!await sure(word('join_title'), word('join_text', nameOf(stays), stays.id, goes.id), word('join'))) return;
      await decide({ decision: 'join', place: stays.id, other: goes.id }, word('joined', nameOf(stays)), drawPairs);
    };
    return h('article.pair', { 'data-pair': `${one.id} ${other.place.id}`, 'aria-label': `${nameOf(one)} / ${nameOf(other.place)}` },
      compare([word('first_place'), one], [word('second_place'), other.place], other, names),
      h('div.row', null,
        button(word('join_first'), () => join(one, other.place), { kind: 'primary', 'data-decide': 'join' }),
        button(word('join_second'), () => join(other.place, one)),
        button(word('apart'), () => decide({ decision: 'apart', place: one.id, other: other.place.id }, word('kept_apart', nameOf(one)), drawPairs), { 'data-decide': 'apart' })));
  };

  await Promise.all([drawHeld(), drawPairs()]);
}

/** Two things beside each other, what differs marked; how likely it is that they are one, and why. */
function compare([leftWords, left], [rightWords, right], likeness, names) {
  const metres = metresBetween(left.location, right.location);
  const text = (thing, key) => (key in names && thing[key] ? nameOf(names[key].get(thing[key])) || thing[key] : valueText(key === 'name' ? nameOf(thing) : thing[key]));
  const rows = FIELDS.map((key) => [key, text(left, key), text(right, key)]).filter(([, one, other]) => one !== '—' || other !== '—');
  return h('div.compare', null,
    h('p.likeness', null, h('strong', null, word('likely', Math.floor(likeness.confidence * 100))),
      metres === null ? null : h('span', null, word('metres_apart', metres))),
    h('ul.evidence', null, likeness.evidence.map((one) => h('li', null, said(one)))),
    h('div.scroll', { tabindex: '0', role: 'region', 'aria-label': `${word('side_by_side')} ${plain(left.id)} ${plain(right.id)}` }, h('table', null,
      h('thead', null, h('tr', null, h('th', { scope: 'col' }, word('field')), h('th', { scope: 'col' }, leftWords), h('th', { scope: 'col' }, rightWords))),
      h('tbody', null, rows.map(([key, one, other]) => {
        // What only one of them says is no contradiction.
        const differs = one !== other && one !== '—' && other !== '—';
        return h('tr', { class: differs ? 'differs' : null }, h('th', { scope: 'row' }, differs ? h('span', { 'aria-hidden': 'true' }, '≠ ') : null,
          word(`field_${key}`), differs ? h('span.unseen', null, word('differs')) : null), h('td', null, said(one)), h('td', null, said(other)));
      })))));
}

/** Parting what was joined: a source's words about a place become a place of their own. */
function part(signal) {
  const found = h('div', { role: 'status' });
  const typed = h('input', { type: 'search', autocomplete: 'off', 'data-key': 'part-search' });
  const look = async () => {
    if (!typed.value.trim()) return;
    fill(found, waiting());
    try {
      const answer = await directory.get('/v1/search', { q: typed.value.trim(), kind: 'place', limit: 10, lang: currentLanguage() }, { signal });
      const places = await Promise.all(answer.found.map((one) => directory.get(`/v1/places/${encodeURIComponent(one.id)}`, { lang: currentLanguage() }, { signal })));
      const several = places.filter((place) => place.sources.length > 1);
      fill(found, several.length ? several.map((place) => h('article.pair', null, h('h3', null, named(place)), h('ul', null, place.sources.map((source) => h('li.row', null,
        said(`${source.source} · ${source.key}`), button(word('part'), async () => {
          if (!await sure(word('part_title'), word('part_text', source.source, nameOf(place)), word('part'))) return;
          try {
            await change('POST', '/v1/duplicates', { decision: 'part', place: place.id, source: source.source, key: source.key });
            forget();
            fill(found, remark('good', word('parted', nameOf(place))));
          } catch (error) {
            fill(found, fault(error));
          }
        }, { 'data-decide': 'part' })))))) : h('p', null, word('none_of_several')));
    } catch (error) {
      fill(found, fault(error, look));
    }
  };
  typed.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') look();
  });
  return h('section', { 'aria-label': word('part_heading') }, h('h2', null, word('part_heading')), h('p.hint', null, word('part_hint')),
    h('div.row.bottom', null, field(word('place_name'), typed), button(word('search'), look)), found);
}
