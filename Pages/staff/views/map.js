// All places on one map, as dots that are drawn on canvas, and those without a point beside it.

import { fill, h, said } from '/common/dom.js';
import { TownMap } from '/common/map.js';
import { currentLanguage, nameOf, word } from '/common/words.js';
import { directory } from '../desk.js';
import { fault, field, inPieces, named, number, select, waiting } from '../parts.js';
import { byID, communities, places, types } from '../records.js';

/** How the two classes are drawn: a full dot and a ring, so that they differ without colour. */
const DOTS = {
  basic: { color: '#0b3d91', fillColor: '#2f6fe0', radius: 6, weight: 2, fillOpacity: 0.9 },
  quality: { color: '#8a3c00', fillColor: '#ffffff', radius: 6, weight: 4, fillOpacity: 0.9 },
};

/** The view. */
export async function map(body, signal) {
  const told = h('span', null, word('loading'));
  fill(body, waiting(told));
  try {
    const [catalogue, areas, all] = await Promise.all([
      types(), communities(), places((count) => { told.textContent = word('places_read', number(count)); })]);
    if (!signal.aborted) draw(body, signal, catalogue, areas, all);
  } catch (error) {
    fill(body, fault(error, () => map(body, signal)));
  }
}

function draw(body, signal, catalogue, areas, all) {
  const kinds = byID(catalogue);
  const regions = byID(areas);
  const chosen = { type: '', community: '' };
  const town = new TownMap({ credentials: 'same-origin', signal });
  const side = h('div.side');
  const picked = h('div.picked', { role: 'status' }, h('p.hint', null, word('pick_hint')));
  let dots = null;
  let canvas = null;

  const pick = (place) => fill(picked, h('h2', null, named(place)),
    h('dl', null, [['type', nameOf(kinds.get(place.type)) || place.type], ['community', nameOf(regions.get(place.community)) || '—'], ['address', place.address ?? '—'], ['hours', place.hours ?? '—'], ['id', place.id]]
      .map(([key, value]) => [h('dt', null, word(`field_${key}`)), h('dd', null, said(value))])));

  const isLacking = (place) => !place.location;
  const show = async () => {
    const wanted = all.filter((place) => (!chosen.type || place.type === chosen.type) && (!chosen.community || place.community === chosen.community));
    const placed = wanted.filter((place) => !isLacking(place));
    const lacking = wanted.filter(isLacking);
    fill(side, picked, h('h2', null, word('unplaced'), h('span.count', null, number(lacking.length))),
      lacking.length ? inPieces(lacking, (rows) => h('ul.list', { id: 'unplaced' }, rows.map((place) => h('li', null, button(place)))), 50) : h('p', null, word('none_unplaced')),
      h('details', null, h('summary', null, word('placed_list', number(placed.length))),
        inPieces(placed, (rows) => h('ul.list', null, rows.map((place) => h('li', null, button(place)))), 50)));
    if (!await town.made || signal.aborted) return;
    const { L } = town;
    dots?.remove();
    // One canvas for all: a second one over it would take its clicks.
    canvas ??= L.canvas({ padding: 0.3 });
    dots = L.layerGroup(placed.map((place) => L.circleMarker([place.location.lat, place.location.lon], {
      renderer: canvas, ...(DOTS[kinds.get(place.type)?.class] ?? DOTS.basic),
    }).on('click', () => pick(place)))).addTo(town.map);
    town.element.dataset.dots = String(placed.length);
    await town.fit(placed.map((place) => place.location));
  };

  function button(place) {
    return h('button.line', { type: 'button', on: { click: () => {
      pick(place);
      if (place.location) town.map?.setView([place.location.lat, place.location.lon], 17);
      picked.scrollIntoView({ block: 'nearest' });
    } } }, named(place), h('span.meta', null, nameOf(kinds.get(place.type)), place.address ? [' · ', said(place.address)] : null));
  }

  fill(body, h('div.choices', null,
    field(word('type'), select([['', word('all_types')], ...catalogue.filter((one) => one.places).map((one) => [one.id, `${nameOf(one)} (${one.places})`])], '', (value) => {
      chosen.type = value;
      show();
    }, { 'data-key': 'type' })),
    field(word('community'), select([['', word('all_communities')], ...areas.map((one) => [one.id, nameOf(one)])], '', async (value) => {
      chosen.community = value;
      await show();
      if (value) town.outline((await directory.get(`/v1/communities/${encodeURIComponent(value)}`, { lang: currentLanguage() }, { signal }).catch(() => ({}))).boundary);
    }))),
  h('div.with-side', null, h('div', null, town.node,
    h('p.key', null, h('span.dot.basic', { 'aria-hidden': 'true' }), word('class_basic'), ' ', h('span.dot.quality', { 'aria-hidden': 'true' }), word('class_quality'))), side));
  show();
}
