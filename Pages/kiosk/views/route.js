// The way to a place: as a line, and in words; and what a person can take along.

import { TownMap } from '/common/map.js';
import { h, icon, plain, said } from '/common/dom.js';
import { length, minutes } from '/common/opening.js';
import { word } from '/common/words.js';
import { credits, heading, load, profileName, profileSwitch } from '../parts.js';
import { quiet } from './map.js';

/** Bytes of a text that a code can hold and a telephone still reads from a screen; chosen, not measured: version 20 of 40. */
const CODE_BYTES = 800;

/** The way. */
export function route(app, { id, name }, signal) {
  const title = heading(said(word('route', name ?? '')));
  const body = h('div.route-words');
  const words = Promise.withResolvers();
  const map = new TownMap({ signal, begin: words.promise });
  const node = h('div.page.route', null, h('div.route-head', null, title, profileSwitch(app)), map.node, body);
  let spoken = [];
  load(app, body, signal, async (ask) => {
    const answer = await ask('/v1/route', app.from({ to: id }));
    const way = answer.properties;
    const last = answer.geometry.coordinates.at(-1);
    map.here(way.origin.location, way.origin.name).then(() => map.route(answer))
      .then(() => last && map.pins([{ number: '★', lat: last[1], lon: last[0], name: way.to.name, state: 'open', press: () => {} }])).catch(quiet);
    // The steps are what a person waits for; the map comes in the next turn.
    setTimeout(words.resolve);
    spoken = [summary(app, way), ...way.steps.map((step) => step.text)];
    return [
      h('div.route-summary', null, icon('walk'), h('strong', null, summary(app, way)),
        h('button.primary', { type: 'button', 'data-key': 'take', on: { click: () => app.go('take', { id, name: way.to.name }) } },
          icon('qr'), word('take_it'))),
      h('h2', null, word('steps')),
      h('ol.steps', null, way.steps.map((step, index) => h('li', null,
        h('span.number', null, index + 1), h('span', null, said(step.text))))),
      credits(way.attribution),
    ];
  });
  return { title: word('how_to_get_there'), node, focus: title, speech: () => spoken };
}

function summary(app, way) {
  return word('route_summary', length(way.metres), minutes(way.seconds), profileName(app, way.profile));
}

/** The place as a geo: link (RFC 5870, WGS-84). */
export function geoLink({ lat, lon }) {
  return `geo:${lat.toFixed(6)},${lon.toFixed(6)}`;
}

/** The way as a text of a few lines, at most `CODE_BYTES` long. */
export function wayText(app, way) {
  const lines = [
    plain(way.to.name), word('from', plain(way.origin.name ?? '')), summary(app, way),
    ...way.steps.map((step, index) => `${index + 1}. ${plain(step.text)}`),
  ];
  const encoder = new TextEncoder();
  const kept = [];
  let bytes = 0;
  for (const line of lines) {
    bytes += encoder.encode(`${line}\n`).length;
    if (bytes > CODE_BYTES) {
      kept.push(word('shortened'));
      break;
    }
    kept.push(line);
  }
  return kept.join('\n');
}

/** What can be taken along: two codes and a print. */
export function take(app, { id, name }, signal) {
  const title = heading(word('take_it'), word('colon'), said(name ?? ''));
  const body = h('div.take-body');
  const node = h('div.page.take', null, title, body);
  let spoken = [];
  load(app, body, signal, async (ask) => {
    const [answer, place] = await Promise.all([
      ask('/v1/route', app.from({ to: id })), ask(`/v1/places/${encodeURIComponent(id)}`, { lang: app.lang })]);
    const way = answer.properties;
    const text = wayText(app, way);
    const link = geoLink(place.location);
    spoken = [word('qr_place_how'), word('qr_steps_how')];
    return [
      h('p.soft', null, word('qr_without_internet')),
      h('div.codes', null,
        code(app, signal, 'place', link, word('qr_place'), word('qr_place_how'), link),
        code(app, signal, 'steps', text, word('qr_steps'), word('qr_steps_how'), null)),
      h('section.card.paper', null,
        h('h2', null, said(place.name)),
        place.address ? h('p', null, said(place.address)) : null,
        place.opening?.door ? h('p', null, said(place.opening.door)) : null,
        place.phone ? h('p', null, icon('phone'), ' ', said(place.phone)) : null,
        h('p', null, said(word('from', way.origin.name ?? ''))),
        h('p.strong', null, summary(app, way)),
        h('ol.steps', null, way.steps.map((step, index) => h('li', null, h('span.number', null, index + 1), h('span', null, said(step.text)))))),
      h('div.actions', null, h('button.primary', { type: 'button', 'data-key': 'print', on: { click: () => print() } }, icon('print'), word('print'))),
      credits(way.attribution),
    ];
  });
  return { title: word('take_it'), node, focus: title, speech: () => spoken };
}

// A code is drawn by the daemon. While it is away the picture is asked for again; a daemon that cannot make one is told of.
function code(app, signal, id, text, name, how, shownText) {
  const address = app.directory.address('/v1/qr', { text });
  const image = h('img', { alt: `${name}${word('colon')}${text}`, 'data-code': id, 'data-text': text });
  const missing = h('p.problem-line', { hidden: true, role: 'status' }, icon('warning'), word('qr_missing'));
  image.addEventListener('error', () => {
    missing.hidden = false;
    if (!signal.aborted) setTimeout(() => { if (!signal.aborted) image.src = address; }, 1500);
  });
  image.addEventListener('load', () => { missing.hidden = true; });
  image.src = address;
  return h('figure.code', null, image, missing, h('figcaption', null, h('strong', null, name), h('span', null, how),
    shownText ? h('span.mono', null, shownText) : null));
}
