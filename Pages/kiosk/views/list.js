// List: what is within a walk, with kinds, conditions and who walks; on wish with the map beside it.

import { fill, h, icon } from '/common/dom.js';
import { shown } from '/common/opening.js';
import { nameOf, word } from '/common/words.js';
import { credits, heading, load, placeRow, profileSwitch, toggle } from '../parts.js';
import { shortName } from '../tiles.js';
import { mapPart } from './map.js';

/** Minutes of a walk that the list begins with, and those that are asked where there is nothing. */
const MINUTES = 15;
const FURTHER = 30;
/** Rows to a page. */
const PAGE = 30;
/** Conditions that are shown at once. */
const CONDITIONS = 3;

/**
 * The list.
 *
 * @param {object} words `tile` or `title`, `types`, and what was chosen here: `type`, `where`, `map`
 */
export function list(app, words, signal) {
  const what = words.title ?? (words.tile ? word(`tile_${words.tile}`) : word('all_kinds'));
  const types = words.types.map((id) => app.type(id)).filter(Boolean);
  const chosen = words.type ? [words.type] : words.types;
  const where = words.where ?? {};
  const result = h('div.results');
  const conditions = h('div.toggles');
  const map = words.map ? mapPart(app, signal, {}) : null;
  const change = (more, options) => app.replace({ ...words, ...more }, options);

  const kinds = types.length > 1 ? h('div.choice', { role: 'group', 'aria-label': word('kinds') },
    toggle(word('all_types'), !words.type, () => stay(() => change({ type: null, where: {} }, { keepsFocus: true }), 'kind-all'), { key: 'kind-all' }),
    types.map((type) => toggle(shortName(nameOf(type)), words.type === type.id,
      () => stay(() => change({ type: type.id, where: {} }, { keepsFocus: true }), `kind-${type.id}`), { key: `kind-${type.id}` }))) : null;

  const head = h('div.list-head', null,
    h('div.title-line', null, heading(what),
      toggle(word('show_map'), Boolean(words.map), () => stay(() => change({ map: !words.map }, { keepsFocus: true }), 'map'), { key: 'map', before: icon('map') })),
    profileSwitch(app),
    kinds,
    h('div.toggles', { role: 'group', 'aria-label': word('filters') },
      toggle(word('open_now'), app.choice.openNow, () => app.choose({ openNow: !app.choice.openNow }), { key: 'open-now' }),
      conditions));
  const node = h('div', { class: map ? 'page list with-map' : 'page list' },
    map?.node ?? null, h('div.list-part', null, head, result));

  // The conditions of one type are its module's own facets.
  const single = chosen.length === 1 ? chosen[0] : null;
  if (single) showConditions();

  async function showConditions() {
    const type = await app.directory.get(`/v1/types/${encodeURIComponent(single)}`, { lang: app.lang }, { signal }).catch(() => null);
    if (!type || signal.aborted) return;
    const offered = [...type.attributes.filter((one) => one.facet), ...type.facets]
      .filter((one) => one.kind === 'bool' || (one.key === 'wheelchair' && one.kind === 'one_of'))
      .map((one) => ({
        key: one.key,
        label: one.kind === 'bool' ? nameOf(one)
          : `${nameOf(one)}${word('colon')}${nameOf(one.options.find((option) => option.key === 'yes')) || word('yes')}`,
        value: one.kind === 'bool' ? `${one.key}:eq:true` : `${one.key}:eq:yes`,
      }));
    const visible = words.allConditions ? offered : offered.filter((one, index) => index < CONDITIONS || where[one.key]);
    fill(conditions, visible.map((one) => toggle(one.label, Boolean(where[one.key]), () => {
      const next = { ...where };
      if (next[one.key]) delete next[one.key];
      else next[one.key] = { value: one.value, label: one.label };
      stay(() => change({ where: next }, { keepsFocus: true }), `where-${one.key}`);
    }, { key: `where-${one.key}` })),
    offered.length > visible.length || words.allConditions
      ? h('button', { type: 'button', 'data-key': 'all-conditions', on: { click: () => stay(() => change({ allConditions: !words.allConditions }, { keepsFocus: true }), 'all-conditions') } },
        word(words.allConditions ? 'fewer_filters' : 'more_filters')) : null);
    if (wantsFocus && document.activeElement === document.body) {
      conditions.querySelector(`[data-key="${CSS.escape(wantsFocus)}"]`)?.focus();
    }
  }

  const question = (more = {}) => app.from({
    type: chosen, where: Object.values(where).map((one) => one.value), minutes: MINUTES, limit: PAGE,
    open: app.choice.openNow ? 'arrival' : null, ...more,
  });

  let spoken = [];
  load(app, result, signal, async (ask) => {
    const answer = await ask('/v1/reach', question());
    spoken = answer.places.slice(0, 5);
    map?.show(answer.places, answer.origin);
    if (!answer.places.length) return nothing(ask, answer);
    const rows = h('ul.rows', null, answer.places.map((entry, index) => placeRow(app, entry, { number: index + 1, showsType: chosen.length > 1 })));
    const shownCount = h('p.count', { role: 'status' }, word(answer.next ? 'counted_more' : 'counted', answer.places.length, answer.minutes));
    return [shownCount, rows, more(answer, rows, shownCount, [...answer.places]), comesToYou(answer), credits(answer.attribution)];
  });

  function more(answer, rows, count, all) {
    if (!answer.next) return null;
    const button = h('button.wide', { type: 'button', 'data-key': 'more', on: { click: async () => {
      button.disabled = true;
      try {
        const next = await app.directory.get('/v1/reach', question({ cursor: answer.next }), { signal });
        for (const entry of next.places) {
          all.push(entry);
          rows.append(placeRow(app, entry, { number: all.length, showsType: chosen.length > 1 }));
        }
        map?.show(all, next.origin);
        count.textContent = word(next.next ? 'counted_more' : 'counted', all.length, next.minutes);
        answer.next = next.next;
        rows.children[all.length - next.places.length]?.querySelector('button')?.focus({ preventScroll: true });
        if (next.next) button.disabled = false;
        else button.remove();
      } catch (error) {
        // A cursor is of one revision: after a change the list is asked anew.
        if (error.name !== 'AbortError') app.again();
      }
    } } }, word('show_more'));
    return button;
  }

  function comesToYou(answer) {
    const here = new Set(answer.places.map((entry) => entry.id));
    const coming = (answer.comes_to_you ?? []).filter((entry) => !here.has(entry.id));
    return coming.length ? h('section', null, h('h2', null, icon('delivery'), word('comes_to_you')),
      h('ul.rows', null, coming.map((entry) => placeRow(app, entry)))) : null;
  }

  // Nothing: what was looked for, and what is a little further or not open.
  async function nothing(ask, answer) {
    const kind = words.type ? shortName(nameOf(app.type(words.type))) : what;
    const asked = Object.values(where).map((one) => one.label);
    const further = await ask('/v1/reach', question({ minutes: FURTHER, limit: 5 }));
    const closed = app.choice.openNow || asked.length
      ? await ask('/v1/reach', question({ open: null, where: [], limit: 5 })) : { places: [] };
    map?.show(further.places.length ? further.places : closed.places, answer.origin);
    const notOpen = closed.places.filter((entry) => shown(entry.opening, entry.walk.seconds).state !== 'open');
    return [
      h('div.nothing', { role: 'status' },
        h('p.strong', null, icon('search'), word(app.choice.openNow ? 'none_open_for' : 'none_for', kind, MINUTES)),
        asked.length ? h('p', null, word('with_conditions', asked.join(word('list')))) : null,
        asked.length ? h('button', { type: 'button', on: { click: () => change({ where: {} }) } }, word('without_conditions')) : null,
        app.choice.openNow ? h('button', { type: 'button', on: { click: () => app.choose({ openNow: false }) } }, word('include_closed')) : null),
      comesToYou(answer),
      further.places.length
        ? h('section', null, h('h2', null, icon('walk'), word('little_further', FURTHER)),
          h('ul.rows', null, further.places.map((entry, index) => placeRow(app, entry, { number: map ? index + 1 : undefined }))))
        : h('p.none', null, word('nothing_further', FURTHER)),
      notOpen.length ? h('section', null, h('h2', null, icon('clock'), word('not_open_now')),
        h('ul.rows', null, notOpen.map((entry) => placeRow(app, entry)))) : null,
      credits(answer.attribution),
    ];
  }

  return {
    title: what, node, focus: node.querySelector('h1'), ready: () => map?.ready(),
    speech: () => [what, ...spoken.map((entry) => rowSpeech(entry))],
  };
}

/** A row as a sentence. */
export function rowSpeech(entry) {
  return [entry.name, entry.walk ? word('on_foot', Math.max(1, Math.ceil(entry.walk.seconds / 60))) : null,
    entry.opening?.text, ...(entry.highlights ?? []).map((line) => line.text)].filter(Boolean).join(word('comma'));
}

let wantsFocus = null;

// A switch that was pressed keeps the focus when the view is drawn anew.
function stay(act, key) {
  wantsFocus = key;
  act();
  document.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}
