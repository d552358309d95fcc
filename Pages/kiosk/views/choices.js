// Views to choose from: all types, the settings of a small screen, and where this kiosk stands.

import { h, icon, said } from '/common/dom.js';
import { currentLanguage, nameOf, word } from '/common/words.js';
import { choice, heading, load, profileSwitch, toggle, typeIcon } from '../parts.js';
import { shortName } from '../tiles.js';

/** All types that the daemon has. */
export function types(app) {
  const part = (serviceClass) => {
    const all = app.place.types.filter((type) => type.class === serviceClass);
    return all.length ? h('section', null, h('h2', null, word(serviceClass)),
      h('ul.kinds', null, all.map((type) => h('li', null, h('button.kind', {
        type: 'button', 'data-key': `type-${type.id}`,
        on: { click: () => app.go('list', { title: shortName(nameOf(type)), types: [type.id] }) },
      }, typeIcon(type), h('span.kind-name', null, said(shortName(nameOf(type)))), h('span.soft', null, word('places_count', type.places))))))) : null;
  };
  const title = heading(word('all_kinds'));
  return { title: word('all_kinds'), focus: title, node: h('div.page', null, title, part('basic'), part('quality')),
    speech: () => app.place.types.map((type) => shortName(nameOf(type))) };
}

/** Who walks, size, colours, language. */
export function settings(app) {
  const title = heading(word('settings'));
  const part = (label, ...content) => h('section.card', null, h('h2', null, label), content);
  return {
    title: word('settings'), focus: title,
    node: h('div.page', null, title,
      part(word('profile'), profileSwitch(app)),
      part(word('text_size'), choice(word('text_size'), [{ id: false, label: word('size_normal') }, { id: true, label: word('size_large') }], app.choice.large, (large) => app.choose({ large }))),
      part(word('colours'), choice(word('colours'), [{ id: false, label: word('colours_normal') }, { id: true, label: word('colours_contrast') }], app.choice.contrast, (contrast) => app.choose({ contrast }))),
      part(word('language'), choice(word('language'), [{ id: 'zh', label: '中文' }, { id: 'en', label: 'English' }], currentLanguage(), (language) => app.speak(language))),
      part(word('open_now'), toggle(word('open_now_on'), app.choice.openNow, () => app.choose({ openNow: !app.choice.openNow }), { key: 'open-now' }))),
    speech: () => [word('settings')],
  };
}

/** For whoever sets the kiosk up: where it stands. */
export function setup(app, { fault }, signal) {
  const title = heading(word('choose_origin'));
  const body = h('div');
  load(app, body, signal, async (ask) => {
    let found = [];
    for (const kind of ['kiosk', 'gate', 'estate', 'building']) {
      const answer = await ask('/v1/origins', { kind, limit: 200, lang: app.lang });
      found = [...found, ...answer.origins];
      if (found.length) break;
    }
    const { communities } = await ask('/v1/communities', { lang: app.lang });
    if (!found.length) return h('p.none', null, icon('warning'), word('no_origins'));
    const community = (id) => nameOf(communities.find((one) => one.id === id));
    const groups = Map.groupBy(found, (origin) => origin.community ?? '');
    return [...groups].map(([id, origins]) => h('section', null, h('h2', null, said(community(id))),
      h('ul.rows', null, origins.map((origin) => h('li', null, h('button.row', {
        type: 'button', 'data-origin': origin.id, on: { click: () => app.dispatchEvent(new CustomEvent('origin', { detail: origin.id })) },
      }, h('span.row-lead', null, icon('pin')),
      h('span.row-main', null, h('span.row-name', null, said(nameOf(origin))),
        h('span.row-type', null, word(`kind_${origin.kind}`), ' · ', said(origin.id)))))))));
  });
  return {
    title: word('choose_origin'), focus: title,
    node: h('div.page', null, title, fault ? h('p.problem-line', { role: 'alert' }, icon('warning'), word('origin_unknown', fault)) : null,
      h('p.soft', null, word('choose_origin_how')), body),
    speech: () => [word('choose_origin')],
  };
}
