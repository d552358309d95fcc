// Detail: one place, in the order in which its module describes it.

import { fill, h, icon, said } from '/common/dom.js';
import { length, minutes, money, shown } from '/common/opening.js';
import { nameOf, word } from '/common/words.js';
import { clockOf, credits, dayOf, heading, highlights, load, profileName, profileSwitch, stateBadge, typeIcon } from '../parts.js';
import { shortName } from '../tiles.js';
import { rowSpeech } from './list.js';

/** Rows of a table that are shown at once. */
const ROWS = 8;
/** Days after which the date of a delivery is said as a warning. Chosen, not measured: half a year, as /v1/freshness. */
const STALE_DAYS = 183;

/** The detail of a place; `entry` is its row of a list, where it comes from one. */
export function detail(app, { id, entry }, signal) {
  const body = h('div.detail-body');
  const walk = h('div.walk-line');
  const title = heading(entry ? said(entry.name) : word('looking'));
  const node = h('div.page.detail', null, title, profileSwitch(app), walk, body);
  let spoken = entry ? [rowSpeech(entry)] : [];

  load(app, walk, signal, async (ask) => {
    try {
      const route = await ask('/v1/route', app.from({ to: id }));
      return walkLine(app, id, route.properties);
    } catch (error) {
      if (error.code !== 'unreachable') throw error;
      return h('p.problem-line', { role: 'status' }, icon('state-late'), word('unreachable_profile', profileName(app, app.profile)));
    }
  });

  load(app, body, signal, async (ask) => {
    const path = `/v1/places/${encodeURIComponent(id)}`;
    const place = await ask(path, { lang: app.lang });
    const [type, origin, way] = await Promise.all([
      app.type(place.type) ? ask(`/v1/types/${encodeURIComponent(place.type)}`, { lang: app.lang }) : null,
      ask(`/v1/provenance/${encodeURIComponent(id)}`, { lang: app.lang }),
      // The state is told as it will be on arrival; where there is no way the line above says so.
      ask('/v1/route', app.from({ to: id })).catch((error) => {
        if (error.status === 404 || error.status === 409 || error.status === 422) return null;
        throw error;
      }),
    ]);
    fill(title, said(place.name));
    document.title = place.name;
    const seen = shown(place.opening, way?.properties.seconds ?? 0);
    spoken = [place.name, nameOf(type), seen.text, ...place.highlights.map((line) => line.text)];
    return [
      h('p.type-line', null, typeIcon(app.type(place.type), place.type), shortName(nameOf(type)) || place.type),
      place.status !== 'active' ? h('p.problem-line', { role: 'status' }, icon('warning'), word('gone')) : null,
      staleness(app, origin),
      h('p.state-line', null, stateBadge(seen), h('span', null, seen.text)),
      highlights(place.highlights),
      hours(app, place),
      facts(app, place, type),
      related(app, place),
      checks(app, place, origin),
      credits(place.attribution),
    ];
  });

  return { title: entry?.name ?? word('product'), node, focus: title, speech: () => spoken };
}

function walkLine(app, id, way) {
  return [
    h('p.walk-words', null, icon('walk'), h('span.big', null, word('minute_count', minutes(way.seconds))),
      h('span.soft', null, length(way.metres))),
    h('div.actions', null,
      h('button.primary', { type: 'button', 'data-key': 'route', on: { click: () => app.go('route', { id, name: way.to.name }) } },
        icon('walk'), word('how_to_get_there')),
      h('button', { type: 'button', 'data-key': 'take', on: { click: () => app.go('take', { id, name: way.to.name }) } },
        icon('qr'), word('take_it'))),
  ];
}

// When each source delivered the place last; old data say so at once.
function staleness(app, origin) {
  const seen = lastSeen(origin);
  if (!seen || Date.now() - Date.parse(seen) < STALE_DAYS * 86400000) return null;
  return h('p.problem-line', { role: 'status' }, icon('warning'), word('is_stale', dayOf(app, seen)));
}

function lastSeen(origin) {
  const times = [...origin.sources.map((source) => source.seen), ...origin.confirmations.filter((one) => one.verdict === 'confirmed').map((one) => one.time)];
  return times.filter(Boolean).sort().at(-1) ?? null;
}

// The hours of seven days from today on; days off and make-up workdays by name.
function hours(app, place) {
  const { opening } = place;
  if (!opening.raw && !opening.week?.length) return null;
  const head = h('h2', null, icon('clock'), word('hours'));
  if (!opening.week?.length) {
    return h('section.card', null, head, h('p', null, said(opening.door ?? opening.raw)));
  }
  const today = clockOf(app);
  return h('section.card', null, head,
    opening.door ? h('p.soft', null, said(opening.door)) : null,
    h('table.week', null,
      h('caption.unseen', null, word('opening_week')),
      h('tbody', null, opening.week.map((day, index) => {
        const [, month, number] = day.date.split('-').map(Number);
        const isToday = index === 0 && number === today.day;
        const special = day.holiday ? word(day.day_off ? 'off_day' : 'make_up_day', day.holiday) : null;
        return h('tr', { class: isToday ? 'today' : null },
          h('th', { scope: 'row' }, isToday ? [icon('tick'), h('strong', null, word('today')), ' '] : null,
            word('weekdays')[day.weekday - 1], h('span.date', null, ' ', word('day', month, number))),
          h('td', null, h('div.spans', null,
            !day.spans.length && day.state !== 'closed' ? word(day.state === 'suspended' ? 'state_suspended' : 'state_unknown')
              : day.spans.length ? day.spans.map((span) => h('span.span', null, span.from === '00:00' && span.until === '24:00' ? word('all_day') : `${span.from}–${span.until}`))
                : h('span.off', null, word('closed_day')),
            special ? h('span.holiday', null, icon('calendar'), special) : null,
            day.confirmed === false ? h('span.soft', null, word('unconfirmed')) : null)));
      }))));
}

// Attributes in the module's order, each in the module's words; nothing that the place does not say.
function facts(app, place, type) {
  if (!type) return h('p.soft', null, word('unknown_type'));
  const parts = [];
  let simple = [];
  const flush = () => {
    if (simple.length) parts.push(h('dl.facts', null, simple));
    simple = [];
  };
  for (const attribute of type.attributes) {
    const value = place.attributes[attribute.key];
    if (value === undefined || value === null) continue;
    if (attribute.kind === 'rows') {
      flush();
      parts.push(table(app, attribute, value));
    } else {
      simple.push(h('div', null, h('dt', null, nameOf(attribute)), h('dd', null, shownValue(app, attribute, value))));
    }
  }
  flush();
  return parts.length ? h('section.card', null, parts) : null;
}

function optionName(attribute, key) {
  return nameOf(attribute.options?.find((option) => option.key === key)) || key;
}

/** A value in words, by the kind of its attribute. */
export function shownValue(app, attribute, value) {
  switch (attribute.kind) {
    case 'bool': return word(value ? 'yes' : 'no');
    case 'money': return money(value);
    case 'one_of': return said(optionName(attribute, value));
    case 'many_of': return value.map((key, index) => [index ? word('list') : '', said(optionName(attribute, key))]);
    case 'date': return dayOf(app, value);
    case 'whole':
    case 'decimal': {
      const unit = attribute.unit ? attribute.unit[app.lang] ?? attribute.unit.zh : '';
      return unit ? `${value}${app.lang === 'en' ? ' ' : ''}${unit}` : String(value);
    }
    default: return said(value);
  }
}

function table(app, attribute, rows) {
  const columns = attribute.row_columns.filter((column) => rows.some((row) => row[column.key] !== undefined && row[column.key] !== null));
  const line = (row) => h('tr', null, columns.map((column, index) => h(index ? 'td' : 'th', index ? { 'data-label': nameOf(column) } : { scope: 'row' },
    row[column.key] === undefined || row[column.key] === null ? '' : shownValue(app, column, row[column.key]))));
  const body = h('tbody', null, rows.slice(0, ROWS).map(line));
  const more = rows.length > ROWS ? h('button', { type: 'button', on: { click: () => {
    body.append(...rows.slice(ROWS).map(line));
    more.remove();
  } } }, word('rows_more', rows.length - ROWS)) : null;
  return h('div.table-part', null, h('h3', null, nameOf(attribute)),
    h('table.rows-table', null,
      h('caption.unseen', null, nameOf(attribute)),
      h('thead', null, h('tr', null, columns.map((column) => h('th', { scope: 'col' }, nameOf(column))))), body), more);
}

function related(app, place) {
  const facts_ = [
    place.address ? [word('address'), said(place.address)] : null,
    place.in ? [word('inside'), said(word('inside_of', place.in.name, place.room))] : null,
    // The daemon keeps service numbers only.
    place.phone ? [word('phone'), h('span.phone', null, icon('phone'), said(place.phone))] : null,
    place.run_by ? [word('run_by'), said(place.run_by.name)] : null,
    place.activities?.length ? [word('activities'), place.activities.map((one, index) => [index ? word('list') : '', said(one.name)])] : null,
  ].filter(Boolean);
  const inside = place.holds?.length ? h('div', null, h('h3', null, word('holds')),
    h('ul.links', null, place.holds.map((one) => h('li', null, h('button', { type: 'button', on: { click: () => app.go('detail', { id: one.id }) } }, said(one.name)))))) : null;
  if (!facts_.length && !inside) return null;
  return h('section.card', null,
    facts_.length ? h('dl.facts', null, facts_.map(([name, value]) => h('div', null, h('dt', null, name), h('dd', null, value)))) : null, inside);
}

// Who confirmed what and when, and when each source delivered it.
function checks(app, place, origin) {
  const said_ = place.confirmations.map((one) => h('li', null, icon(one.verdict === 'confirmed' ? 'tick' : 'warning'),
    said(word(one.verdict === 'confirmed' ? 'confirmed_by' : 'contested_by', word(`fact_${one.fact}`),
      one.party_name ?? word('some_party'), dayOf(app, one.time)), 'span')));
  const sources = origin.sources.filter((source) => source.present !== false).map((source) => h('li', null, icon('calendar'),
    said(word('delivered', source.title ?? source.source, dayOf(app, source.seen)), 'span')));
  return h('section.card', null, h('h2', null, word('checked')),
    h('ul.checks', null, said_.length ? said_ : h('li.soft', null, word('nobody_confirmed')), sources));
}

