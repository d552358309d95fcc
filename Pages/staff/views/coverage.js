// How many kinds of places each community has, by class, and which it lacks: counts for now.

import { fill, h, said } from '/common/dom.js';
import { nameOf, word } from '/common/words.js';
import { fault, number, table, waiting } from '../parts.js';
import { communities, places, types } from '../records.js';

const CLASSES = ['basic', 'quality'];

/** The view. */
export async function coverage(body) {
  const told = h('span', null, word('loading'));
  fill(body, waiting(told));
  try {
    const [catalogue, areas, all] = await Promise.all([
      types(), communities(), places((count) => { told.textContent = word('places_read', number(count)); })]);
    fill(body, h('p', null, word('coverage_hint')), draw(catalogue, areas, all));
  } catch (error) {
    fill(body, fault(error, () => coverage(body)));
  }
}

function draw(catalogue, areas, all) {
  const counts = new Map(areas.map((one) => [one.id, new Map()]));
  let outside = 0;
  for (const place of all) {
    const own = counts.get(place.community);
    if (own) own.set(place.type, (own.get(place.type) ?? 0) + 1);
    else outside += 1;
  }
  const kinds = Object.fromEntries(CLASSES.map((one) => [one, catalogue.filter((type) => type.class === one)]));
  const sum = (own, list) => list.reduce((total, type) => total + (own.get(type.id) ?? 0), 0);
  const there = (own, list) => list.filter((type) => own.has(type.id));
  if (!areas.length) return h('p', null, word('no_communities'));
  return [
    table(word('view_coverage'), [word('community'), word('places_all'), ...CLASSES.flatMap((one) => [word(`class_${one}`), word('kinds_of', word(`class_${one}`))])],
      areas.map((area) => {
        const own = counts.get(area.id);
        return [h('a', { href: `#/coverage/${encodeURIComponent(area.id)}`, on: { click: (event) => {
          event.preventDefault();
          const section = document.getElementById(`area-${area.id}`);
          section.open = true;
          section.querySelector('summary').focus();
        } } }, said(nameOf(area))), number(sum(own, catalogue)), ...CLASSES.flatMap((one) => [number(sum(own, kinds[one])), share(there(own, kinds[one]).length, kinds[one].length)])];
      }), { class: 'folds linked' }),
    outside ? h('p.hint', null, word('outside', number(outside))) : null,
    areas.map((area) => {
      const own = counts.get(area.id);
      return h('details.area', { id: `area-${area.id}`, 'data-community': area.id }, h('summary', null, said(nameOf(area))),
        CLASSES.map((one) => {
          const lacking = kinds[one].filter((type) => !own.has(type.id));
          return h('div', null, h('h3', null, word(`class_${one}`)),
            h('p', null, h('b', null, word('there', there(own, kinds[one]).length)), word('colon'),
              there(own, kinds[one]).map((type) => `${nameOf(type)} ${own.get(type.id)}`).join(word('list')) || word('nothing')),
            h('p.lacking', null, h('b', null, h('span', { 'aria-hidden': 'true' }, lacking.length ? '✕ ' : '✓ '), word('lacking', lacking.length)), lacking.length ? word('colon') : null,
              lacking.map(nameOf).join(word('list'))));
        }));
    }),
  ];
}

function share(count, of) {
  return h('span.share', null, h('meter', { min: '0', max: String(of), value: String(count), 'aria-hidden': 'true' }), h('span', null, `${count} / ${of}`));
}
