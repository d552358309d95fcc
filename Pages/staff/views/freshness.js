// Places that nobody has confirmed for some months, by building captain, and the word of whoever has looked.

import { fill, h, said } from '/common/dom.js';
import { currentLanguage, nameOf, word } from '/common/words.js';
import { change, directory } from '../desk.js';
import { button, fault, field, inPieces, moment, named, number, remark, select, waiting } from '../parts.js';
import { byID, communities, forget, types } from '../records.js';

const MONTHS = [0, 1, 3, 6, 12, 24];
const FACTS = ['status', 'hours', 'phone', 'address', 'name', 'location'];

/** The view. */
export async function freshness(body, signal) {
  const chosen = { months: 6, community: '', fact: 'status', party: '' };
  const list = h('div.fresh-list');
  const state = h('div', { role: 'status' });
  let names;
  fill(body, waiting());
  try {
    const [catalogue, areas] = await Promise.all([types(), communities()]);
    names = { types: byID(catalogue), communities: byID(areas) };
  } catch (error) {
    return fill(body, fault(error));
  }
  const parties = h('datalist', { id: 'parties' });
  fill(body, h('p', null, word('freshness_hint')),
    h('div.choices', null,
      field(word('months_without'), select(MONTHS.map((one) => [String(one), word('months', one)]), String(chosen.months), (value) => {
        chosen.months = Number(value);
        draw();
      }, { 'data-key': 'months' })),
      field(word('community'), select([['', word('all_communities')], ...[...names.communities.values()].map((one) => [one.id, nameOf(one)])], '', (value) => {
        chosen.community = value;
        draw();
      })),
      field(word('fact'), select(FACTS.map((one) => [one, word(`fact_${one}`)]), chosen.fact, (value) => { chosen.fact = value; }, { 'data-key': 'fact' })),
      field(word('party'), h('input', { type: 'text', list: 'parties', autocomplete: 'off', spellcheck: 'false', 'data-key': 'party',
        on: { input: (event) => { chosen.party = event.target.value.trim(); } } }), word('party_hint')), parties),
    state, list);

  const say = async (place, verdict, row) => {
    const party = chosen.party || place.captain || undefined;
    try {
      const reply = await change('POST', `/v1/confirmations/${encodeURIComponent(place.id)}`, { fact: chosen.fact, verdict, party });
      forget();
      state.replaceChildren();
      fill(row, remark(verdict === 'confirmed' ? 'good' : 'soon', said(currentLanguage() === 'zh' ? reply.text : word('said_by', nameOf(place), reply.party_name ?? reply.party, verdict))));
    } catch (error) {
      fill(state, fault(error));
      state.scrollIntoView({ block: 'nearest' });
    }
  };

  const card = (place) => {
    const acts = h('div.row', null, button(word('confirm'), () => say(place, 'confirmed', acts), { kind: 'primary', 'data-confirm': place.id }),
      button(word('contest'), () => say(place, 'contested', acts), { 'data-contest': place.id }));
    return h('li.place', { 'data-place': place.id }, h('div', null, h('p', null, h('strong', null, named(place)), ' ', nameOf(names.types.get(place.type))),
      h('p.meta', null, [nameOf(names.communities.get(place.community)) || null, place.address].filter(Boolean).map((one) => [said(one), ' ']),
        place.confirmed ? [word('last_word', place.months), ' ', moment(place.confirmed), ' ', said(place.by)] : word('never_confirmed'))), acts);
  };

  const draw = async () => {
    fill(list, waiting());
    try {
      const answer = await directory.get('/v1/freshness', { months: chosen.months, community: chosen.community, lang: currentLanguage() }, { signal });
      const captains = new Map();
      for (const place of answer.places) {
        const key = place.captain ?? '';
        if (!captains.has(key)) captains.set(key, { name: place.captain_name, places: [] });
        captains.get(key).places.push(place);
      }
      fill(parties, [...captains].filter(([id]) => id).map(([id, one]) => h('option', { value: id }, one.name)));
      fill(list, h('p.figure', null, h('strong', null, number(answer.places.length)), ' ', word('of_places', number(answer.among))),
        answer.places.length ? [...captains].map(([id, one]) => h('section', { 'aria-label': one.name ?? word('no_captain') },
          h('h2', null, id ? said(one.name ?? id) : word('no_captain'), h('span.count', null, number(one.places.length))),
          inPieces(one.places, (rows) => h('ul.cards', null, rows.map(card)), 50))) : remark('good', word('all_fresh')));
    } catch (error) {
      fill(list, fault(error, draw));
    }
  };
  await draw();
}
