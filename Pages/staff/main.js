// The staff page: its frame, and the way from view to view.

import { fill, h } from '/common/dom.js';
import { currentLanguage, setLanguage, word } from '/common/words.js';
import './words.js';
import { directory, follow } from './desk.js';
import { button } from './parts.js';
import { forget } from './records.js';
import { coverage } from './views/coverage.js';
import { duplicates } from './views/duplicates.js';
import { freshness } from './views/freshness.js';
import { bring } from './views/import.js';
import { imports } from './views/imports.js';
import { map } from './views/map.js';
import { notices } from './views/notices.js';

const VIEWS = { import: bring, imports, duplicates, freshness, map, coverage, notices };

const main = document.querySelector('#view');
const banner = document.querySelector('#banner');
let current = null;
let revision = null;
let seen = null;
let isLarge = false;

function drawTop() {
  fill(document.querySelector('#top'),
    h('p.product', null, h('strong', null, word('staff_title')), h('span', { id: 'revision' }, revision ? word('revision', revision) : '')),
    h('div.switches', null,
      h('button', { type: 'button', 'aria-pressed': String(isLarge), 'data-key': 'large', on: { click: large } }, `${isLarge ? '✓ ' : ''}${word('large_text')}`),
      button(word('other_language'), speak, { lang: currentLanguage() === 'zh' ? 'en' : 'zh-CN', 'data-key': 'language' })));
}

function drawNav() {
  fill(document.querySelector('#nav'), h('ul', null, Object.keys(VIEWS).map((name) => h('li', null,
    h('a', { href: `#/${name}`, 'data-view': name, 'aria-current': name === current?.name ? 'page' : null }, word(`view_${name}`))))));
}

function large() {
  isLarge = !isLarge;
  document.documentElement.classList.toggle('large', isLarge);
  drawTop();
  document.querySelector('[data-key="large"]').focus();
}

function speak() {
  setLanguage(currentLanguage() === 'zh' ? 'en' : 'zh');
  directory.forget();
  forget();
  show();
  document.querySelector('[data-key="language"]').focus();
}

/** Draws the view that the address names. */
function show({ takesFocus = false } = {}) {
  const asked = location.hash.replace(/^#\//, '').split('/')[0];
  const name = asked in VIEWS ? asked : 'import';
  current?.controller.abort();
  const controller = new AbortController();
  current = { name, controller };
  seen = revision;
  document.documentElement.lang = currentLanguage() === 'zh' ? 'zh-CN' : 'en';
  document.title = `${word(`view_${name}`)} · ${word('staff_title')}`;
  document.querySelector('#skip').textContent = word('skip');
  drawTop();
  drawNav();
  const body = h('div.body');
  fill(main, h('h1', { tabindex: '-1' }, word(`view_${name}`)), body);
  VIEWS[name](body, controller.signal);
  if (takesFocus) main.querySelector('h1').focus();
  scrollTo(0, 0);
}

// --- What happens elsewhere

/** Milliseconds without an answer after which the command itself may have ended. Chosen, not measured: a restart takes less. */
const LONG = 12_000;
let patience;
directory.addEventListener('lost', () => {
  fill(banner, h('p.lost', null, word('lost')));
  clearTimeout(patience);
  patience = setTimeout(() => banner.append(h('p.lost.ended', null, word('lost_long'))), LONG);
});
directory.addEventListener('found', () => {
  clearTimeout(patience);
  fill(banner, h('p.found', null, word('found')));
  setTimeout(() => banner.replaceChildren(), 4000);
});

follow((now) => {
  if (!Number.isFinite(now)) return;
  revision = now;
  forget();
  document.querySelector('#revision').textContent = word('revision', now);
  // An import that is being looked at stays as it is; lists offer to be drawn again.
  if (seen !== null && seen !== now && current.name !== 'import' && !main.querySelector('.fresh')) {
    main.querySelector('h1').after(h('p.fresh', null, word('changed_elsewhere'), ' ', button(word('draw_again'), () => show())));
  }
});

document.querySelector('#skip').addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
window.addEventListener('hashchange', () => show({ takesFocus: true }));
window.addEventListener('dragover', (event) => event.preventDefault());
// A file that misses its box must not become the page.
window.addEventListener('drop', (event) => event.preventDefault());

show();
directory.get('/v1/health').then((health) => {
  revision = health.revision;
  seen ??= revision;
  // Only its number: whoever has come to a button of the frame by now stays on it.
  document.querySelector('#revision').textContent = word('revision', revision);
}).catch(() => {});
