// Search: a pad of letters or of nine keys, results as one types, what was matched is marked. A key that leads nowhere
// is greyed: the daemon says which can come next.

import { Refusal } from '/common/api.js';
import { fill, h, icon, plain, said } from '/common/dom.js';
import { word } from '/common/words.js';
import { credits, placeRow, problem, toggle } from '../parts.js';

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const NINE = [['1', ''], ['2', 'ABC'], ['3', 'DEF'], ['4', 'GHI'], ['5', 'JKL'], ['6', 'MNO'], ['7', 'PQRS'], ['8', 'TUV'], ['9', 'WXYZ'], ['0', '']];
/** Minutes of a walk within which results have their minutes; farther ones stand behind with their distance. */
const MINUTES = 30;
const ROWS = 20;

/** The search view. */
export function search(app, words, signal) {
  let typed = words.typed ?? '';
  let asking = null;
  const narrow = matchMedia('(max-width: 700px)').matches;
  const pad = app.choice.pad ?? (narrow ? 'nine' : 'letters');

  const input = h('input.search-input', {
    type: 'text', id: 'search-input', autocomplete: 'off', autocapitalize: 'off', spellcheck: 'false', maxlength: '40',
    enterkeyhint: 'search', inputmode: pad === 'own' ? 'search' : 'none', 'data-key': 'search-input',
    'aria-label': word('search_label'), placeholder: word('search_field'),
    on: { input: () => enter(input.value, true) },
  });
  const results = h('div.results', { role: 'region', 'aria-label': word('search') });
  const count = h('p.count', { role: 'status', 'aria-live': 'polite' });
  const keys = new Map();
  const keyboard = pad === 'own' ? null : h('div', { class: `pad pad-${pad}`, role: 'group', 'aria-label': word('pad') });

  function key(value, label, more) {
    const button = h('button.key', { type: 'button', 'data-letter': value, on: {
      click: () => { if (button.getAttribute('aria-disabled') !== 'true') enter(typed + value); },
      // The field keeps the focus and the cursor while the pad is pressed with a finger.
      pointerdown: (event) => event.preventDefault(),
    } }, h('span', null, label), more ? h('small', null, more) : null);
    keys.set(value, button);
    return button;
  }
  if (keyboard) {
    fill(keyboard, pad === 'nine' ? NINE.map(([digit, letters]) => key(digit, digit, letters)) : LETTERS.map((letter) => key(letter, letter.toUpperCase())),
      h('button.key.wide-key', { type: 'button', 'data-key': 'erase', 'aria-label': word('erase'), on: { click: () => enter([...typed].slice(0, -1).join('')) } }, icon('erase')),
      h('button.key.wide-key', { type: 'button', 'data-key': 'clear', on: { click: () => enter('') } }, word('clear')));
  }
  const pads = h('div.choice', { role: 'group', 'aria-label': word('pad') },
    [['letters', 'letters'], ['nine', 'nine_keys'], ['own', 'own_keyboard']].map(([id, label]) =>
      toggle(word(label), pad === id, () => {
        app.current.words = { ...words, typed };
        app.choose({ pad: id });
        document.querySelector('#search-input')?.focus();
      }, { key: `pad-${id}` })));

  const node = h('div.page.search', null,
    h('h1.unseen', null, word('search')),
    h('div.search-line', null, icon('search'), input),
    h('div.search-panel', null, h('div.pad-part', null, pads, keyboard), h('div.search-results', null, count, results)));

  function enter(text, isFromField = false) {
    typed = text;
    if (!isFromField) input.value = text;
    app.current.words = { ...words, typed };
    look();
  }

  async function look() {
    asking?.abort();
    asking = new AbortController();
    const its = AbortSignal.any([signal, asking.signal]);
    const q = typed.trim();
    try {
      const [next, reached] = await Promise.all([
        app.directory.get('/v1/suggest', { q, origin: app.place.origin?.id, kind: 'place', lang: app.lang, limit: ROWS }, { signal: its }),
        q ? app.directory.get('/v1/reach', app.from({ q, minutes: MINUTES, limit: ROWS }), { signal: its }) : null,
      ]);
      if (its.aborted) return;
      grey(next.next_keys);
      if (!q) {
        fill(count, word('type_something'));
        fill(results);
        return;
      }
      const here = new Set(reached.places.map((entry) => entry.id));
      const farther = next.found.filter((entry) => entry.kind === 'place' && !here.has(entry.id));
      const all = here.size + farther.length;
      const isCut = reached.places.length === ROWS || next.found.length === ROWS;
      fill(count, all ? word(isCut ? 'found_more' : 'found_count', all) : word('found_none', plain(q)));
      fill(results,
        reached.places.length ? h('ul.rows', null, reached.places.map((entry) => placeRow(app, { ...entry, highlights: [] }, { match: entry.match }))) : null,
        farther.length ? h('section', null, h('h2', null, icon('walk'), word('found_further')),
          h('ul.rows', null, farther.map((entry) => placeRow(app, entry, { match: entry.match })))) : null,
        all ? null : h('p.none', null, said(word('type_something'), 'span')),
        credits(reached.attribution));
      app.restore();
    } catch (error) {
      if (its.aborted || error.name === 'AbortError') return;
      if (!(error instanceof Refusal)) console.error(error);
      fill(count);
      fill(results, problem(error, look));
    }
  }

  // A greyed key can still be reached and says why: it is not taken away from under a finger or the focus.
  function grey(next) {
    const open = new Set(next);
    for (const [value, button] of keys) {
      const leads = open.has(value);
      button.setAttribute('aria-disabled', String(!leads));
      button.setAttribute('aria-label', leads ? value.toUpperCase() : `${value.toUpperCase()} ${word('key_leads_nowhere')}`);
    }
  }

  // What is typed on a physical keyboard goes to the field wherever the focus is.
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.target === input) return;
    if (document.querySelector('dialog[open]')) return;
    if (event.key.length === 1 && /[\p{L}\p{N}]/u.test(event.key)) {
      event.preventDefault();
      input.focus();
      enter(typed + event.key);
    } else if (event.key === 'Backspace') {
      event.preventDefault();
      enter([...typed].slice(0, -1).join(''));
    }
  }, { signal });

  input.value = typed;
  look();
  return { title: word('search'), node, focus: input, speech: () => [count.textContent] };
}
